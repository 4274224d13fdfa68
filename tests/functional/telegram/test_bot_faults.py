"""What the bot does when updates are malformed, repeated, or lost with it, and when what it needs is away."""

import subprocess

import pytest

from deploy.local.places import CHECKOUT
from tests.functional.telegram.bot_api_methods import Refused
from tests.functional.telegram.fake_bot_api import TOKEN
from tests.support.processes import wait_until

MALFORMED = [
    {"message": {"message_id": "x"}},
    {"message": {"message_id": 1, "date": 1, "chat": "here", "text": "/help"}},
    {"message": {"message_id": 1, "date": "yesterday", "chat": {"id": 1, "type": "private"}, "text": "a"}},
    {"message": []},
    {"callback_query": {"id": 5}},
    {
        "callback_query": {
            "id": "5",
            "from": {"id": 1, "is_bot": False, "first_name": "A"},
            "chat_instance": "1",
        }
    },
    {"something_new": {"a": 1}},
    {},
]


@pytest.fixture
def opened(linked_phone, house):
    """A linked chat, whose open challenge a text answers; the bot does not run yet."""
    phone, _ = linked_phone()
    challenge = house.challenge()

    def open_it():
        phone.write(f"/challenge {challenge.id}")
        phone.reads("next message")
        return phone

    return open_it


def test_malformed_updates_are_logged_and_confirmed_and_the_bot_goes_on(start_bot, bot_api, phone):
    bot = start_bot()
    for update in MALFORMED:
        bot_api.push(update)
    bot_api.push("not even an update")
    last = phone.write("/help")
    phone.reads("/leaderboard")
    bot_api.wait_until(lambda: bot_api.is_confirmed(last), "the updates are confirmed")
    assert "malformed update" in bot.log
    assert "not even an update" in bot.log


@pytest.mark.parametrize(
    "data", ["open:x", "pick:1:1:99", "flip:9999999999:1:1:f", "", "list:9:zzz:77", "lang:1:x"]
)
def test_a_button_of_anybodys_making_harms_nothing(start_bot, bot_api, linked_phone, data):
    phone, _ = linked_phone()
    start_bot()
    phone.write("/challenges")
    shown = phone.reads("no challenges yet")
    shown.buttons = [{"text": "Bad", "callback_data": data}]
    phone.tap("Bad")
    phone.write("/help")
    phone.reads("/leaderboard")


def test_an_update_that_telegram_repeats_is_graded_once(start_bot, house, opened):
    start_bot()
    phone = opened()
    update_id = phone.write("Paris")
    phone.reads("Grading")
    wait_until(lambda: house.submissions, "the answer is stored")
    phone.api.wait_until(lambda: phone.api.is_confirmed(update_id), "the answer is confirmed")
    phone.write("Paris", update_id=update_id)
    phone.write("/help")
    phone.reads("/leaderboard")
    assert len(house.submissions) == 1
    assert sum("Grading your answer" in text for text in phone.texts) == 1


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


def test_without_the_database_the_learner_is_asked_to_try_again(start_bot, house, opened, servers):
    start_bot()
    phone = opened()
    servers.postgres.stop()
    try:
        phone.write("Paris")
        phone.reads("cannot reach its database", "try again in a moment")
    finally:
        servers.postgres.start()
    phone.write("Paris")
    phone.reads("Grading")
    wait_until(lambda: house.submissions, "the answer is stored")


def test_without_redis_an_answer_is_stored_and_its_verdict_arrives(start_bot, house, opened, servers):
    start_bot()
    phone = opened()
    servers.valkey.stop()
    try:
        phone.write("Paris")
        wait_until(lambda: house.submissions, "the answer is stored")
        house.grade(house.submissions[0].id)
        phone.reads("Accepted")
    finally:
        servers.valkey.start()


def test_trouble_with_polling_is_waited_out(start_bot, bot_api, phone):
    start_bot()
    for error in (Refused(502, "Bad Gateway"), Refused(429, "Too Many Requests", retry_after=1)):
        bot_api.fail("getUpdates", error)
    phone.write("/help")
    phone.reads("/leaderboard")


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
