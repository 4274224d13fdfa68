"""Check one challenge here and now, with a sandbox and nothing else: its solutions, then mutants of the reference.

`check` tells what happens as it happens, so that whoever waits sees it.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from core.errors import InfrastructureError, SandboxUnavailable, ValidationFailed
from core.grading import GradeReport, Queue, Verdict
from graders.base import Grader
from graders.languages import LANGUAGES
from graders.languages.availability import availability
from graders.registry import grader_for
from graders.strength.gate import (
    Challenge,
    Solution,
    judged,
    mutant_seconds,
    reference,
    tightened,
    warnings,
)
from graders.strength.mutants import Mutant, Mutants, mutants
from graders.strength.report import Checked, CheckReport, Fate, Strength, fate_of, strength
from graders.strength.text import Unmutable

MOST_MUTANTS = 200
IMPORTING = ("code.function", "code.unit_tests")  # kinds that load a program as a module
NO_PROGRAM = "A question has no program to mutate; only its examples were checked."
NO_REFERENCE = "There is no accepted solution in Python to make mutants of."
NOT_WANTED = "No mutants were asked for."
REFUSED = "A solution was refused, so the tests were not tried on mutants."


@dataclass(frozen=True, slots=True)
class Options:
    """How many mutants at most (0: none), and how many programs run at once."""

    mutants: int = MOST_MUTANTS
    jobs: int = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class SolutionChecked:
    """A solution has been run. `total`: how many there are."""

    checked: Checked
    total: int


@dataclass(frozen=True, slots=True)
class MutantsMade:
    """Mutants of the solution `name` are about to be run."""

    name: str
    total: int


@dataclass(frozen=True, slots=True)
class MutantJudged:
    """A mutant has been run."""

    mutant: Mutant
    fate: Fate


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything has been run."""

    report: CheckReport


Event = SolutionChecked | MutantsMade | MutantJudged | Finished


def check(
    challenge: Challenge, solutions: Sequence[Solution], options: Options | None = None
) -> Iterator[Event]:
    """Run the solutions of a challenge, then mutants of the reference when none was refused. Ends with Finished.

    Raises ValidationFailed when the kind, the spec or an answer is wrong, SandboxUnavailable where nothing can be run.
    """
    options = options or Options()
    grader = grader_for(challenge.kind)
    grader.check_spec(challenge.spec)
    for solution in solutions:
        _check_answer(grader, challenge, solution)
    checked: list[Checked] = []
    with _workers(options.jobs) as workers:
        running = [workers.submit(run_solution, challenge, solution) for solution in solutions]
        for future in running:
            checked.append(future.result())
            yield SolutionChecked(checked[-1], len(solutions))
        found = yield from _mutated(challenge, solutions, (checked, options, workers))
    told = warnings(challenge, solutions)
    if isinstance(found, str):
        yield Finished(CheckReport(tuple(checked), told, no_strength=found))
    else:
        yield Finished(CheckReport(tuple(checked), told, found))


def _check_answer(grader: Grader, challenge: Challenge, solution: Solution) -> None:
    try:
        grader.check_answer(challenge.spec, solution.answer)
    except ValidationFailed as error:
        raise type(error)(
            {f"{solution.name}: {field}": said for field, said in error.errors.items()}
        ) from error


def run_solution(challenge: Challenge, solution: Solution) -> Checked:
    """Grade one solution under the challenge's own limits. Raises SandboxUnavailable."""
    grader = grader_for(challenge.kind)
    if grader.manual:
        return Checked(solution.name, solution.verdict, None, None, "A person decides on these answers.")
    try:
        report = _graded(grader, challenge.spec, solution.answer)
    except SandboxUnavailable:
        raise
    except InfrastructureError as error:
        if absent := _absence(solution):
            return Checked(solution.name, solution.verdict, None, None, f"It was not run: {absent}")
        return Checked(solution.name, solution.verdict, Verdict.INTERNAL_ERROR, False, error.message)
    return judged(challenge, solution, report)


def _absence(solution: Solution) -> str | None:
    """Why this host does not offer a solution's language, if that is so."""
    name = str(solution.answer.get("language", ""))
    return availability(name).reason if name in LANGUAGES else None


def _graded(grader: Grader, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> GradeReport:
    return grader.summarise(spec, list(grader.validate_submission(spec, answer)))


def run_mutant(grader: Grader, spec: Mapping[str, Any], mutant: Mutant) -> Fate:
    """What becomes of a mutant: grading ends with the first test that fails. Raises SandboxUnavailable.

    `spec` is best `tightened`: some mutants never end by themselves.
    """
    answer = {"language": "python", "source": mutant.source}
    try:
        with closing(grader.validate_submission(spec, answer)) as results:
            failed = (result.verdict for result in results if result.verdict is not Verdict.ACCEPTED)
            return fate_of(next(failed, Verdict.ACCEPTED))
    except SandboxUnavailable:
        raise
    except InfrastructureError:
        return Fate.INVALID


@contextmanager
def _workers(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that end, with what they run, when nobody listens any longer. The work itself is done in boxes."""
    workers = ThreadPoolExecutor(max_workers=max(1, jobs), thread_name_prefix="check")
    try:
        yield workers
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def _mutated(
    challenge: Challenge,
    solutions: Sequence[Solution],
    so_far: tuple[Sequence[Checked], Options, ThreadPoolExecutor],
) -> Generator[Event, None, Strength | str]:
    """The strength of the tests, or why it is not known."""
    checked, options, workers = so_far
    grader = grader_for(challenge.kind)
    if grader.queue is not Queue.CODE:
        return NO_PROGRAM
    if options.mutants <= 0:
        return NOT_WANTED
    if any(one.passed is False for one in checked):
        return REFUSED
    original = reference(solutions, checked)
    if original is None:
        return NO_REFERENCE
    try:
        made = make_mutants(challenge, original, options.mutants)
    except Unmutable as error:
        return f"{original.name}: {error.message}"
    yield MutantsMade(original.name, len(made.chosen))
    used = next(one.cpu_ms for one in checked if one.name == original.name)
    spec = tightened(challenge.spec, mutant_seconds(used))
    running: dict[Future[Fate], Mutant] = {
        workers.submit(run_mutant, grader, spec, mutant): mutant for mutant in made.chosen
    }
    for future in as_completed(running):
        yield MutantJudged(running[future], future.result())
    fates = [(mutant, future.result()) for future, mutant in running.items()]
    return strength(original.name, fates, made.possible)


def make_mutants(challenge: Challenge, original: Solution, most: int = MOST_MUTANTS) -> Mutants:
    """The mutants of a Python solution of that challenge. Raises Unmutable."""
    return mutants(original.answer["source"], most, imported=challenge.kind in IMPORTING)
