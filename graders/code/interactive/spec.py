"""The spec of `code.interactive`: as `code.batch`'s, with an interactor for a checker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graders.code.limits import LIMITS_SCHEMA
from graders.code.spec import (
    AUTHORS_PROGRAM,
    CASE_SCHEMA,
    GROUP_SCHEMA,
    HINTS_AFTER,
    Group,
    read_groups,
)
from graders.code.spec import (
    SPEC_SCHEMA as BATCH,
)
from graders.code.spec import redact as redact_groups
from graders.code.spec import spec_errors as group_errors

CASE = {**CASE_SCHEMA, "required": ["input"]}
GROUP = {
    **GROUP_SCHEMA,
    "properties": {
        **GROUP_SCHEMA["properties"],
        "cases": {**GROUP_SCHEMA["properties"]["cases"], "items": CASE},
    },
}
SPEC_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["interactor", "groups"],
    "properties": {
        "languages": BATCH["properties"]["languages"],
        "limits": LIMITS_SCHEMA,
        "hints_after": HINTS_AFTER,
        "interactor": {
            "type": "object",
            "additionalProperties": False,
            "required": ["language", "source"],
            "properties": AUTHORS_PROGRAM,
        },
        "groups": {**BATCH["properties"]["groups"], "items": GROUP},
    },
}


def plan(spec: Mapping[str, Any]) -> tuple[Group, ...]:
    """The groups; input and output of a case are the interactor's, the program sees neither."""
    return read_groups({"groups": _complete(spec)})


def _complete(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**group, "cases": [{"output": "", **case} for case in group["cases"]]} for group in spec["groups"]
    ]


def spec_errors(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages by field for what the schema cannot say."""
    return group_errors({**spec, "groups": _complete(spec)})


def redact(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may see: an allow-list. Of a sample the interactor's input, never its answer."""
    shown = redact_groups({**spec, "groups": _complete(spec)})
    for group in shown["groups"]:
        for case in group.get("cases", []):
            del case["output"]
    return {key: shown[key] for key in ("languages", "limits", "groups")}
