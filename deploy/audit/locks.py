"""What can be said of the locked requirements without asking anybody. Pure: text in, problems out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

HASH = re.compile(r"\s--hash=sha256:[0-9a-f]{64}(?=\s|$)")
PINNED = re.compile(r"==[^*,]+")


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of a lock file."""

    line: str
    requirement: Requirement | None
    hashed: bool

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name) if self.requirement else ""

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==") if self.requirement else ""


def read_lock(text: str) -> list[Locked]:
    """The lines of a lock file, each with what was continued below it; comments are left out."""
    whole = re.sub(r"\\\n", " ", "\n".join(re.sub(r"(^|\s)#.*", "", line) for line in text.splitlines()))
    return [_locked(line.strip()) for line in whole.splitlines() if line.strip()]


def problems_of(lock: Iterable[Locked], bad: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """What is wrong with the lock in itself: not pinned, not hashed, from a URL, or known to be bad."""
    known_bad = list(bad)
    for item in lock:
        if item.requirement is None or item.requirement.url:
            yield f"{item.line[:60]}: only name==version with hashes belongs into a lock file, no URL and no option"
        elif not PINNED.fullmatch(str(item.requirement.specifier)):
            yield f"{item.name} is not pinned to one version"
        elif not item.hashed:
            yield f"{item.name}=={item.version} has no hash, so anything may be installed under its name"
        else:
            yield from (
                f"{item.name}=={item.version} is refused: {b['reason']}" for b in known_bad if _is(item, b)
            )


def out_of_step(lock: Iterable[Locked], wanted: Iterable[str]) -> Iterator[str]:
    """Which of pyproject's dependencies the lock lacks or answers with a version outside of their range."""
    versions: dict[str, list[str]] = {}
    for item in lock:
        versions.setdefault(item.name, []).append(item.version)
    for text in wanted:
        requirement = Requirement(text)
        found = versions.get(canonicalize_name(requirement.name))
        if not found:
            yield f"{requirement.name} is in pyproject.toml and not in the lock; run `make lock`"
        elif outside := [v for v in found if not requirement.specifier.contains(v, prereleases=True)]:
            wish = f"pyproject.toml wants {requirement.specifier}"
            yield f"{requirement.name}=={outside[0]} is locked, {wish}; run `make lock`"


def dependencies(pyproject: Mapping[str, Any], *groups: str) -> list[str]:
    """The project's dependencies, and those of the groups."""
    wanted = list(pyproject["project"]["dependencies"])
    return wanted + [item for group in groups for item in pyproject["dependency-groups"][group]]


def _locked(line: str) -> Locked:
    text = line.partition(" --hash=")[0]
    try:
        return Locked(line, Requirement(text), HASH.search(line) is not None)
    except InvalidRequirement:
        return Locked(line, None, False)


def _is(item: Locked, bad: Mapping[str, str]) -> bool:
    return item.name == bad["name"] and SpecifierSet(bad["versions"]).contains(item.version, prereleases=True)
