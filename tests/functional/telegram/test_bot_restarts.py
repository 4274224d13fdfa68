"""Bots that are killed, restarted, run twice, or cannot start."""

import subprocess

from sqlalchemy import update

from core.db import now
from core.models.event import Delivery
from core.models.user import TelegramAccount
from deploy.local.places import CHECKOUT
from tests.functional.telegram.bot_api_methods import Refused
from tests.functional.telegram.fake_bot_api import TOKEN
from tests.support.processes import wait_until

RIGHT = {"text": "Paris"}
MATCHING = {
    "left": [{"id": "fr", "text": "France"}, {"id": "it", "text": "Italy"}],
    "right": [{"id": "x", "text": "Rome"}, {"id": "y", "text": "Paris"}],
    "pairs": {"fr": "y", "it": "x"},
}


def test_the_commands_are_registered_at_start(start_bot, bot_api):
    start_bot()
    bot_api.wait_until(lambda: bot_api.commands, "the commands are registered")
    assert {"challenges", "challenge", "progress", "help"} <= {c["command"] for c in bot_api.commands}


def test_what_a_killed_bot_had_claimed_is_sent_by_the_next(house, bot_api, start_bot, linked_phone):
    phone, user = linked_phone()
    first = start_bot()
    with bot_api.hold("sendMessage", phone.chat_id) as begun:
        house.grade(house.submit(user, house.challenge(), RIGHT), score=0)
        begun()
        first.kill()
    assert [d.sent_at for d in house.all(Delivery)] == [None]
    with house.sessions.begin() as session:
        session.execute(update(Delivery).values(due_at=now()))  # as when the claim's minute has passed
    start_bot()
    phone.reads("Wrong answer")
    assert len(phone.messages) == 1


def test_two_bots_send_nothing_twice(house, bot_api, start_bot, linked_phone):
    start_bot()
    start_bot()
    challenge, people = house.challenge(), [linked_phone() for _ in range(20)]
    for _, user in people:
        house.grade(house.submit(user, challenge, RIGHT), score=0)
    for phone, _ in people:
        phone.reads("Wrong answer")
    wait_until(lambda: all(d.sent_at for d in house.all(Delivery)), "all is marked as sent")
    assert [len(phone.messages) for phone, _ in people] == [1] * 20


def test_an_answer_that_a_killed_bot_had_not_stored_is_not_lost(start_bot, bot_api, house, opened):
    first = start_bot()
    phone = opened()
    bot_api.calls.clear()
    with bot_api.hold("sendMessage", phone.chat_id) as begun:
        phone.write("Paris")
        begun()
        first.kill()
    start_bot()
    phone.reads("Grading")
    wait_until(lambda: house.submissions, "the answer is stored")
    assert [s.answer for s in house.submissions] == [{"text": "Paris"}]


def test_an_answer_that_a_killed_bot_had_stored_is_not_counted_again(
    start_bot, bot_api, house, opened, phone
):
    first = start_bot()
    learner = opened()
    with bot_api.hold("sendMessage", phone.chat_id) as begun:
        phone.write("/start")
        learner.write("Paris")
        begun()
        wait_until(lambda: house.submissions, "the answer is stored")
        first.kill()
    start_bot()
    phone.reads("connect this chat")
    learner.write("/help")
    learner.reads("/leaderboard")
    assert len(house.submissions) == 1


def test_the_open_challenge_survives_a_restart(start_bot, house, opened):
    first = start_bot()
    phone = opened()
    first.stop()
    assert first.exit_code == 0
    start_bot()
    phone.write("Paris")
    phone.reads("Grading")
    wait_until(lambda: house.submissions, "the answer is stored")


def test_what_was_answered_step_by_step_survives_a_restart_and_holds_no_key(start_bot, house, linked_phone):
    first = start_bot()
    phone, _ = linked_phone()
    challenge = house.challenge(kind="matching", spec=MATCHING)
    phone.write(f"/challenge {challenge.id}")
    phone.reads("Question 1 of 2", "France")
    phone.tap("Paris")
    phone.reads("Question 2 of 2", "Italy")
    assert [row.draft for row in house.all(TelegramAccount)] == [f'[{challenge.version}, [], ["y"], []]']
    first.stop()
    start_bot()
    phone.tap("Rome")
    phone.reads("Your answer", "France → Paris", "Italy → Rome")


def test_the_token_stays_out_of_the_log(start_bot, bot_api, phone):
    bot = start_bot(LOG_LEVEL="DEBUG")
    bot_api.fail("sendMessage", Refused(502, "Bad Gateway"), chat_id=phone.chat_id)
    phone.write("/help")
    wait_until(lambda: "sendMessage" in bot.log and "Bad Gateway" in bot.log, "the trouble is logged")
    assert TOKEN not in bot.log


def test_a_refused_token_ends_the_bot_with_what_to_do(settings_env, bot_api):
    wrong = {"TELEGRAM_BOT_TOKEN": "1:wrong", "TELEGRAM_API_BASE_URL": bot_api.url}
    ended = run_bot(settings_env | wrong)
    assert ended.returncode == 1
    assert "Ask @BotFather" in ended.stderr
    assert "1:wrong" not in ended.stderr


def test_without_a_token_the_bot_says_how_to_add_one_and_ends_well(settings_env):
    ended = run_bot(settings_env)
    assert ended.returncode == 0
    assert "TELEGRAM_BOT_TOKEN is not set" in ended.stdout
    assert "@BotFather" in ended.stdout


def run_bot(env):
    command = ["python", "-m", "bot"]
    return subprocess.run(command, env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
