"""What a check of a challenge found: value objects, ready for JSON (`as_dict`) and for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core.grading import Verdict
from graders.strength.mutants import Mutant


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"  # a test failed, as it should
    TIMED_OUT = "timed_out"  # it ran too long, which no test accepts either: it counts as killed
    SURVIVED = "survived"  # all tests passed
    INVALID = "invalid"  # it could not be judged, and is left out of the score


def fate_of(verdict: Verdict) -> Fate:
    """What a verdict means for a mutant."""
    return {
        Verdict.ACCEPTED: Fate.SURVIVED,
        Verdict.TIME_LIMIT_EXCEEDED: Fate.TIMED_OUT,
        Verdict.COMPILE_ERROR: Fate.INVALID,
        Verdict.INTERNAL_ERROR: Fate.INVALID,
    }.get(verdict, Fate.KILLED)


@dataclass(frozen=True, slots=True)
class Recalled:
    """A mutant that was written down: `fields` is what its `as_dict` gave."""

    fields: Mapping[str, Any]

    @property
    def description(self) -> str:
        return str(self.fields["description"])

    @property
    def diff(self) -> str:
        return str(self.fields["diff"])

    def as_dict(self) -> dict[str, Any]:
        return dict(self.fields)


@dataclass(frozen=True, slots=True)
class Checked:
    """A solution (or a question's example) beside its promise. Times are milliseconds, None where nothing ran.

    `passed` is None when it could not be run here; then, and when it is False, `reason` says why.
    """

    name: str
    expected: Verdict
    verdict: Verdict | None
    passed: bool | None
    reason: str | None = None
    cpu_ms: int | None = None
    wall_ms: int | None = None
    limit_ms: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {
            "expected": self.expected.value,
            "verdict": self.verdict.value if self.verdict else None,
        }


@dataclass(frozen=True, slots=True)
class Strength:
    """How many mutants of the solution `name` the tests notice. `possible`: see `Mutants`."""

    name: str
    killed: int
    timed_out: int
    invalid: int
    survivors: tuple[Mutant | Recalled, ...]
    possible: int

    @property
    def total(self) -> int:
        """The mutants that were judged."""
        return self.killed + len(self.survivors)

    @property
    def score(self) -> float | None:
        """Killed over judged, 0..1; None when there is no mutant.

        It is the mutation score of DeMillo, Lipton and Sayward, "Hints on Test Data Selection: Help for the Practicing
        Programmer", IEEE Computer 11(4), 1978, but for the mutants that only look different: nobody can tell
        which survivors mean the same as the original in all cases (it is undecidable), so they count as alive.
        """
        return round(self.killed / self.total, 4) if self.total else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "solution": self.name,
            "possible": self.possible,
            "total": self.total,
            "killed": self.killed,
            "timed_out": self.timed_out,
            "survived": len(self.survivors),
            "invalid": self.invalid,
            "score": self.score,
            "survivors": [mutant.as_dict() for mutant in self.survivors],
        }


def strength(name: str, judged: Iterable[tuple[Mutant | Recalled, Fate]], possible: int) -> Strength:
    """The strength of the tests, from what became of each mutant of the solution `name`."""
    pairs = list(judged)
    counts = Counter(fate for _, fate in pairs)
    alive = tuple(mutant for mutant, fate in pairs if fate is Fate.SURVIVED)
    killed = counts[Fate.KILLED] + counts[Fate.TIMED_OUT]
    return Strength(name, killed, counts[Fate.TIMED_OUT], counts[Fate.INVALID], alive, possible)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Everything that was found. `strength` is None when no mutant was run; `no_strength` says why."""

    solutions: tuple[Checked, ...]
    warnings: tuple[str, ...] = ()
    strength: Strength | None = None
    no_strength: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the challenge may be published."""
        return all(solution.passed is not False for solution in self.solutions)

    def as_dict(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "solutions": [solution.as_dict() for solution in self.solutions],
            "warnings": list(self.warnings),
            "strength": self.strength.as_dict() if self.strength else None,
            "no_strength": self.no_strength,
        }
