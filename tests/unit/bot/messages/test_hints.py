"""Hints and editorials as a chat shows them."""

import pytest

from bot.messages.hints import editorial_messages, hint_keyboard, hint_messages, question
from bot.views import HintOffer
from tests.functional.telegram.telegram_html import plain_text

OFFER = HintOffer(challenge_id=7, title="Capital <1>", number=1, count=2, cost=2)


def labels(keyboard):
    return [button.text for row in keyboard for button in row]


@pytest.mark.parametrize(
    ("cost", "label"),
    [
        (0, "💡 Hint 1 of 2 (free)"),
        (1, "💡 Hint 1 of 2 (−1 point)"),
        (2, "💡 Hint 1 of 2 (−2 points)"),
    ],
)
def test_a_button_says_what_the_hint_costs(cost, label):
    assert labels(hint_keyboard(HintOffer(7, "Capital", 1, 2, cost))) == [label]


def test_before_a_hint_is_bought_the_learner_reads_what_it_costs():
    asked = question(OFFER)
    assert "Hint 1 of 2 for Capital <1> costs 2 points" in plain_text(asked.text)
    assert [button.data for row in asked.keyboard for button in row] == ["buy:7:1"]


def test_a_hint_comes_with_a_button_for_the_next_one():
    bought = HintOffer(7, "Capital", 1, 2, 2, text="It begins with **P**.")
    (message,) = hint_messages(bought, HintOffer(7, "Capital", 2, 2, 3))
    assert "It begins with <b>P</b>." in message.text
    assert labels(message.keyboard) == ["💡 Hint 2 of 2 (−3 points)"]
    assert hint_messages(bought, None)[0].keyboard == ()


def test_a_long_editorial_is_cut():
    messages = editorial_messages("Capital", "\n\n".join(["word " * 700] * 9))
    assert len(messages) == 5
    assert "read the rest on the web page" in messages[-1].text
