"""What buttons send back fits, and is read as it was written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import (
    FLIP,
    LANGUAGE,
    LIST,
    OPEN,
    PICK,
    SEND,
    Button,
    bits,
    flip_keyboard,
    language_keyboard,
    list_button,
    open_button,
    pick_keyboard,
    read_filter,
)
from bot.views import ListFilter
from core.words import Difficulty
from graders.knowledge.choice import OPTIONS_MAX
from graders.languages import LANGUAGES

BIG = 2**31 - 1
FILTERS = st.builds(ListFilter, st.none() | st.sampled_from(Difficulty), st.none() | st.integers(1, BIG))


@given(st.integers(0, 999_999), FILTERS)
def test_a_list_button_gives_its_page_and_filter_back(page, chosen):
    found = re.match(LIST, list_button("More", page, chosen).data)
    assert (int(found[1]), read_filter(found[2], found[3])) == (page, chosen)


@given(st.sets(st.integers(0, OPTIONS_MAX - 1)))
def test_the_largest_choice_fits_with_any_selection(selected):
    labels = [f"Option {i}" for i in range(OPTIONS_MAX)]
    *boxes, (submit,) = flip_keyboard(BIG, BIG, labels, sum(1 << i for i in selected))
    assert set(bits(int(re.match(SEND, submit.data)[3], 16))) == selected
    for i, (box,) in enumerate(boxes):
        assert int(re.match(FLIP, box.data)[3]) == i
        assert box.text.startswith("☑" if i in selected else "☐")


def test_single_choices_languages_and_challenges_are_read_back():
    ((first,), (second,)) = pick_keyboard(7, 3, ["A", "B"])
    assert re.match(PICK, second.data).groups() == ("7", "3", "1")
    assert first.text == "A"
    assert re.match(OPEN, open_button("Open", BIG).data)[1] == str(BIG)
    for row in language_keyboard(BIG, list(LANGUAGES)):
        assert all(re.match(LANGUAGE, button.data)[2] == button.text for button in row)


def test_a_filter_of_unknown_words_filters_nothing():
    assert read_filter("impossible", "") == ListFilter()


@pytest.mark.parametrize(("text", "data"), [("", "open:1"), ("Open", "x" * 65)])
def test_a_button_that_telegram_would_refuse_cannot_be_made(text, data):
    with pytest.raises(ValueError, match="no button"):
        Button(text, data)
