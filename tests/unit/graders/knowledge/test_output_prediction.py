import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from graders.knowledge.output_prediction import CREDIT, OutputPredictionGrader, printed_lines
from graders.knowledge.wording import is_blank

grader = OutputPredictionGrader()
LOOP = {
    "language": "python",
    "source": "for i in range(3):\n    print(i)",
    "output": "0\n1\n2\n",
    "wrong": [{"output": "1\n2\n3", "feedback": "range begins at 0."}],
}

outputs = st.text("ab \n\t.", min_size=1, max_size=30).filter(lambda text: not is_blank(text))


def score(spec: dict, text: str) -> float:
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"text": text})
    return result.score


@pytest.mark.parametrize(
    ("text", "whole", "each_line"),
    [
        ("0\n1\n2", 1.0, 1.0),
        ("0 \r\n1\t\r\n2\r\n\r\n", 1.0, 1.0),
        ("0\n1\n2\n3", 0.0, 0.75),
        ("1\n2", 0.0, 2 / 3),
        (" 0\n1\n2", 0.0, 2 / 3),
        ("0 1 2", 0.0, 0.0),
        ("\n0\n1\n2", 0.0, 0.75),
    ],
)
def test_white_space_that_nobody_sees_is_free_and_each_line_can_earn_its_share(text, whole, each_line):
    assert score(LOOP, text) == whole
    assert score(LOOP | {"credit": "each_line"}, text) == pytest.approx(each_line)


def test_a_known_wrong_output_is_told_why():
    (result,) = grader.validate_submission(LOOP, {"text": "1\n2\n3\n"})
    assert result.feedback == "Not right. range begins at 0."


@given(outputs, outputs, st.sampled_from(CREDIT))
def test_a_score_lies_between_0_and_1_and_only_the_output_scores_1(output, text, credit):
    spec = {"source": "x", "output": output, "credit": credit}
    assert 0 <= score(spec, text) <= 1
    assert (score(spec, text) == 1) == (printed_lines(text) == printed_lines(output))
    assert score(spec, output) == 1


def test_the_redaction_shows_the_program_and_not_its_output():
    assert grader.redact(LOOP | {"stdin": "7\n"}) == {
        "language": "python",
        "source": LOOP["source"],
        "stdin": "7\n",
        "credit": "all_or_nothing",
    }


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"text": ""},
        {"text": " \n\n"},
        {"text": 0},
        {"text": "\0"},
        {"text": "x" * 4001},
        {"text": "\n".join("x" * 201)},
        {"output": "0"},
        None,
    ],
)
def test_a_blank_or_malformed_answer_is_refused(answer):
    with pytest.raises(InvalidAnswer):
        list(grader.validate_submission(LOOP, answer))


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        (LOOP | {"output": "\n \n"}, "spec.output"),
        (LOOP | {"output": "\n".join("x" * 201)}, "spec.output"),
        (LOOP | {"source": ""}, "spec.source"),
        (LOOP | {"wrong": [{"output": "0\n1\n2 ", "feedback": "No."}]}, "spec.wrong.0.output"),
        (LOOP | {"wrong": [{"output": "0"}]}, "spec.wrong.0"),
        (LOOP | {"credit": "each_pair"}, "spec.credit"),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert field in refusal.value.errors
