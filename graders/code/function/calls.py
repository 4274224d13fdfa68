"""Many calls in one process: what the harness in the box is sent, and what its records and its end mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.grading import TestCase
from graders.code.function.values import for_javascript
from graders.code.harness import JSON_TEXT, SCRIPT, Harness, harness_files
from graders.languages.base import Language
from graders.languages.build import Program
from graders.sandbox.box import Box
from graders.sandbox.values import MEGABYTE, Command

INSIDE = Path(__file__).with_name("inside")
MAX_RESULTS = 8 * MEGABYTE
PYTHON_HARNESS = Harness((JSON_TEXT, INSIDE / "harness.py"))
JAVASCRIPT_HARNESS = "harness.js"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the harness. Exactly one of these is set; `returned` is there when all others are None."""

    returned: Any = None
    raised: tuple[str, ...] | None = None
    refused: str | None = None
    missing: str | None = None
    trace: str = ""
    broken: bool = False
    cpu_seconds: float | None = None


def program(language: Language, source: str, box: Box) -> Program:
    """The learner's source and the harness that calls into it; `box` must be unused so far."""
    files = {language.file_name: source.encode()}
    if language.warm:
        command = Command((SCRIPT,), script=SCRIPT, results=MAX_RESULTS)
        return Program(files | harness_files(PYTHON_HARNESS, box), command)
    argv = tuple(JAVASCRIPT_HARNESS if part == language.file_name else part for part in language.run)
    return Program(files | {JAVASCRIPT_HARNESS: _javascript()}, Command(argv, results=MAX_RESULTS))


@lru_cache
def _javascript() -> bytes:
    return (INSIDE / JAVASCRIPT_HARNESS).read_bytes()


def request(function: str, language: Language, cases: Sequence[TestCase]) -> str:
    """What the harness reads: arguments only, nothing that is expected."""
    calls = [json.loads(case.input) for case in cases]
    if language.name == "javascript":
        calls = for_javascript(calls)
    return json.dumps({"function": function, "cases": calls})


def records(data: bytes, most: int) -> Iterator[Record]:
    """The records in what the harness wrote, up to the first that is none: the learner's code may have written it."""
    for line in data.split(b"\n")[:-1][:most]:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(record, dict):
            return
        yield _record(record)


def _record(record: dict[str, Any]) -> Record:
    broken = record.get("broken")
    told = broken if isinstance(broken, dict) else record
    names = told.get("raised")
    cpu = record.get("cpu")
    return Record(
        returned=record.get("returned"),
        raised=tuple(map(str, names[:20])) if isinstance(names, list) and names else None,
        refused=str(record["refused"]) if "refused" in record else None,
        missing=str(record["missing"]) if "missing" in record else None,
        trace=str(told.get("trace", "")),
        broken=broken is not None,
        cpu_seconds=float(cpu) if isinstance(cpu, int | float) and 0 <= cpu < 1e6 else None,
    )
