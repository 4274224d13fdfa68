"""What holds for every knowledge kind, whichever they are: a kind without a sample fails here."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import GradeReport, Queue, Verdict
from graders.registry import GRADERS
from tests.unit.graders.knowledge.samples import MARK, SAMPLES

KINDS = sorted(kind for kind, grader in GRADERS.items() if grader.queue is Queue.KNOWLEDGE)
GRADED = [kind for kind in KINDS if not GRADERS[kind].manual]
# Field names and numbers that stand in keys only; a learner who can read one of them can read the key.
SECRET_FIELDS = {"correct", "weight", "feedback", "accept", "wrong", "pattern", "example", "similarity"}
SECRET_FIELDS |= {"value", "absolute", "close", "order", "pairs", "indent", "after", "distractor", "output"}
SECRET_FIELDS |= {"model_answer", "guidance"}
SECRET_NUMBERS = ["0.71825", "0.57721", "0.31415", "31415.9265", "8.57721", "0.95125", "17"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def grade(kind: str, answer: Any) -> GradeReport:
    grader, spec = GRADERS[kind], SAMPLES[kind].spec
    return grader.summarise(spec, list(grader.validate_submission(spec, answer)))


def refusal(kind: str, answer: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidAnswer) as caught:
        GRADERS[kind].check_answer(SAMPLES[kind].spec, answer)
    return caught.value.errors


def keys_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys_of(item)


def assert_tells_nothing(told: Any) -> None:
    text = json.dumps(told, ensure_ascii=False)
    assert MARK not in text.upper()
    assert "kilofeet" not in text
    assert [number for number in SECRET_NUMBERS if number in text] == []


def test_every_kind_has_a_sample():
    assert sorted(SAMPLES) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_is_valid_and_carries_its_secrets(kind):
    GRADERS[kind].check_spec(SAMPLES[kind].spec)
    assert SECRET_FIELDS & set(keys_of(SAMPLES[kind].spec))


@pytest.mark.parametrize("kind", GRADED)
def test_the_key_scores_1_and_wrong_answers_less(kind):
    right = grade(kind, SAMPLES[kind].right)
    assert (right.score, right.verdict) == (1.0, Verdict.ACCEPTED)
    for answer in SAMPLES[kind].wrong:
        report = grade(kind, answer)
        assert 0 <= report.score < 1
        assert report.verdict in (Verdict.WRONG_ANSWER, Verdict.PARTIALLY_ACCEPTED)


@pytest.mark.parametrize("kind", KINDS)
def test_no_redaction_tells_the_key(kind):
    grader, spec = GRADERS[kind], SAMPLES[kind].spec
    for shown in (grader.redact(spec), grader.arrange(grader.redact(spec), "17:4")):
        assert_tells_nothing(shown)
        assert SECRET_FIELDS & set(keys_of(shown)) == set()


@pytest.mark.parametrize("kind", GRADED)
def test_no_result_of_a_wrong_answer_tells_the_key(kind):
    for answer in SAMPLES[kind].wrong:
        assert_tells_nothing(grade(kind, answer).as_dict())


@pytest.mark.parametrize("kind", KINDS)
def test_no_refusal_of_an_answer_tells_the_key(kind):
    for answer in SAMPLES[kind].bad:
        errors = refusal(kind, answer)
        assert all(field.startswith("answer") for field in errors)
        assert_tells_nothing(errors)


@pytest.mark.parametrize("kind", KINDS)
def test_blank_and_foreign_answers_are_refused(kind):
    for answer in ({}, [], None, "", "x", 0, True, {"selected_": []}, SAMPLES[kind].right | {"score": 1}):
        assert_tells_nothing(refusal(kind, answer))


@pytest.mark.parametrize("kind", KINDS)
@given(noise=json_values)
def test_no_answer_whatever_breaks_a_grader(kind, noise):
    (field,) = GRADERS[kind].answer_schema["required"]
    for answer in (noise, {field: noise}):
        try:
            GRADERS[kind].check_answer(SAMPLES[kind].spec, answer)
        except InvalidAnswer as error:
            assert_tells_nothing([key for key in error.errors if not key.startswith("answer")])
        else:
            if kind in GRADED:
                assert 0 <= grade(kind, answer).score <= 1


@pytest.mark.parametrize("kind", KINDS)
@given(noise=json_values, data=st.data())
def test_no_spec_whatever_breaks_a_grader(kind, noise, data):
    spec = deepcopy(SAMPLES[kind].spec)
    spec[data.draw(st.sampled_from(sorted(GRADERS[kind].spec_schema["properties"])))] = noise
    with suppress(InvalidSpec):
        GRADERS[kind].check_spec(spec)
        json.dumps(GRADERS[kind].redact(spec))


@pytest.mark.parametrize("kind", KINDS)
def test_neither_grading_nor_redacting_changes_the_spec_or_the_answer(kind):
    sample = deepcopy(SAMPLES[kind])
    shown = GRADERS[kind].redact(sample.spec)
    before = deepcopy(shown)
    GRADERS[kind].arrange(shown, "17:4")
    if kind in GRADED:
        GRADERS[kind].summarise(
            sample.spec, list(GRADERS[kind].validate_submission(sample.spec, sample.right))
        )
    assert (sample, shown) == (SAMPLES[kind], before)


@pytest.mark.parametrize("kind", GRADED)
def test_an_answer_gets_the_same_report_every_time(kind):
    for answer in (SAMPLES[kind].right, *SAMPLES[kind].wrong):
        assert grade(kind, answer) == grade(kind, answer)


@pytest.mark.parametrize("kind", GRADED)
def test_answers_can_be_counted(kind):
    """Each has values, which do not depend on the order of keys, and what is offered covers what is chosen."""
    grader, sample = GRADERS[kind], SAMPLES[kind]
    offered = grader.offered_values(sample.spec)
    for answer in (sample.right, *sample.wrong):
        values = grader.answer_values(sample.spec, answer)
        assert values
        assert all(isinstance(value, str) for said in values.values() for value in said)
        for part in values.keys() & offered.keys():
            assert set(values[part]) <= set(offered[part])
