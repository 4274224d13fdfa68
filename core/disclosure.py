"""What may be shown of groups of learners: nothing of a group so small that its members could be told apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# Learners. Smaller groups are not described.
SMALLEST = 5


class Reason(StrEnum):
    """Why a number is not told."""

    FEWER_THAN_5 = "fewer_than_5_learners"
    NO_CATEGORY = "no_category"
    ALL_ALIKE = "all_scores_alike"
    NOT_TIMED = "fewer_than_5_timed"
    NO_REST = "fewer_than_5_with_other_challenges"
    NO_EXTREMES = "fewer_than_5_in_each_group"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, on how many learners it rests, and the bounds that go with it. Without a value, the reason."""

    value: float | None = None
    learners: int | None = None
    low: float | None = None
    high: float | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """So many answers say `value`. `learners` are the ids of those who gave them; SMALLEST of them are enough."""

    value: str
    count: int
    learners: frozenset[int]

    @property
    def is_small(self) -> bool:
        return 0 < len(self.learners) < SMALLEST


@dataclass(frozen=True, slots=True)
class Others:
    """So many answers say one of `values` things that are not told."""

    values: int
    count: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """How often each value comes, the most frequent first. Without cells and others when nothing may be told."""

    cells: tuple[Cell, ...] = ()
    others: Others | None = None


def figure(
    value: float | None,
    learners: int,
    bounds: tuple[float, float] | None = None,
    *,
    few: Reason | None = None,
) -> Figure:
    """The number, unless it rests on too few learners (`few` says it in other words) or all their scores are alike."""
    if learners < SMALLEST:
        return Figure(reason=few or Reason.FEWER_THAN_5)
    if value is None:
        return Figure(learners=learners, reason=Reason.ALL_ALIKE)
    low, high = bounds or (None, None)
    return Figure(value, learners, low, high)


def disclose(cells: Iterable[Cell], most: int = 20) -> Distribution:
    """What may be told of these cells: at most `most` of them, each of SMALLEST learners or of nobody, and the others.

    The others are never fewer than SMALLEST learners either: else whoever knows the total could subtract what is shown.
    So the smallest cell that could be shown joins them until they are enough.
    """
    ordered = sorted(cells, key=lambda cell: (-cell.count, cell.value))
    shown = [cell for cell in ordered if not cell.is_small]
    hidden = [cell for cell in ordered if cell.is_small] + shown[most:]
    del shown[most:]
    filled = [cell for cell in shown if cell.learners]
    while hidden and len(_learners(hidden)) < SMALLEST and filled:
        hidden.append(filled.pop())
    if hidden and len(_learners(hidden)) < SMALLEST:
        return Distribution()
    kept = tuple(cell for cell in shown if cell not in hidden)
    return Distribution(kept, Others(len(hidden), sum(cell.count for cell in hidden)) if hidden else None)


def _learners(cells: Iterable[Cell]) -> frozenset[int]:
    return frozenset().union(*(cell.learners for cell in cells))
