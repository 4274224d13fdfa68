"""The spec of `code.sql`: its schema, what the schema cannot say, and the plan that the grader follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graders.code.function.values import NotAValue, read
from graders.code.limits import LIMITS_SCHEMA, limit_errors
from graders.code.spec import NAME, Group, is_text, read_groups
from graders.code.spec import redact as redact_groups

MAX_CASES = 50
TEXT = {"type": "string", "maxLength": 1024 * 1024}
TOLERANCE = {"type": "number", "minimum": 0, "maximum": 1e9}


def _object(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    closed = {"type": "object", "additionalProperties": False}
    return {**closed, "properties": properties, "required": list(required)}


EXPECTED = _object(
    {
        "columns": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": {"type": "array"}, "maxItems": 1000},
    },
    ("rows",),
)
CASE = _object({"name": NAME, "sample": {"type": "boolean"}, "fixtures": TEXT, "expected": EXPECTED})
SPEC_SCHEMA = _object(
    {
        "languages": {"type": "array", "items": {"const": "sql"}, "minItems": 1, "maxItems": 1},
        "schema": TEXT,
        "solution": {**TEXT, "minLength": 1},
        "probes": {"type": "array", "items": {**TEXT, "minLength": 1}, "maxItems": 20},
        "cases": {"type": "array", "items": CASE, "minItems": 1, "maxItems": MAX_CASES},
        "compare": _object(
            {
                "ordered": {"type": "boolean"},
                "column_names": {"type": "boolean"},
                "types": {"enum": ["exact", "loose"]},
                "absolute": TOLERANCE,
                "relative": TOLERANCE,
            }
        ),
        "scoring": {"enum": ["min", "sum"]},
        "limits": LIMITS_SCHEMA,
    },
    ("schema", "cases"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The groups (sample and main), each case's input being its fixtures, and the cases' own expectations."""

    groups: tuple[Group, ...]
    expected: dict[str, dict[str, Any]]


def read_plan(spec: Mapping[str, Any]) -> Plan:
    """The plan of a valid spec."""
    parts: dict[str, list[Any]] = {"sample": [], "main": []}
    for case in spec["cases"]:
        parts["sample" if case.get("sample") else "main"].append(case)
    scoring = spec.get("scoring", "sum")
    given = [
        {"name": name, "sample": name == "sample", "scoring": scoring, "cases": list(map(_texts, cases))}
        for name, cases in parts.items()
        if cases
    ]
    groups = read_groups({"groups": given})
    named = [
        (case, own) for group in groups for case, own in zip(group.cases, parts[group.name], strict=True)
    ]
    return Plan(groups, {case.name: own["expected"] for case, own in named if "expected" in own})


def _texts(case: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{key: case[key] for key in ("name",) if key in case},
        "input": case.get("fixtures", ""),
        "output": "",
    }


def spec_errors(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages by field for what the schema cannot say."""
    errors = limit_errors(spec)
    for path, text in _all_texts(spec):
        if not is_text(text):
            errors[path] = ["It holds half a character (a lone surrogate)."]
    if errors:
        return errors
    for number, case in enumerate(spec["cases"]):
        if "solution" not in spec and ("expected" not in case or spec.get("probes")):
            errors[f"spec.cases.{number}"] = ["Needs expected rows, or the spec a solution that gives them."]
        errors |= dict(_bad_rows(f"spec.cases.{number}.expected", case.get("expected", {"rows": []})))
    names = [case["name"] for case in spec["cases"] if "name" in case]
    if len(names) != len(set(names)):
        errors["spec.cases"] = ["Two cases have the same name."]
    return errors


def _all_texts(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((f"spec.{key}", spec.get(key, "")) for key in ("schema", "solution"))
    yield from ((f"spec.probes.{number}", text) for number, text in enumerate(spec.get("probes", [])))
    for number, case in enumerate(spec["cases"]):
        yield f"spec.cases.{number}.fixtures", case.get("fixtures", "")


def _bad_rows(path: str, expected: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for number, row in enumerate(expected["rows"]):
        try:
            kinds = {read(value).kind for value in row}
        except NotAValue as error:
            yield f"{path}.rows.{number}", [str(error)]
            continue
        if strange := kinds - {"None", "int", "float", "str", "bytes"}:
            yield f"{path}.rows.{number}", [f"SQLite has no {', '.join(sorted(strange))}."]
        if "columns" in expected and len(row) != len(expected["columns"]):
            yield f"{path}.rows.{number}", ["Has not as many values as there are columns."]


def redact(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may see: an allow-list. The schema, the samples' fixtures and rows, how many cases are hidden."""
    plan = read_plan(spec)
    hidden = sum(len(group.cases) for group in plan.groups if not group.sample)
    samples = [
        {"name": case.name, "fixtures": case.input, "expected": plan.expected.get(case.name)}
        for group in plan.groups
        if group.sample
        for case in group.cases
    ]
    limits = redact_groups({"groups": [], "limits": spec.get("limits", {})})["limits"]
    compare = spec.get("compare", {})
    return {
        "languages": ["sql"],
        "schema": spec["schema"],
        "limits": limits,
        "ordered": compare.get("ordered", False),
        "column_names": compare.get("column_names", False),
        "samples": samples,
        "case_count": hidden,
    }
