"""What the answers to one revision of a challenge say about it: for authors, never about a learner.

Only graded answers of learners count; authors try things out. "First answers" are those of learners who had not
answered an earlier revision. PostgreSQL adds up. What needs every learner's other challenges, or looks into answers
and results, comes from a sample whose size bounds the work. See docs/statistics.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from core import statistics
from core.disclosure import SMALLEST, Cell, Distribution, Figure, Reason, disclose, figure
from core.models.challenge import Challenge, Revision
from core.services.statistics_queries import (
    ANSWER_MAX,
    CELLS,
    EXAMINED,
    FIRST_ANSWERS,
    OTHERS_MIN,
    SAMPLE,
    TESTS,
    TOTALS,
)


@dataclass(frozen=True, slots=True)
class Totals:
    """What all answers add up to. Seconds; the quartiles of the time are `low` and `high` of its median."""

    learners: int | None
    answers: int | None
    reason: Reason | None
    attempts_mean: Figure
    attempts_median: Figure
    solved: Figure
    facility: Figure
    solving_seconds: Figure


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """A learner's first answer (None where it is not needed, or too long), its score, and the learner's rest score."""

    learner: int
    score: float
    rest: float | None
    answer: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class FailingTest:
    """`failed` of the `ran` examined answers that ran the test failed it."""

    group: str
    name: str
    ran: int
    failed: int

    @property
    def share(self) -> float:
        """0..1"""
        return self.failed / self.ran


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests that most answers fail, and which they fail first (`group/name`)."""

    failing: tuple[FailingTest, ...]
    first: Distribution


def read_totals(session: Session, revision: Revision) -> Totals:
    """Attempts, success and time of everybody. Solved carries Wilson's interval of 95 %."""
    row = session.execute(TOTALS, _of(revision)).one()
    few = row.learners < SMALLEST
    bounds = None if few else statistics.wilson_interval(row.solved, row.learners)
    lower, median, upper = row.quartiles or (0.0, None, 0.0)
    return Totals(
        learners=None if few else row.learners,
        answers=None if few else int(row.answers),
        reason=Reason.FEWER_THAN_5 if few else None,
        attempts_mean=figure(_number(row.attempts_mean), row.learners),
        attempts_median=figure(row.attempts_median, row.learners),
        solved=figure(None if few else row.solved / row.learners, row.learners, bounds),
        facility=figure(row.facility, row.first_answers),
        solving_seconds=figure(median, row.timed, (lower, upper), few=Reason.NOT_TIMED),
    )


def read_distributions(session: Session, revision: Revision) -> dict[str, Distribution]:
    """Of `verdicts` and `languages` over all answers, of `scores` (rounded down to tenths) over first ones."""
    cells: dict[str, list[Cell]] = defaultdict(list)
    for of, value, count, members in session.execute(CELLS, _of(revision)):
        cells[of].append(Cell(value, count, frozenset(members)))
    return {of: disclose(cells[of]) for of in ("verdicts", "languages", "scores")}


def read_first_answers(session: Session, revision: Revision, with_answers: bool) -> list[FirstAnswer]:
    """A sample of the learners' first answers."""
    bounds = {"most": SAMPLE, "others": OTHERS_MIN, "answers": with_answers, "longest": ANSWER_MAX}
    rows = session.execute(FIRST_ANSWERS, _of(revision) | bounds)
    return [FirstAnswer(*row) for row in rows]


def discrimination(firsts: Sequence[FirstAnswer], challenge: Challenge) -> tuple[Figure, Figure]:
    """How well the challenge tells strong learners from weak ones: item-rest correlation, and Kelley's index.

    Both from first scores and rest scores; the correlation carries Fisher's interval of 95 %. The index needs 17
    learners, so that SMALLEST are in each of its groups.
    """
    if challenge.category_id is None:
        return Figure(reason=Reason.NO_CATEGORY), Figure(reason=Reason.NO_CATEGORY)
    known = [(first.score, first.rest) for first in firsts if first.rest is not None]
    scores, rests = [score for score, _ in known], [rest for _, rest in known]
    r, n = statistics.item_rest_correlation(scores, rests), len(known)
    bounds = None if r is None else statistics.fisher_interval(r, n)
    index = None if r is None else statistics.upper_lower_index(scores, rests)
    if statistics.extreme_size(n) < SMALLEST:
        return figure(r, n, bounds, few=Reason.NO_REST), Figure(reason=Reason.NO_REST)
    return figure(r, n, bounds), figure(index, n)


def read_tests(session: Session, revision: Revision) -> Tests | None:
    """Which tests the newest answers fail; those that fewer than SMALLEST learners failed are not named.

    None when the answers have one result each, as questions do.
    """
    rows = session.execute(TESTS, _of(revision) | {"most": EXAMINED}).all()
    if len(rows) < 2:
        return None
    failing = [FailingTest(r.group, r.name, r.ran, r.failed) for r in rows if len(r.failing) >= SMALLEST]
    first = [Cell(f"{r.group}/{r.name}", r.first, frozenset(r.failing_first)) for r in rows if r.first]
    failing.sort(key=lambda test: (-test.share, test.group, test.name))
    return Tests(tuple(failing[:20]), disclose(first))


def _of(revision: Revision) -> dict[str, Any]:
    return {"challenge": revision.challenge_id, "revision": revision.number}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
