"""The rules by which a challenge may be published: each solution gets the verdict that it promises, with time to spare.

Pure: whoever ran the solutions hands in the reports. Refusals are sentences for the author.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from core.grading import GradeReport, Limits, Queue, Verdict
from graders.code.limits import MAX_CPU, limits_for
from graders.languages.python import PYTHON
from graders.registry import grader_for
from graders.strength.report import Checked
from graders.time_use import TimeUse

# An accepted solution may use this share of its CPU limit at most. Learners' programs are graded beside others and
# on other machines: twice the time is what a right program can take there, and what a less clever one needs.
MOST_OF_LIMIT = 0.5
# A mutant gets ten times the time of the solution that it was made from: it differs in one place, so what runs longer
# has lost its way. The floor is for solutions that need next to nothing.
MUTANT_TIMES = 10
MUTANT_FLOOR_SECONDS = 0.5

NOBODY_SOLVED_IT = "Nobody has shown that this challenge can be solved: add an accepted {0}."
NOTHING_WRONG = (
    "Nobody has shown that wrong answers are refused: add a {0} with a mistake that learners might make."
)
EVERY_NAME = re.compile(r"^[ \t]*from[ \t]+\w+[ \t]+import[ \t]+\*", re.MULTILINE)
TAKES_EVERY_NAME = (
    "The tests import every name of the learner's module (import *), so a program that defines an `abs` or `len` of "
    "its own changes what they check: import by name."
)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is checked."""

    kind: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer and the verdict that it must get."""

    name: str
    verdict: Verdict
    answer: Mapping[str, Any]

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> Solution:
        """From an entry of a challenge's `solutions`: name, verdict, answer."""
        return cls(entry["name"], Verdict(entry["verdict"]), entry["answer"])


def judged(challenge: Challenge, solution: Solution, report: GradeReport) -> Checked:
    """Whether the outcome of a solution is what it promises, and within its limit with time to spare."""
    use = time_used(challenge, solution, report)
    reason = _broken_promise(solution, report.verdict)
    if reason is None and use is not None and report.verdict is Verdict.ACCEPTED:
        reason = too_tight(use)
    times = (use.cpu_ms, use.wall_ms, use.limit_ms) if use else (None, None, None)
    return Checked(solution.name, solution.verdict, report.verdict, reason is None, reason, *times)


def time_used(challenge: Challenge, solution: Solution, report: GradeReport) -> TimeUse | None:
    """What the slowest run of a solution used; None for questions."""
    language = str(solution.answer.get("language", ""))
    return grader_for(challenge.kind).time_use(challenge.spec, language, report.results)


def too_tight(use: TimeUse) -> str | None:
    """Why a limit is too tight for an accepted solution, and what to write instead; None when it is not."""
    if use.cpu_ms <= use.limit_ms * MOST_OF_LIMIT:
        return None
    told = (
        f"The limit is too tight: it used {use.cpu_ms} ms of CPU, which is more than half of the limit, "
        f"{use.limit_ms} ms. On a busier machine right programs would fail."
    )
    seconds = math.ceil(use.cpu_ms / MOST_OF_LIMIT / use.factor / 100) / 10
    if seconds > MAX_CPU:
        return f"{told} No limit may be greater than {MAX_CPU} s, so make the tests smaller."
    return f"{told} Write {use.field}: {seconds:g} or more."


def _broken_promise(solution: Solution, found: Verdict) -> str | None:
    expected = solution.verdict
    if found is expected:
        return None
    if found is Verdict.INTERNAL_ERROR:
        return "It could not be graded; that is our failure. Try again."
    if expected is Verdict.ACCEPTED:
        return f"It must be accepted and got {found}: mend the solution, the tests or the limits."
    if found is Verdict.ACCEPTED:
        return f"It is known to be wrong ({expected}), but the tests accept it: add a test that it fails."
    return f"Its name promises {expected}, but it got {found}: rename it, or mend the tests or the limits."


def warnings(challenge: Challenge, solutions: Iterable[Solution]) -> tuple[str, ...]:
    """What the solutions of a challenge leave open."""
    grader = grader_for(challenge.kind)
    if grader.manual:
        return ()
    verdicts = {solution.verdict for solution in solutions}
    missing = [] if Verdict.ACCEPTED in verdicts else [NOBODY_SOLVED_IT]
    if not verdicts - {Verdict.ACCEPTED}:
        missing.append(NOTHING_WRONG)
    noun = "solution" if grader.queue is Queue.CODE else "example"
    told = [text.format(noun) for text in missing]
    return tuple([*told, TAKES_EVERY_NAME] if _takes_every_name(challenge) else told)


def _takes_every_name(challenge: Challenge) -> bool:
    texts = (challenge.spec.get(field, "") for field in ("tests", "sample_tests"))
    return challenge.kind == "code.unit_tests" and any(EVERY_NAME.search(text) for text in texts)


def reference(solutions: Iterable[Solution], checked: Iterable[Checked]) -> Solution | None:
    """The solution to mutate: the first accepted one in Python that was accepted."""
    accepted = {found.name for found in checked if found.verdict is Verdict.ACCEPTED}
    fit = (one for one in solutions if one.verdict is Verdict.ACCEPTED and one.name in accepted)
    return next((one for one in fit if one.answer.get("language") == "python"), None)


def mutant_seconds(cpu_ms: int | None) -> float:
    """The CPU limit of a mutant's test, from what the slowest test of its original used."""
    return max(MUTANT_FLOOR_SECONDS, MUTANT_TIMES * (cpu_ms or 0) / 1000)


def tightened(spec: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """The spec with at most so many seconds of CPU for a Python test; the clock follows, other limits stay."""
    limits = limits_for(spec, PYTHON)
    cpu = min(limits.cpu_seconds, seconds)
    wall = min(limits.wall, Limits(cpu_seconds=cpu).wall)
    return {**spec, "limits": asdict(replace(limits, cpu_seconds=cpu, wall_seconds=wall))}
