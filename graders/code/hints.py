"""Hints that a challenge keeps for learners who have tried a few times. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.grading import CaseResult, Verdict
from graders.code.spec import case_name

HINTS_AFTER = 3
UNHELPED = (Verdict.ACCEPTED, Verdict.COMPILE_ERROR, Verdict.INTERNAL_ERROR)


def with_hint(spec: Mapping[str, Any], result: CaseResult, attempt: int) -> CaseResult:
    """The result of a failed test with its own hint or its group's, from the `hints_after`-th attempt on."""
    if result.verdict in UNHELPED or attempt < spec.get("hints_after", HINTS_AFTER):
        return result
    hint = _hint(spec, result)
    if hint is None:
        return result
    return replace(result, feedback="\n".join(part for part in (result.feedback, f"hint: {hint}") if part))


def _hint(spec: Mapping[str, Any], result: CaseResult) -> str | None:
    for group in spec["groups"]:
        if group["name"] == result.group:
            named = ((case_name(group, n, case), case) for n, case in enumerate(group["cases"], start=1))
            own: Mapping[str, Any] = next((case for name, case in named if name == result.name), {})
            found: str | None = own.get("hint", group.get("hint"))
            return found
    return None
