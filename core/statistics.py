"""Figures of classical test theory about one challenge. Pure; see docs/statistics.md for how to read them.

Scores are 0..1. The rest score of a learner is how well they did in the other challenges of the category.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

# Of the normal distribution: 95 % lie within so many standard deviations.
Z95 = statistics.NormalDist().inv_cdf(0.975)
# Of the learners in each of the two groups that are compared. T. L. Kelley, The selection of upper and lower groups
# for the validation of test items, Journal of Educational Psychology 30 (1939): groups of 27 % differ most reliably.
EXTREME = 0.27


def wilson_interval(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Between which two shares (0..1) the true one lies, when `successes` of `n` > 0 were seen.

    The score interval of E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927): centre (s + z^2/2) / (n + z^2), half width
    z / (n + z^2) sqrt(s (n - s) / n + z^2 / 4). Unlike s/n +- z sqrt(p (1 - p) / n) it stays in [0, 1] and has a
    width when nobody or everybody succeeded.
    """
    centre = (successes + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(successes * (n - successes) / n + z * z / 4)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def item_rest_correlation(scores: Sequence[float], rests: Sequence[float]) -> float | None:
    """Pearson's correlation (-1..1) of the scores of one item with the learners' rest scores; None when either is flat.

    For scores of 0 and 1 this is the point-biserial correlation. The item itself is no part of the rest, or it would
    correlate with itself: S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28
    (1963).
    """
    if len(scores) < 2 or _flat(scores) or _flat(rests):
        return None
    try:
        return max(-1.0, min(statistics.correlation(scores, rests), 1.0))
    except statistics.StatisticsError:  # differences too small to be squared
        return None


def fisher_interval(r: float, n: int, z: float = Z95) -> tuple[float, float] | None:
    """Between which two values the true correlation lies, when `r` was seen in `n` pairs; None below 4 pairs.

    tanh(artanh(r) +- z / sqrt(n - 3)): R. A. Fisher, On the "probable error" of a coefficient of correlation deduced
    from a small sample, Metron 1 (1921).
    """
    if n < 4:
        return None
    if abs(r) >= 1:
        return r, r
    middle, half = math.atanh(r), z / math.sqrt(n - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


def extreme_size(n: int) -> int:
    """How many of `n` learners make each of the two groups of `upper_lower_index`."""
    return math.floor(EXTREME * n + 0.5)


def upper_lower_index(scores: Sequence[float], rests: Sequence[float]) -> float | None:
    """The mean score of the 27 % with the best rest scores less that of the 27 % with the worst, -1..1; Kelley (1939).

    Learners with equal rest scores at the edge of a group share its last places, so that their order does not matter.
    None when nobody would be in a group.
    """
    size = extreme_size(len(scores))
    if not size:
        return None
    pairs = list(zip(rests, scores, strict=True))
    return _best(pairs, size) - _best([(-rest, score) for rest, score in pairs], size)


def _best(pairs: Sequence[tuple[float, float]], size: int) -> float:
    """The mean score of the `size` pairs (rest, score) with the greatest rest."""
    edge = sorted((rest for rest, _ in pairs), reverse=True)[size - 1]
    inside = [score for rest, score in pairs if rest > edge]
    tied = statistics.fmean(score for rest, score in pairs if rest == edge)
    return (math.fsum(inside) + (size - len(inside)) * tied) / size


def _flat(values: Sequence[float]) -> bool:
    return min(values) == max(values)
