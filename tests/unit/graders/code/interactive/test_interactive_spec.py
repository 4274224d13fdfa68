from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidSpec
from graders.code.interactive.grader import InteractiveGrader

GRADER = InteractiveGrader()
SPEC: dict[str, Any] = {
    "interactor": {"language": "python", "source": "print('secret')"},
    "groups": [
        {"name": "sample", "sample": True, "cases": [{"input": "5", "output": "secret"}]},
        {"name": "main", "cases": [{"input": "secret"}]},
    ],
}


def test_the_spec_fits() -> None:
    GRADER.check_spec(SPEC)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"interactor": {"language": "cobol", "source": "x"}}, "spec.interactor.language"),
        ({"interactor": {"language": "python"}}, "spec.interactor"),
        ({"groups": [{"name": "main", "cases": [{}]}]}, "spec.groups.0.cases.0"),
        ({"groups": [{"name": "a", "dependencies": ["b"], "cases": [{"input": ""}]}]}, "spec.groups.0"),
    ],
)
def test_what_cannot_be_graded_is_refused_with_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidSpec) as refusal:
        GRADER.check_spec(SPEC | change)
    assert field in refusal.value.errors


def test_learners_see_neither_the_interactor_nor_what_is_expected() -> None:
    seen = GRADER.redact(SPEC)

    assert "secret" not in json.dumps(seen)
    assert seen["groups"][0]["cases"] == [{"name": "sample 1", "input": "5"}]
