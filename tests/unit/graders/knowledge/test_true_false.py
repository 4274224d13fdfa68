import pytest

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import Verdict
from graders.knowledge.true_false import TrueFalseGrader

grader = TrueFalseGrader()


@pytest.mark.parametrize("correct", [True, False])
@pytest.mark.parametrize("value", [True, False])
def test_the_right_word_scores_1_and_the_other_0(correct, value):
    spec = {"correct": correct}
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"value": value})
    assert result.score == float(value == correct)
    assert result.verdict is (Verdict.ACCEPTED if value == correct else Verdict.WRONG_ANSWER)


@pytest.mark.parametrize(
    ("value", "feedback"), [(True, "Not right. Think of 2."), (False, "Right. Because of 2.")]
)
def test_the_learner_reads_the_feedback_for_what_they_said(value, feedback):
    spec = {"correct": False, "feedback": {"right": "Because of 2.", "wrong": "Think of 2."}}
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"value": value})
    assert result.feedback == feedback


def test_nothing_of_the_spec_is_shown():
    assert grader.redact({"correct": True, "feedback": {"right": "Yes."}}) == {}


@pytest.mark.parametrize(
    "answer",
    [{}, {"value": None}, {"value": 1}, {"value": "true"}, {"value": ""}, {"value": True, "x": 1}, True, []],
)
def test_a_blank_or_malformed_answer_is_refused(answer):
    with pytest.raises(InvalidAnswer):
        list(grader.validate_submission({"correct": True}, answer))


@pytest.mark.parametrize(
    "spec", [{}, {"correct": 1}, {"correct": "true"}, {"correct": True, "feedback": {"other": "x"}}, None]
)
def test_a_spec_that_cannot_be_graded_is_refused(spec):
    with pytest.raises(InvalidSpec):
        grader.check_spec(spec)
