"""The spec of `code.unit_tests`: its schema and what the schema cannot say."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graders.code.limits import LIMITS_SCHEMA, limit_errors, shown_limits
from graders.code.program import source_message

ABSENT = ("pytest", "hypothesis", "numpy")
SPEC_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tests"],
    "properties": {
        "languages": {"type": "array", "minItems": 1, "items": {"enum": ["python"]}},
        "module": {"type": "string", "pattern": "^[a-z_][a-z0-9_]*$", "maxLength": 60},
        "limits": LIMITS_SCHEMA,
        "tests": {"type": "string", "minLength": 1},
        "sample_tests": {"type": "string", "minLength": 1},
        "scoring": {"enum": ["min", "sum"]},
        "objects": {"enum": ["named", "any"]},
        "operators": {"type": "boolean"},
    },
}


@dataclass(frozen=True, slots=True)
class TestFile:
    """One file of tests. Of a sample the learner sees everything."""

    __test__ = False  # not a pytest class

    group: str
    source: str
    sample: bool


def test_files(spec: Mapping[str, Any]) -> Iterator[TestFile]:
    """The files of a spec, samples first."""
    if "sample_tests" in spec:
        yield TestFile("sample", spec["sample_tests"], True)
    yield TestFile("main", spec["tests"], False)


def module_name(spec: Mapping[str, Any]) -> str:
    """The name under which tests import the learner's program."""
    return str(spec.get("module", "solution"))


def spec_errors(spec: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages by field for what the schema cannot say."""
    errors = limit_errors(spec)
    if module_name(spec) in (*sys.stdlib_module_names, "tests"):
        errors["spec.module"] = ["Python has a module of that name; choose another."]
    for field in ("tests", "sample_tests"):
        if field in spec and (messages := list(_file_messages(spec[field]))):
            errors[f"spec.{field}"] = messages
    return errors


def _file_messages(source: str) -> Iterator[str]:
    if message := source_message(source):
        yield message
        return
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"Line {error.lineno}: {error.msg}."
        return
    except (RecursionError, MemoryError, ValueError):
        yield "It is nested too deeply."
        return
    for name in sorted(_imported(tree) & set(ABSENT)):
        yield f"The box has no {name}: write unittest classes, or test functions with plain assert."
    if not any(_is_test(node) for node in tree.body):
        yield "It holds no test: neither a function test_... nor a class of tests."


def _imported(tree: ast.Module) -> set[str]:
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def _is_test(node: ast.stmt) -> bool:
    if isinstance(node, ast.ClassDef):
        return bool(node.bases) or node.name.startswith("Test")
    return not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) and (
        not isinstance(node, ast.FunctionDef) or node.name.startswith("test")
    )


def redact(spec: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may see: an allow-list; of the tests only the samples."""
    return {
        "languages": ["python"],
        "module": module_name(spec),
        "limits": shown_limits(spec),
        "sample_tests": spec.get("sample_tests"),
    }
