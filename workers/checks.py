"""What the graded solutions of a challenge say about it: publish it, refuse it, or try its tests on mutants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core.grading import CaseResult, GradeReport, Queue, Verdict
from core.models.batch import Batch, Grading
from core.models.challenge import Revision
from core.services.batches import NewGrading, add_gradings, end_batch, gradings_of
from core.services.publication import publish_if_unchanged
from core.services.revisions import get_revision
from core.words import BatchStatus, GradingStatus
from graders.registry import grader_for
from graders.strength import check
from graders.strength.check import make_mutants
from graders.strength.gate import Challenge, Solution, judged, mutant_seconds, reference, warnings
from graders.strength.mutants import Mutant
from graders.strength.report import Checked, CheckReport, Fate, Recalled, Strength, fate_of, strength
from graders.strength.text import Unmutable

# What verify makes unless it is told otherwise.
MUTANTS = 100
MUTANT = "mutant"  # in the details of a grading: the mutant, as its as_dict says
WE_FAILED = "We could not grade every solution, which is our failure: ask for the check again."
CHANGED = "It was changed meanwhile, so it was not published."


@dataclass(frozen=True, slots=True)
class Examined:
    """A batch, the revision that it is about, and what its solutions got."""

    batch: Batch
    revision: Revision
    solutions: tuple[Solution, ...]
    checked: tuple[Checked, ...]
    mutants: tuple[Grading, ...]

    @property
    def challenge(self) -> Challenge:
        return Challenge(self.revision.kind, self.revision.spec)

    def report(self, strong: Strength | None = None, no_strength: str | None = None) -> CheckReport:
        return CheckReport(self.checked, warnings(self.challenge, self.solutions), strong, no_strength)


def settle_publish(session: Session, batch: Batch) -> None:
    """Publish the challenge when each solution got what it promises; else it is refused and stays as it is."""
    found = _examined(session, batch)
    report = found.report(no_strength=check.NOT_WANTED)
    if _failed(found):
        _end(batch, BatchStatus.FAILED, report, WE_FAILED)
    elif not report.passed:
        _end(batch, BatchStatus.REFUSED, report)
    elif publish_if_unchanged(session, batch):
        _end(batch, BatchStatus.PASSED, report)
    else:
        _end(batch, BatchStatus.CANCELLED, report, CHANGED)


def settle_verify(session: Session, batch: Batch) -> None:
    """First the solutions; then, when all passed and one of them is a Python reference, its mutants."""
    found = _examined(session, batch)
    if _failed(found):
        _end(batch, BatchStatus.FAILED, found.report(no_strength=WE_FAILED), WE_FAILED)
    elif not found.report().passed:
        _end(batch, BatchStatus.REFUSED, found.report(no_strength=check.REFUSED))
    elif found.mutants:
        _settle_mutants(found)
    elif reason := _queue_mutants(session, found):
        _end(batch, BatchStatus.PASSED, found.report(no_strength=reason))


def _examined(session: Session, batch: Batch) -> Examined:
    revision = get_revision(session, batch.challenge_id, batch.revision)
    solutions = tuple(Solution.parse(entry) for entry in revision.solutions)
    rows = gradings_of(session, batch.id)
    own = {row.name: row for row in rows if MUTANT not in row.details}
    challenge = Challenge(revision.kind, revision.spec)
    checked = tuple(_checked(challenge, solution, own.get(solution.name)) for solution in solutions)
    return Examined(batch, revision, solutions, checked, tuple(row for row in rows if MUTANT in row.details))


def _checked(challenge: Challenge, solution: Solution, row: Grading | None) -> Checked:
    if row is None:
        reason = "A person decides on these answers."
        return Checked(solution.name, solution.verdict, None, None, reason)
    if row.status is GradingStatus.FAILED:
        reason = f"We could not grade it: {row.failure}"
        return Checked(solution.name, solution.verdict, Verdict.INTERNAL_ERROR, False, reason)
    return judged(challenge, solution, report_of(row))


def report_of(row: Grading) -> GradeReport:
    """What the worker wrote down of a graded answer."""
    if row.verdict is None or row.score is None:
        raise ValueError(f"grading {row.id} has no verdict")
    results = tuple(_result(fields) for fields in row.results or [])
    return GradeReport(row.verdict, row.score, results, row.compile_output)


def _result(fields: dict[str, Any]) -> CaseResult:
    return CaseResult(**{**fields, "verdict": Verdict(fields["verdict"])})


def _failed(found: Examined) -> bool:
    """Whether we failed: no word about the challenge."""
    unjudged = [row for row in found.mutants if row.status is GradingStatus.FAILED]
    own = any(one.verdict is Verdict.INTERNAL_ERROR for one in found.checked)
    return own or (bool(unjudged) and len(unjudged) == len(found.mutants))


def _queue_mutants(session: Session, found: Examined) -> str | None:
    """Have the mutants of the reference graded; why not, when there are none."""
    if grader_for(found.revision.kind).queue is not Queue.CODE:
        return check.NO_PROGRAM
    most = found.batch.details.get("mutants", MUTANTS)
    if not most:
        return check.NOT_WANTED
    original = reference(found.solutions, found.checked)
    if original is None:
        return check.NO_REFERENCE
    try:
        made = make_mutants(found.challenge, original, most)
    except Unmutable as error:
        return f"{original.name}: {error.message}"
    if not made.chosen:
        return f"{original.name}: There is nothing in it that could be changed."
    used = next(one.cpu_ms for one in found.checked if one.name == original.name)
    found.batch.details = {**found.batch.details, "possible": made.possible, "solution": original.name}
    add_gradings(session, found.batch, _gradings(made.chosen, mutant_seconds(used)))
    return None


def _gradings(mutants: Sequence[Mutant], seconds: float) -> Iterator[NewGrading]:
    for mutant in mutants:
        answer = {"language": "python", "source": mutant.source}
        details = {MUTANT: mutant.as_dict()}
        yield NewGrading(mutant.id, answer, "python", cpu_seconds=seconds, details=details)


def _settle_mutants(found: Examined) -> None:
    details = found.batch.details
    fates = [(Recalled(row.details[MUTANT]), _fate(row)) for row in found.mutants]
    strong = strength(details["solution"], fates, details["possible"])
    _end(found.batch, BatchStatus.PASSED, found.report(strong))


def _fate(row: Grading) -> Fate:
    """The first test that did not accept it says it; one that we could not grade is left out."""
    if row.status is GradingStatus.FAILED or row.verdict is None:
        return Fate.INVALID
    verdicts = (Verdict(result["verdict"]) for result in row.results or [])
    return fate_of(next((one for one in verdicts if one is not Verdict.ACCEPTED), row.verdict))


def _end(batch: Batch, status: BatchStatus, report: CheckReport, failure: str | None = None) -> None:
    passed = {"passed": status is BatchStatus.PASSED}
    end_batch(batch, status, report.as_dict() | passed | {"failure": failure})
