import pytest

from core.errors import InfrastructureError, InvalidAnswer, InvalidSpec
from graders.knowledge.essay import EssayGrader

grader = EssayGrader()
INDEXES = {
    "min_words": 3,
    "max_words": 5,
    "model_answer": "They speed up reading and slow down writing.",
    "rubric": [
        {"id": "gain", "text": "Names what is gained.", "points": 2, "guidance": "Reading, sorting."},
        {"id": "cost", "text": "Names what it costs.", "points": 3},
    ],
}


def test_an_essay_is_for_a_reviewer_and_never_graded_by_a_program():
    grader.check_spec(INDEXES)
    assert grader.manual
    with pytest.raises(InfrastructureError):
        grader.validate_submission(INDEXES, {"text": "Reads faster, writes slower."})


@pytest.mark.parametrize("text", ["one two three", "one two three four five", " one\ntwo\tthree "])
def test_a_text_within_the_limits_is_taken(text):
    grader.check_answer(INDEXES, {"text": text})


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"text": ""},
        {"text": " \n\u200b"},
        {"text": "too short"},
        {"text": "this is a little bit too long"},
        {"text": "one two \0 three"},
        {"text": "one two three", "points": 5},
        {"text": ["one", "two", "three"]},
        {"text": "x " * 25_001},
        None,
    ],
)
def test_a_blank_or_malformed_answer_is_refused(answer):
    with pytest.raises(InvalidAnswer):
        grader.check_answer(INDEXES, answer)


def test_learners_see_the_criteria_and_neither_guidance_nor_model_answer():
    assert grader.redact(INDEXES) == {
        "min_words": 3,
        "max_words": 5,
        "rubric": [
            {"id": "gain", "text": "Names what is gained.", "points": 2},
            {"id": "cost", "text": "Names what it costs.", "points": 3},
        ],
    }


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        (INDEXES | {"rubric": []}, "spec.rubric"),
        (INDEXES | {"rubric": INDEXES["rubric"][:1] * 2}, "spec.rubric"),
        (INDEXES | {"min_words": 6}, "spec.min_words"),
        (INDEXES | {"model_answer": "\0"}, "spec.model_answer"),
        (INDEXES | {"rubric": [{"id": "a", "text": "x", "points": 0}]}, "spec.rubric.0.points"),
        (INDEXES | {"rubric": [{"id": "a", "text": "x", "points": 2, "step": 0.3}]}, "spec.rubric.0.step"),
    ],
)
def test_a_spec_that_cannot_be_reviewed_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert list(refusal.value.errors) == [field]
