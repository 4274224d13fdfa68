"""Trees of prerequisites: their form, what is left of them, and how that is said."""

import pytest

from core.prerequisites import Standing, both, challenges_in, missing, sentence, tree_errors

ONE, TWO = {"challenge": 1}, {"challenge": 2}
DEEP = {"all": [{"any": [{"all": [{"any": [{"all": [{"any": [ONE]}]}]}]}]}]}
NESTED = {"all": [ONE, {"any": [TWO, {"points": 100}]}]}
SEEN = Standing(titles={1: "A", 2: "B"}, points=40)


@pytest.mark.parametrize(
    "tree",
    [ONE, {"points": 5}, {"all": [ONE, {"any": [TWO, {"points": 100}]}]}],
)
def test_decent_trees_are_taken(tree):
    assert tree_errors(tree) == {}


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({}, "prerequisites"),
        ([], "prerequisites"),
        ({"challenge": 1, "points": 2}, "prerequisites"),
        ({"either": [ONE]}, "prerequisites"),
        ({"all": []}, "prerequisites.all"),
        ({"all": ONE}, "prerequisites.all"),
        ({"challenge": 0}, "prerequisites.challenge"),
        ({"challenge": True}, "prerequisites.challenge"),
        ({"challenge": "1"}, "prerequisites.challenge"),
        ({"points": 1.5}, "prerequisites.points"),
        ({"all": [ONE, {"any": [{"points": -1}]}]}, "prerequisites.all.1.any.0.points"),
        (DEEP, "prerequisites.all.0.any.0.all.0.any.0.all.0"),
        ({"all": [{"any": [ONE] * 30}, {"any": [TWO] * 30}]}, "prerequisites"),
    ],
)  # fmt: skip
def test_a_bad_tree_is_refused_where_it_is_bad(tree, path):
    assert list(tree_errors(tree)) == [path]


def test_the_challenges_of_a_tree_are_found_at_every_depth():
    assert challenges_in({"all": [ONE, {"any": [TWO, {"points": 3}]}]}) == {1, 2}


@pytest.mark.parametrize(
    ("tree", "met"),
    [(ONE, {1}), ({"any": [ONE, TWO]}, {2}), ({"all": [ONE, TWO]}, {1, 2}), ({"points": 40}, set())],
)
def test_nothing_is_missing_when_the_tree_is_fulfilled(tree, met):
    assert missing(tree, Standing(frozenset(met), points=40)) is None


@pytest.mark.parametrize(
    ("tree", "met", "said"),
    [
        (ONE, set(), "solve “A”"),
        ({"all": [ONE, TWO]}, {1}, "solve “B”"),
        (NESTED, set(), "solve “A” and (solve “B” or reach 100 points (you have 40))"),
        ({"challenge": 3}, set(), "solve a challenge that is not published yet"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_in_words(tree, met, said):
    left = missing(tree, Standing(frozenset(met), SEEN.titles, SEEN.points))
    assert sentence(left) == said


def test_a_hidden_challenge_is_not_named():
    assert missing({"challenge": 3}, SEEN) == {"challenge": None, "title": None}


def test_what_tracks_demand_comes_besides_the_tree():
    assert both(None, []) is None
    assert both(ONE, []) == ONE
    assert both(None, [2]) == TWO
    assert both(ONE, [2]) == {"all": [ONE, TWO]}
