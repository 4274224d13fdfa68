"""The spec of `code.batch`: its schema, what the schema cannot say, and the plan that the grader follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.grading import TestCase
from graders.checkers import CHECKERS
from graders.code.limits import LIMITS_SCHEMA, limit_errors, shown_limits
from graders.languages import PROGRAMS

MAX_CASES = 200
MAX_BYTES = 10 * 1024 * 1024


def _object(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


NAME = {"type": "string", "minLength": 1, "maxLength": 80}
HINT = {"type": "string", "minLength": 1, "maxLength": 1000}
HINTS_AFTER = {"type": "integer", "minimum": 1, "maximum": 100}
CASE_SCHEMA = _object(
    {"name": NAME, "input": {"type": "string"}, "output": {"type": "string"}, "hint": HINT},
    ("input", "output"),
)
GROUP_SCHEMA = _object(
    {
        "name": NAME,
        "sample": {"type": "boolean"},
        "points": {"type": "number", "minimum": 0, "maximum": 1_000_000},
        "scoring": {"enum": ["min", "sum"]},
        "dependencies": {"type": "array", "items": NAME, "uniqueItems": True},
        "stop_on_failure": {"type": "boolean"},
        "hint": HINT,
        "cases": {"type": "array", "minItems": 1, "maxItems": MAX_CASES, "items": CASE_SCHEMA},
    },
    ("name", "cases"),
)
CUSTOM = "custom"
AUTHORS_PROGRAM = {
    "language": {"enum": sorted(PROGRAMS)},
    "source": {"type": "string", "minLength": 1, "maxLength": 256 * 1024},
}
CHECKER_SCHEMA = {
    "type": "object",
    "properties": {"name": {"enum": [*sorted(CHECKERS), CUSTOM]}},
    "required": ["name"],
    "oneOf": [
        *(
            _object({"name": {"const": checker.name}, **checker.options}, ("name",))
            for checker in CHECKERS.values()
        ),
        _object({"name": {"const": CUSTOM}, **AUTHORS_PROGRAM}, ("name", "language", "source")),
    ],
}
SPEC_SCHEMA = _object(
    {
        "languages": {
            "anyOf": [
                {"type": "null"},
                {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": sorted(PROGRAMS)}},
            ]
        },
        "limits": LIMITS_SCHEMA,
        "checker": CHECKER_SCHEMA,
        "hints_after": HINTS_AFTER,
        "groups": {"type": "array", "minItems": 1, "maxItems": 50, "items": GROUP_SCHEMA},
    },
    ("groups",),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Test cases that count together. `scoring` is min (the smallest case score) or sum (their mean)."""

    name: str
    sample: bool
    points: float
    scoring: str
    stop_on_failure: bool
    dependencies: tuple[str, ...]
    cases: tuple[TestCase, ...]

    def score(self, scores: list[float]) -> float:
        """0..1 from the scores of the cases that ran; those that did not run count 0."""
        padded = scores + [0.0] * (len(self.cases) - len(scores))
        return min(padded) if self.scoring == "min" else sum(padded) / len(padded)


def read_groups(spec: Mapping[str, Any]) -> tuple[Group, ...]:
    """The groups of a valid spec with every default filled in."""
    return tuple(_group(entry) for entry in spec["groups"])


def _group(entry: Mapping[str, Any]) -> Group:
    sample, scoring = entry.get("sample", False), entry.get("scoring", "min")
    cases = tuple(
        TestCase(case_name(entry, index, case), case["input"], case["output"], entry["name"], sample)
        for index, case in enumerate(entry["cases"], start=1)
    )
    return Group(
        name=entry["name"],
        sample=sample,
        points=entry.get("points", 0 if sample else 100),
        scoring=scoring,
        stop_on_failure=entry.get("stop_on_failure", scoring == "min"),
        dependencies=tuple(entry.get("dependencies", ())),
        cases=cases,
    )


def case_name(group: Mapping[str, Any], index: int, case: Mapping[str, Any]) -> str:
    """An author's name for a hidden case may tell what it tests; only samples show theirs."""
    number = f"{group['name']} {index}"
    return str(case.get("name", number)) if group.get("sample") else number


def spec_errors(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages by field for what the schema cannot say."""
    errors = limit_errors(spec)
    groups = spec["groups"]
    if sum(len(group["cases"]) for group in groups) > MAX_CASES:
        errors["spec.groups"] = [f"At most {MAX_CASES} test cases in all."]
    if _text_size(groups) > MAX_BYTES:
        errors.setdefault("spec.groups", []).append(f"At most {MAX_BYTES // 2**20} MB of tests in all.")
    seen: set[str] = set()
    for index, group in enumerate(groups):
        if messages := _group_messages(group, seen):
            errors[f"spec.groups.{index}"] = messages
        seen.add(group["name"])
    return errors


def _group_messages(group: Mapping[str, Any], seen: set[str]) -> list[str]:
    unknown = [name for name in group.get("dependencies", ()) if name not in seen]
    messages = [f"It depends on {name!r}, but no earlier group has that name." for name in unknown]
    if group["name"] in seen:
        messages.append(f"Another group is called {group['name']!r} already.")
    texts = (text for case in group["cases"] for text in (case["input"], case["output"]))
    if not all(is_text(text) for text in texts):
        messages.append("A test holds half a character (a lone surrogate), which no file can hold.")
    return messages


def is_text(value: str) -> bool:
    """Whether a string can be written as UTF-8."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text_size(groups: list[dict[str, Any]]) -> int:
    texts = (text for group in groups for case in group["cases"] for text in (case["input"], case["output"]))
    return sum(len(text.encode(errors="replace")) for text in texts)


def redact(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may see: an allow-list. Of a hidden group only its name, points and number of cases."""
    return {
        "languages": spec.get("languages"),
        "limits": shown_limits(spec),
        "checker": {"name": spec.get("checker", {"name": "tokens"})["name"]},
        "groups": [_redacted(group) for group in read_groups(spec)],
    }


def _redacted(group: Group) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": group.name, "sample": group.sample, "points": group.points}
    if group.sample:
        cases = [{"name": case.name, "input": case.input, "output": case.output} for case in group.cases]
        return shown | {"cases": cases}
    return shown | {"case_count": len(group.cases)}
