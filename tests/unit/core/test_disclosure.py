"""No small group is described, not even by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.disclosure import SMALLEST, Cell, Distribution, Reason, disclose, figure

# By value, who gave it how often; learners may be in several cells, as they are with verdicts.
learners = st.lists(st.integers(1, 40), max_size=14)
cells = st.lists(learners, max_size=8).map(
    lambda given: [Cell(f"v{n}", len(by), frozenset(by)) for n, by in enumerate(given)]
)


def cell(value: str, learners: int, start: int = 0) -> Cell:
    return Cell(value, learners, frozenset(range(start, start + learners)))


@given(cells)
def test_whatever_is_told_is_about_enough_learners(given_cells):
    told = disclose(given_cells)
    hidden = [cell for cell in given_cells if cell not in told.cells]
    assert all(len(cell.learners) >= SMALLEST or not cell.learners for cell in told.cells)
    if told.others:
        assert len(frozenset().union(*(cell.learners for cell in hidden))) >= SMALLEST
        assert told.others.values == len(hidden)
    if told != Distribution():
        shown = sum(cell.count for cell in told.cells) + (told.others.count if told.others else 0)
        assert shown == sum(cell.count for cell in given_cells)


@given(cells)
def test_the_order_of_the_cells_does_not_matter(given_cells):
    assert disclose(given_cells) == disclose(given_cells[::-1])


def test_large_cells_are_told_the_most_frequent_first():
    told = disclose([cell("a", 6), cell("b", 9, 20)])
    assert [(one.value, one.count) for one in told.cells] == [("b", 9), ("a", 6)]
    assert told.others is None


def test_a_small_cell_takes_the_next_one_with_it():
    told = disclose([cell("a", 9), cell("b", 6, 20), cell("c", 3, 40)])
    assert [one.value for one in told.cells] == ["a"]
    assert (told.others.values, told.others.count) == (2, 9)


def test_small_cells_that_are_enough_together_leave_the_rest_alone():
    told = disclose([cell("a", 9), cell("b", 3, 20), cell("c", 3, 40)])
    assert [one.value for one in told.cells] == ["a"]
    assert (told.others.values, told.others.count) == (2, 6)


def test_many_answers_of_one_learner_are_still_one_learner():
    assert disclose([Cell("a", 50, frozenset({1}))]) == Distribution()


def test_what_nobody_chose_may_be_told():
    assert [one.value for one in disclose([cell("a", 7), cell("never", 0)]).cells] == ["a", "never"]


def test_a_long_list_is_cut():
    told = disclose([cell(f"{n:02}", 5, 5 * n) for n in range(30)], most=20)
    assert len(told.cells) == 20
    assert told.others.count == 50


def test_a_figure_says_why_it_is_missing():
    assert figure(0.5, 4).reason is Reason.FEWER_THAN_5
    assert figure(0.5, 4).value is None
    assert figure(0.5, 4, few=Reason.NOT_TIMED).reason is Reason.NOT_TIMED
    assert figure(None, 9).reason is Reason.ALL_ALIKE
    assert (figure(0.5, 5).value, figure(0.5, 5).reason) == (0.5, None)
