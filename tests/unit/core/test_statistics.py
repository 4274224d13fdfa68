"""The formulas, against examples that can be checked by hand, and what must hold whatever the scores are."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics import (
    Z95,
    extreme_size,
    fisher_interval,
    item_rest_correlation,
    upper_lower_index,
    wilson_interval,
)

scores = st.floats(0, 1).map(lambda score: round(score, 3))
pairs = st.lists(st.tuples(scores, scores), min_size=4, max_size=60)


def test_wilsons_interval_is_the_published_one():
    # R. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I.
    published = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for seen, bounds in published.items():
        assert wilson_interval(*seen) == pytest.approx(bounds, abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilsons_interval_holds_the_share_and_solves_its_equation(seen):
    successes, n = seen
    low, high = wilson_interval(successes, n)
    share = successes / n
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1
    for bound in (low, high):
        distance = Z95 * math.sqrt(bound * (1 - bound) / n)
        assert abs(share - bound) == pytest.approx(distance, abs=1e-7)


def test_the_correlation_of_a_right_or_wrong_item_is_the_point_biserial():
    right, wrong = [8.0, 7.0, 9.0], [4.0, 6.0, 5.0, 3.0]
    everybody = right + wrong
    # (M1 - M0) / s * sqrt(p q), s of the whole population
    by_hand = (8 - 4.5) / statistics.pstdev(everybody) * math.sqrt(3 / 7 * 4 / 7)
    assert item_rest_correlation([1, 1, 1, 0, 0, 0, 0], everybody) == pytest.approx(by_hand)


@given(pairs)
def test_a_correlation_stays_in_its_range_and_forgets_order_and_scale(given_pairs):
    ones, others = zip(*given_pairs, strict=True)
    r = item_rest_correlation(ones, others)
    turned = item_rest_correlation(ones[::-1], others[::-1])
    stretched = item_rest_correlation(ones, [2 * value + 1 for value in others])
    if r is None:
        assert len(set(ones)) == 1 or len(set(others)) == 1
        return
    assert -1 <= r <= 1
    assert turned == pytest.approx(r, abs=1e-6)
    assert stretched == pytest.approx(r, abs=1e-6)
    assert item_rest_correlation(ones, [-value for value in others]) == pytest.approx(-r, abs=1e-6)


def test_equal_scores_correlate_with_nothing():
    assert item_rest_correlation([1, 1, 1], [0.1, 0.2, 0.3]) is None
    assert item_rest_correlation([0, 1, 1], [0.2, 0.2, 0.2]) is None


def test_fishers_interval_is_that_of_tables():
    # artanh 0.5 = 0.5493; with 28 pairs the half width is 1.96 / 5 = 0.392.
    assert fisher_interval(0.5, 28) == pytest.approx((math.tanh(0.1573), math.tanh(0.9413)), abs=1e-3)
    assert fisher_interval(1.0, 28) == (1.0, 1.0)
    assert fisher_interval(0.5, 3) is None


def test_the_upper_and_lower_27_percent_are_compared():
    # Of 11 learners 3 are in each group: the best score 1, 1, 0.5, the worst 0, 0.5, 0.
    rests = [float(place) for place in range(11)]
    item = [0, 0.5, 0, 1, 1, 1, 1, 1, 1, 1, 0.5]
    assert extreme_size(11) == 3
    assert upper_lower_index(item, rests) == pytest.approx(2.5 / 3 - 0.5 / 3)


def test_those_who_tie_at_the_edge_share_its_places():
    # One of 4 learners is in each group, but two tie for the last place.
    assert upper_lower_index([0, 1, 0.5, 1], [1, 1, 2, 3]) == pytest.approx(1 - 0.5)


@given(pairs, st.randoms(use_true_random=False))
def test_the_index_stays_in_its_range_and_forgets_the_order(given_pairs, random):
    mixed = list(given_pairs)
    random.shuffle(mixed)
    index = upper_lower_index(*zip(*given_pairs, strict=True))
    assert -1 - 1e-9 <= index <= 1 + 1e-9
    assert upper_lower_index(*zip(*mixed, strict=True)) == pytest.approx(index)


def test_nobody_has_no_extremes():
    assert upper_lower_index([1.0], [0.5]) is None
