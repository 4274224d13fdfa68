"""What authors send beside a challenge's spec: solutions, dates, how thorough a check shall be."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from api.schemas.challenges import ChallengeWriteSchema
from api.schemas.checks import VerifySchema

GOOD = {"name": "accepted.py", "answer": {"language": "python", "source": "print(1)"}}
CHANGES = ChallengeWriteSchema(partial=True)


def errors_of(schema, body):
    with pytest.raises(ValidationError) as caught:
        schema.load(body)
    return caught.value.messages


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("accepted", "accepted"),
        ("solutions/wrong_answer.py", "wrong_answer"),
        ("time_limit_exceeded_naive.cpp", "time_limit_exceeded"),
        ("partially_accepted.two.txt", "partially_accepted"),
    ],
)
def test_a_name_begins_with_the_verdict(name, verdict):
    assert CHANGES.load({"solutions": [GOOD | {"name": name}]})["solutions"][0]["verdict"] == verdict


def test_a_verdict_that_is_said_counts_more_than_the_name():
    loaded = CHANGES.load({"solutions": [GOOD | {"verdict": "runtime_error"}]})
    assert loaded["solutions"] == [GOOD | {"verdict": "runtime_error"}]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "mine.py"}, "verdict"),
        ({"name": "acceptedly.py"}, "verdict"),
        ({"name": ""}, "name"),
        ({"name": "accepted" * 26}, "name"),
        ({"verdict": "good"}, "verdict"),
        ({"answer": []}, "answer"),
        ({"size": 1}, "size"),
    ],
)
def test_a_bad_solution_names_the_field(wrong, field):
    assert list(errors_of(CHANGES, {"solutions": [GOOD | wrong]})["solutions"][0]) == [field]


@pytest.mark.parametrize("missing", GOOD)
def test_a_solution_needs_its_fields_also_in_a_patch(missing):
    left = {name: value for name, value in GOOD.items() if name != missing}
    assert list(errors_of(CHANGES, {"solutions": [left]})["solutions"][0]) == [missing]


@pytest.mark.parametrize(
    ("solutions", "said"),
    [
        ([GOOD, GOOD], "twice there: accepted.py"),
        ([GOOD | {"name": f"accepted_{n}"} for n in range(101)], "100"),
        ([GOOD | {"answer": {"source": "x" * 2**21}}], "at most 2 MB"),
        (None, "null"),
    ],
)
def test_all_solutions_together_have_bounds(solutions, said):
    assert said in str(errors_of(CHANGES, {"solutions": solutions})["solutions"])


@pytest.mark.parametrize(
    "date", ["1999-01-01T00:00:00Z", "2201-01-01T00:00:00Z", "2026-01-01T00:00:00", "soon", 1]
)
def test_a_date_that_is_none_names_the_field(date):
    assert list(errors_of(CHANGES, {"publish_at": date})) == ["publish_at"]


@pytest.mark.parametrize("mutants", [-1, 201, "10", None])
def test_how_many_mutants_is_bounded(mutants):
    assert list(errors_of(VerifySchema(), {"mutants": mutants})) == ["mutants"]
