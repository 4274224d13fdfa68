"""Answers that are not counted, each with a sentence that says how to mend it."""

import pytest

from core.words import ChallengeState

PROGRAM = {
    "languages": ["python", "c"],
    "groups": [{"name": "main", "points": 1, "cases": [{"input": "", "output": "1\n"}]}],
}
CHOICE = {"options": [{"id": "a", "text": "Yes", "correct": True}, {"id": "b", "text": "No"}]}


@pytest.fixture
def program(linked, house):
    """An open challenge that wants a program."""
    challenge = house.challenge(kind="code.batch", spec=PROGRAM)
    linked.write(f"/challenge {challenge.id}")
    linked.reads("Send your program")
    return challenge


def test_an_answer_that_does_not_fit_costs_no_attempt(linked, house):
    challenge = house.challenge(kind="numeric", spec={"value": 3}, attempts_max=1)
    linked.write(f"/challenge {challenge.id}")
    linked.reads("a number")
    linked.write("about three")
    shown = linked.reads("not counted as an attempt")
    assert "Grading" in shown.history[0]
    assert house.submissions == []


def test_no_attempts_left_is_said_and_the_question_has_no_buttons(linked, house, learner):
    challenge = house.challenge(kind="choice", spec=CHOICE, attempts_max=1)
    linked.write(f"/challenge {challenge.id}")
    linked.reads("Tap your answer")
    house.submit(learner, challenge, {"selected": ["b"]})
    linked.tap("Yes")
    linked.reads("used all 1 attempts")
    linked.write(f"/challenge {challenge.id}")
    assert linked.reads("no attempts left").buttons == []


def test_a_written_answer_to_a_choice_is_led_to_the_buttons(linked, house):
    challenge = house.challenge(kind="choice", spec=CHOICE)
    linked.write(f"/challenge {challenge.id}")
    linked.reads("Tap your answer")
    linked.write("Yes")
    linked.reads("Use the buttons under the question")
    assert house.submissions == []


def test_a_question_that_was_changed_is_shown_anew_instead_of_answered(linked, house):
    challenge = house.challenge(kind="choice", spec=CHOICE)
    linked.write(f"/challenge {challenge.id}")
    linked.reads("Tap your answer")
    with house.sessions.begin() as session:
        changed = session.merge(challenge)
        changed.spec = {
            "options": [{"id": "x", "text": "Perhaps", "correct": True}, {"id": "a", "text": "Yes"}]
        }
    linked.tap("Yes")
    linked.reads("changed meanwhile")
    linked.waits(
        lambda shown: any("Perhaps" in b["text"] for b in shown.buttons), "the new options are shown"
    )
    assert house.submissions == []


def test_a_challenge_that_was_archived_takes_no_answer(linked, house):
    challenge = house.challenge()
    linked.write(f"/challenge {challenge.id}")
    linked.reads("next message")
    with house.sessions.begin() as session:
        session.merge(challenge).state = ChallengeState.ARCHIVED
    linked.write("Paris")
    linked.reads("only published challenges take submissions")


def test_submitting_no_option_is_answered_at_the_button(linked, bot_api, house):
    challenge = house.challenge(kind="choice", spec={**CHOICE, "multiple": True})
    linked.write(f"/challenge {challenge.id}")
    linked.reads("then Submit")
    linked.tap("Submit")
    told = {"text": "Select at least one option first."}
    bot_api.wait_until(lambda: bot_api.count("answerCallbackQuery", **told), "the tap is answered")
    assert house.submissions == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("big.py", b"#" * (256 * 1024 + 1), "too big"),
        ("photo.py", b"\x89PNG\r\n\x1a\n", "UTF-8"),
        ("nul.py", b"print(1)\0", "not text"),
        ("blank.py", b" \n", "empty"),
        ("main.cpp", b"int main(){}", "takes no C++"),
    ],
)
def test_a_file_that_is_no_program_is_refused_with_the_reason(program, linked, house, name, data, said):
    linked.upload(name, data)
    linked.reads(said, "Nothing was counted")
    assert house.submissions == []


def test_a_file_for_a_question_is_refused(linked, house):
    challenge = house.challenge()
    linked.write(f"/challenge {challenge.id}")
    linked.reads("next message")
    linked.upload("answer.txt", b"Paris")
    linked.reads("not answered with a file")


def test_code_that_telegram_has_formatted_is_refused(program, linked, house):
    linked.write("if name == main: pass", [{"type": "bold", "offset": 3, "length": 4}])
    linked.reads("turned some of your code into formatting")
    assert house.submissions == []


def test_code_that_an_app_has_cut_in_pieces_is_refused_once(program, linked, house):
    linked.write("x = 1\n" * 682)
    linked.write("print(x)")
    linked.reads("would arrive in pieces")
    linked.write("/cancel")
    linked.reads("Left")
    assert house.submissions == []
    assert sum("pieces" in text or "language" in text for text in linked.texts[2:]) == 1


@pytest.mark.parametrize("text", ["\ud800", "a\0b", "\u200b"])
def test_text_that_cannot_be_stored_is_refused(linked, house, text):
    challenge = house.challenge()
    linked.write(f"/challenge {challenge.id}")
    linked.reads("next message")
    linked.write(text)
    linked.reads("not counted as an attempt")
    assert house.submissions == []


def test_a_photograph_is_answered_with_what_the_bot_understands(linked, bot_api):
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    message = {"message_id": 1, "date": 1, "chat": {"id": linked.chat_id, "type": "private"}, "photo": photo}
    bot_api.push({"message": {**message, "from": linked.person}})
    linked.reads("I understand text, program files and the buttons")
