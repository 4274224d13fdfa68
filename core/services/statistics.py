"""What the answers to one revision of a challenge say about it: for authors, never about a learner.

Only graded answers of learners count; authors try things out. "First answers" are those of learners who had not
answered an earlier revision. PostgreSQL adds up. What needs every learner's other challenges, or looks into answers
and results, comes from a sample whose size bounds the work. See docs/statistics.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core import statistics
from core.disclosure import SMALLEST, Cell, Distribution, Figure, Reason, disclose, figure
from core.models.challenge import Challenge, Revision
from core.services.statistics_queries import FIRST_ANSWERS, NEWEST, OVERVIEW, TESTS

TESTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Totals:
    """What all answers add up to. Seconds; the quartiles of the time are `low` and `high` of its median.

    Not `complete`: only the challenge's newest submissions were looked at, because there are very many.
    """

    complete: bool
    learners: int | None
    answers: int | None
    reason: Reason | None
    attempts_mean: Figure
    attempts_median: Figure
    solved: Figure
    facility: Figure
    solving_seconds: Figure


@dataclass(frozen=True, slots=True)
class Overview:
    """The totals, and the distributions of verdicts and languages (of all answers) and of scores (of first ones).

    `sample` and `newest` are ids of submissions: first answers of learners taken by chance, and the latest answers.
    """

    totals: Totals
    verdicts: Distribution
    scores: Distribution
    languages: Distribution
    sample: list[int]
    newest: list[int]


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


def read_overview(session: Session, revision: Revision) -> Overview:
    """What every answer to the revision adds up to, and whose answers are to be looked at more closely."""
    of = {"challenge": revision.challenge_id, "revision": revision.number, "newest": NEWEST}
    row = session.execute(OVERVIEW, of).one()
    cells: dict[str, list[Cell]] = defaultdict(list)
    for told in row.distributions or ():
        cells[told["of"]].append(Cell(told["value"], told["n"], frozenset(told["members"])))
    verdicts, scores, languages = (disclose(cells[of]) for of in ("verdicts", "scores", "languages"))
    histogram = replace(scores, cells=tuple(sorted(scores.cells, key=lambda cell: cell.value)))
    return Overview(_totals(row), verdicts, histogram, languages, row.sample, row.newest)


def _totals(row: Row[Any]) -> Totals:
    few = row.learners < SMALLEST
    lower, median, upper = row.quartiles or (0.0, None, 0.0)
    return Totals(
        complete=row.complete,
        learners=None if few else row.learners,
        answers=None if few else row.answers,
        reason=Reason.FEWER_THAN_5 if few else None,
        attempts_mean=figure(row.attempts_mean, row.learners),
        attempts_median=figure(row.attempts_median, row.learners),
        solved=_share(row.solved, row.learners),
        facility=figure(row.facility, row.first_answers),
        solving_seconds=figure(median, row.timed, (lower, upper), few=Reason.NOT_TIMED),
    )


def _share(some: int, learners: int) -> Figure:
    if not learners:
        return figure(None, learners)
    return figure(some / learners, learners, statistics.wilson_interval(some, learners))


def read_first_answers(session: Session, overview: Overview, countable: bool) -> list[FirstAnswer]:
    """Of the sampled learners; with what they answered only when that is `countable`."""
    rows = session.execute(FIRST_ANSWERS, {"sample": overview.sample, "countable": countable})
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
    correlation = figure(r, n, bounds, few=Reason.NO_REST)
    if n >= SMALLEST > statistics.extreme_size(n):
        return correlation, Figure(reason=Reason.NO_EXTREMES)
    index = None if r is None else statistics.upper_lower_index(scores, rests)
    return correlation, figure(index, n, few=Reason.NO_REST)


def read_tests(session: Session, overview: Overview) -> Tests | None:
    """Which tests the newest answers fail; those that fewer than SMALLEST learners failed are not named.

    None when the answers have one result each, as questions do.
    """
    rows = session.execute(TESTS, {"newest": overview.newest}).all()
    if len(rows) < 2:
        return None
    failing = [FailingTest(r.group, r.name, r.ran, r.failed) for r in rows if len(r.failing) >= SMALLEST]
    first = [Cell(f"{r.group}/{r.name}", r.first, frozenset(r.failing_first)) for r in rows if r.first]
    failing.sort(key=lambda test: (-test.share, test.group, test.name))
    return Tests(tuple(failing[:TESTS_SHOWN]), disclose(first))
