"""The spec of `code.function`: its schema, what the schema cannot say, and the plan that the grader follows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from graders.code.function.values import NotAValue, Rules, Value, read, shown
from graders.code.limits import LIMITS_SCHEMA
from graders.code.spec import MAX_CASES, NAME, Group, is_text, read_groups
from graders.code.spec import redact as redact_groups
from graders.code.spec import spec_errors as group_errors

LANGUAGES = ("javascript", "python")
HARNESS_ONLY = ("$object", "$undefined")  # forms of what a program returned that no spec may expect
TOLERANCE = {"type": "number", "minimum": 0, "maximum": 1e9}
IDENTIFIER = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "maxLength": 80}


def _object(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    closed = {"type": "object", "additionalProperties": False}
    return {**closed, "properties": properties, "required": list(required)}


CASE = {
    "name": NAME,
    "args": {"type": "array"},
    "kwargs": {"type": "object", "propertyNames": IDENTIFIER},
    "returns": {},
    "raises": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$", "maxLength": 80},
}
CASES = {"type": "array", "minItems": 1, "maxItems": MAX_CASES}
GROUP = {
    "name": NAME,
    "sample": {"type": "boolean"},
    "points": {"type": "number", "minimum": 0, "maximum": 1_000_000},
    "scoring": {"enum": ["min", "sum"]},
    "dependencies": {"type": "array", "items": NAME, "uniqueItems": True},
    "stop_on_failure": {"type": "boolean"},
    "cases": {**CASES, "items": _object(CASE)},
}
SPEC_SCHEMA = _object(
    {
        "languages": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"enum": list(LANGUAGES)},
        },
        "function": IDENTIFIER,
        "limits": LIMITS_SCHEMA,
        "compare": _object(
            {"types": {"enum": ["exact", "loose"]}, "absolute": TOLERANCE, "relative": TOLERANCE}
        ),
        "scoring": {"enum": ["min", "sum"]},
        "cases": {**CASES, "items": _object({**CASE, "sample": {"type": "boolean"}})},
        "groups": {
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": _object(GROUP, ("name", "cases")),
        },
    },
    ("function",),
)


def read_rules(spec: Mapping[str, Any], language: str) -> Rules:
    """How returned values are compared; JavaScript has no types to be exact about."""
    compare = dict(spec.get("compare", {}))
    exact = compare.pop("types", "exact") == "exact" and language == "python"
    return Rules(exact, **compare)


def plan(spec: Mapping[str, Any]) -> tuple[Group, ...]:
    """The groups, each case's input and output being JSON texts. `cases` alone make a sample and a main group."""
    return read_groups({"groups": list(_groups(spec))})


def _groups(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if "groups" in spec:
        yield from ({**group, "cases": _texts(group["cases"])} for group in spec["groups"])
        return
    parts: dict[str, list[Any]] = {"sample": [], "main": []}
    for case in spec["cases"]:
        parts["sample" if case.get("sample") else "main"].append(case)
    for name, cases in parts.items():
        if cases:
            given = {"name": name, "sample": name == "sample", "scoring": spec.get("scoring", "sum")}
            yield {**given, "stop_on_failure": False, "cases": _texts(cases)}


def _texts(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            **{key: case[key] for key in ("name",) if key in case},
            "input": json.dumps({"args": case.get("args", []), "kwargs": case.get("kwargs", {})}),
            "output": json.dumps({key: case[key] for key in ("returns", "raises") if key in case}),
        }
        for case in cases
    ]


def call_of(spec: Mapping[str, Any], text: str) -> str:
    """A call as the learner would write it."""
    case = json.loads(text)
    words = [shown(read(value)) for value in case["args"]]
    words += [f"{name}={shown(read(value))}" for name, value in case["kwargs"].items()]
    return f"{spec['function']}({', '.join(words)})"


def expected_of(text: str) -> Value | str:
    """The value to be returned, or the name of the exception to be raised."""
    case = json.loads(text)
    return str(case["raises"]) if "raises" in case else read(case["returns"])


def spec_errors(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages by field for what the schema cannot say."""
    if ("cases" in spec) == ("groups" in spec):
        return {"spec.cases": ["Give either cases or groups."]}
    errors: dict[str, list[str]] = {}
    for path, case in _paths(spec):
        if messages := list(_case_messages(case, spec.get("languages", LANGUAGES))):
            errors[path] = messages
    return errors or group_errors({**spec, "groups": list(_groups(spec))})


def _paths(spec: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, group in enumerate(spec.get("groups", [])):
        yield from ((f"spec.groups.{number}.cases.{n}", case) for n, case in enumerate(group["cases"]))
    yield from ((f"spec.cases.{number}", case) for number, case in enumerate(spec.get("cases", [])))


def _case_messages(case: Mapping[str, Any], languages: list[str]) -> Iterator[str]:
    if ("returns" in case) == ("raises" in case):
        yield "Say either what the call returns or what it raises."
    if case.get("kwargs") and "javascript" in languages:
        yield "JavaScript has no keyword arguments: leave out kwargs, or list only python under languages."
    forms = [*case.get("args", []), *case.get("kwargs", {}).values(), case.get("returns")]
    for form in forms:
        try:
            read(form)
        except NotAValue as error:
            yield str(error)
        if any(tag in HARNESS_ONLY for tag in _keys(form)):
            yield f"{' and '.join(HARNESS_ONLY)} cannot be asked for."
        if not is_text(json.dumps(form, ensure_ascii=False)):
            yield "It holds half a character (a lone surrogate)."


def _keys(form: Any) -> Iterator[str]:
    if isinstance(form, dict):
        yield from form
    items = form.values() if isinstance(form, dict) else form if isinstance(form, list) else ()
    for item in items:
        yield from _keys(item)


def redact(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may see: an allow-list. Samples as calls and results, of hidden groups the number of cases."""
    shown_groups = redact_groups({**spec, "groups": list(_groups(spec))})
    for group in shown_groups["groups"]:
        for case in group.get("cases", []):
            case["call"] = call_of(spec, case.pop("input"))
            wanted = expected_of(case.pop("output"))
            case |= {"raises": wanted} if isinstance(wanted, str) else {"returns": shown(wanted)}
    return {
        "function": spec["function"],
        "languages": spec.get("languages", list(LANGUAGES)),
        "limits": shown_groups["limits"],
        "groups": shown_groups["groups"],
    }
