"""A challenge as it is shown and asked for in a chat."""

from dataclasses import replace

import pytest

from bot.html import LIMIT, length
from bot.messages.challenge import answer_keyboard, challenge_messages
from bot.views import HintOffer, OpenChallenge
from core.words import Difficulty, ProgressStatus
from graders.registry import GRADERS
from tests.functional.telegram.telegram_html import plain_text

TEXT = OpenChallenge(
    id=7,
    version=2,
    title="Capital",
    description="Which *city*?",
    category="Geography",
    difficulty=Difficulty.BEGINNER,
    points=10,
    kind="text",
    spec={"ignore_case": True},
    languages=(),
    attempts_max=None,
    attempts=0,
    status=ProgressStatus.STARTED,
)
CITIES = [{"id": "p", "text": "Paris", "correct": True}, {"id": "r", "text": "Rome"}]


def choice(options=CITIES, **spec):
    return replace(TEXT, kind="choice", spec=GRADERS["choice"].redact({"options": options, **spec}))


def program(*cases, **fields):
    spec = {"groups": [{"name": "s", "sample": True, "cases": list(cases)}, {"name": "m", "cases": [HIDDEN]}]}
    shown = GRADERS["code.batch"].redact(spec)
    return replace(TEXT, kind="code.batch", spec=shown, languages=("python", "c"), **fields)


HIDDEN = {"input": "hidden-in", "output": "hidden-out"}


def text_of(challenge):
    messages = challenge_messages(challenge)
    assert all(length(message.text) <= LIMIT for message in messages)
    assert all(not message.keyboard for message in messages[:-1])
    return "\n\n".join(plain_text(message.text) for message in messages)


def labels(keyboard):
    return [button.text for row in keyboard for button in row]


def test_a_question_shows_what_it_is_worth_and_how_to_answer():
    assert text_of(TEXT).splitlines() == [
        "7. Capital",
        "Geography · beginner · 10 points",
        "",
        "Which city?",
        "",
        "✍️ Your next message is your answer. Capital or small letters are the same. /cancel to leave.",
    ]


def test_a_number_is_asked_with_its_unit():
    asked = replace(TEXT, kind="numeric", spec={"unit_required": True})
    assert "a number with its unit" in text_of(asked)


def test_short_options_stand_on_the_buttons_alone():
    assert "Paris" not in text_of(choice())
    assert labels(answer_keyboard(choice())) == ["A. Paris", "B. Rome"]


def test_long_options_stand_in_the_text_and_the_buttons_carry_their_letters():
    long = [{"id": "a", "text": "A very long option " * 5, "correct": True}, {"id": "b", "text": "Rome"}]
    assert f"A. {long[0]['text']}" in text_of(choice(long))
    assert labels(answer_keyboard(choice(long))) == ["A", "B. Rome"]


def test_an_endless_option_is_cut_between_messages():
    endless = [{"id": "a", "text": "`x` & " * 700, "correct": True}, {"id": "b", "text": "Rome"}]
    assert "B. Rome" in text_of(choice(endless))


def test_a_multiple_choice_has_boxes_and_submit():
    keyboard = answer_keyboard(choice(multiple=True), selected=2)
    assert labels(keyboard) == ["☐ A. Paris", "☑ B. Rome", "✅ Submit"]
    assert "Tap all that apply, then Submit" in text_of(choice(multiple=True))
    assert "Tap 2, then" in text_of(choice(multiple=True, min_selections=2, max_selections=2))


def test_a_program_shows_its_samples_limits_and_languages_and_nothing_hidden():
    text = text_of(program({"input": "1 2\n", "output": "3\n"}))
    assert "Example · input:\n1 2\noutput:\n3" in text
    assert "Limits per test: 2 s of CPU, 256 MB." in text
    assert "as a file (solution.py)" in text
    assert "Languages: Python 3, C 17 (gcc)." in text
    assert "hidden" not in text


def test_a_function_shows_its_name_and_sample_calls():
    cases = [{"args": [1, 2], "returns": 3}, {"args": ["x", 1], "raises": "TypeError"}]
    spec = {"function": "add", "groups": [{"name": "s", "sample": True, "cases": cases}]}
    shown = GRADERS["code.function"].redact(spec)
    text = text_of(replace(TEXT, kind="code.function", spec=shown, languages=("python",)))
    assert "Write a function add." in text
    assert "add(1, 2)\n→ 3" in text
    assert "→ raises TypeError" in text
    assert "Send your program" in text


def test_sample_tests_are_shown_as_code():
    shown = {"sample_tests": "assert add(1, 2) == 3 < 4", "limits": None}
    messages = challenge_messages(replace(program(), spec=shown))
    assert "<pre>assert add(1, 2) == 3 &lt; 4</pre>" in messages[-1].text


def test_many_and_large_samples_are_bounded():
    text = text_of(program(*[{"input": "x" * 9000, "output": "<&>" * 3000}] * 5))
    assert text.count("Example · input") == 3
    assert "…and 2 more examples." in text


def test_attempts_are_counted_down_to_no_buttons():
    assert "Attempts left: 2 of 3." in text_of(replace(choice(), attempts_max=3, attempts=1))
    spent = replace(choice(), attempts_max=3, attempts=4)
    assert text_of(spent).endswith("🚫 You have no attempts left for this challenge.")
    assert challenge_messages(spent)[-1].keyboard == ()


def test_a_solved_challenge_says_so():
    assert "✅ You have solved it." in text_of(replace(TEXT, status=ProgressStatus.COMPLETED))


def test_a_kind_that_a_chat_cannot_ask_for_is_sent_to_the_web_page():
    assert "answered on the web page" in text_of(replace(TEXT, kind="no.such", spec={}))


def test_an_endless_statement_is_cut_with_a_pointer_and_still_says_how_to_answer():
    text = text_of(replace(TEXT, description="Long & longer.\n\n" * 3000))
    assert "read the rest on the web page" in text
    assert text.endswith("/cancel to leave.")
    assert len(challenge_messages(replace(TEXT, description="word " * 9000))) == 4


@pytest.mark.parametrize("count", [2, 27, 50])
def test_every_option_has_a_letter_of_its_own(count):
    options = [{"id": f"o{n}", "text": "long " * 20, "correct": n == 0} for n in range(count)]
    assert len(set(labels(answer_keyboard(choice(options))))) == count


def test_a_locked_question_says_what_to_do_first_and_has_no_buttons():
    locked = replace(choice(), locked="solve “A < B”")
    assert "🔒 This challenge is locked. First solve “A < B”." in text_of(locked)
    assert answer_keyboard(locked) == ()


def test_a_hint_has_a_button_below_the_options():
    offered = replace(choice(), hint=HintOffer(7, "Capital", 1, 1, 2))
    assert labels(answer_keyboard(offered)) == ["A. Paris", "B. Rome", "💡 Hint 1 of 1 (−2 points)"]


def test_what_a_right_answer_is_worth_now_is_said_where_it_is_less():
    assert "10 points, 8 now" in text_of(replace(TEXT, available=8))
    assert "10 points\n" in text_of(replace(TEXT, available=10))
