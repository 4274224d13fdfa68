"""The folders of Kattis test data as groups."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any, Protocol

from core.exchange.tree import AnyFolder
from core.exchange.values import BadValue

DEPTH_MAX = 6
CASES_MAX = 2_000
SECRET = "data/secret"  # noqa: S105 - a folder
SAMPLE = "data/sample"
_AGGREGATES = {"sum": "sum", "avg": "sum", "min": "min"}
# Which verdict is shown matters to Kattis only.
_NEUTRAL = {"first_error", "worst_error", "ignore_sample"}
Flags = dict[str, Any]


class Package(Protocol):
    """What is needed of a package."""

    folder: AnyFolder
    file: str

    def text(self, path: str) -> str: ...

    def flags(self, folder: str) -> dict[str, Any]: ...


def groups_of(package: Package, scoring: bool) -> list[dict[str, Any]]:
    """The groups of a package, samples first. Raises BadValue, UnreadableFile."""
    groups = []
    if samples := _cases(package, SAMPLE):
        groups.append({"name": "sample", "sample": True, "points": 0, "cases": samples})
    groups += _scored(package) if scoring else _passed(package)
    return groups


def _passed(package: Package) -> list[dict[str, Any]]:
    """A pass-fail problem: all secret tests must pass, however they are sorted into folders."""
    cases = _all_cases(package, SECRET, 0)
    if not cases:
        raise BadValue(SECRET, "Holds no tests: pairs of files such as 01.in and 01.ans.")
    return [{"name": "secret", "points": 100, "scoring": "min", "cases": cases}]


def _all_cases(package: Package, folder: str, depth: int) -> list[dict[str, Any]]:
    if depth > DEPTH_MAX:
        raise BadValue(folder, "Is nested too deeply.")
    cases = _cases(package, folder)
    for name in package.folder.folders(folder):
        cases += _all_cases(package, f"{folder}/{name}", depth + 1)
    return cases


def _scored(package: Package) -> list[dict[str, Any]]:
    above = package.flags("data") | package.flags(SECRET)
    names = package.folder.folders(SECRET)
    loose = _cases(package, SECRET)
    if names and loose:
        raise BadValue(SECRET, "Holds tests and groups; put each test into a group.")
    if not names:
        return [_group(package, SECRET, package.flags(SECRET))]
    _check(above, SECRET)
    if _aggregate(above) != "sum" or "avg" in str(above.get("grader_flags", "")):
        raise BadValue(SECRET, "The points of groups are added up here; grader_flags must not say otherwise.")
    return [
        _group(package, f"{SECRET}/{name}", _inherited(above) | package.flags(f"{SECRET}/{name}"))
        for name in names
    ]


def _inherited(flags: Flags) -> Flags:
    return {
        key: value for key, value in flags.items() if key in ("on_reject", "accept_score", "reject_score")
    }


def _group(package: Package, folder: str, flags: Flags) -> dict[str, Any]:
    package.file = folder
    _check(flags, folder)
    if package.folder.folders(folder):
        raise BadValue(folder, "Holds groups within a group, which have no place here.")
    cases = _cases(package, folder)
    if not cases:
        raise BadValue(folder, "Holds no tests: pairs of files such as 01.in and 01.ans.")
    scoring = _aggregate(flags)
    each = _score(flags.get("accept_score", 1), folder)
    added = scoring == "sum" and "avg" not in str(flags.get("grader_flags", ""))
    return {
        "name": PurePosixPath(folder).name[:80],
        "points": each * len(cases) if added else each,
        "scoring": scoring,
        "stop_on_failure": flags.get("on_reject", "break") == "break",
        "cases": cases,
    }


def _check(flags: Flags, folder: str) -> None:
    """Raises BadValue for what no group here can do."""
    if flags.get("grading", "default") != "default":
        raise BadValue(folder, "A grader of its own (grading: custom) has no place here.")
    if _score(flags.get("reject_score", 0), folder) != 0:
        raise BadValue(folder, "A rejected test earns nothing here; reject_score must be 0.")
    if flags.get("output_validator_flags"):
        raise BadValue(folder, "Flags of a validator for some tests only have no place here.")
    if flags.get("on_reject", "break") not in ("break", "continue"):
        raise BadValue(folder, "on_reject must be break or continue.")


def _aggregate(flags: Flags) -> str:
    words = str(flags.get("grader_flags") or "").split()
    if strange := [word for word in words if word not in _AGGREGATES and word not in _NEUTRAL]:
        raise BadValue("grader_flags", f"{strange[0][:40]!r} has no place here; sum, avg and min have.")
    return next((_AGGREGATES[word] for word in words if word in _AGGREGATES), "sum")


def _score(value: Any, folder: str) -> float:
    try:
        score = float(value) if isinstance(value, str | int | float) and len(str(value)) < 30 else -1.0
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1_000_000:
        raise BadValue(folder, "Scores must be numbers from 0 to 1000000.")
    return int(score) if score.is_integer() else score


def _cases(package: Package, folder: str) -> list[dict[str, Any]]:
    names = package.folder.files(folder)
    package.file = folder
    inputs = sorted((name for name in names if name.endswith(".in")), key=_natural)
    if len(inputs) > CASES_MAX:
        raise BadValue("", f"Holds more than {CASES_MAX} tests.")
    return [_case(package, f"{folder}/{name.removesuffix('.in')}", set(names)) for name in inputs]


def _case(package: Package, stem: str, names: set[str]) -> dict[str, Any]:
    case: dict[str, Any] = {"input": package.text(f"{stem}.in"), "output": package.text(f"{stem}.ans")}
    if f"{PurePosixPath(stem).name}.desc" in names:
        first = package.text(f"{stem}.desc").strip().partition("\n")[0].strip()[:80]
        return {"name": first, **case} if first else case
    return case


def _natural(name: str) -> list[tuple[int, int, str]]:
    pieces = re.findall(r"[0-9]{1,18}|[^0-9]+", name)
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces]
