"""What the bot does when updates are malformed or repeated, and when what it needs is away."""

import pytest

from tests.functional.telegram.bot_api_methods import Refused
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


def test_malformed_updates_are_logged_and_confirmed_and_the_bot_goes_on(bot, bot_api, phone):
    for update in MALFORMED:
        bot_api.push(update)
    bot_api.push("not even an update")
    last = phone.write("/help")
    phone.reads("/leaderboard")
    bot_api.wait_until(lambda: bot_api.is_confirmed(last), "the updates are confirmed")
    assert "malformed update" in bot.log
    assert "not an update, a str" in bot.log


@pytest.mark.parametrize(
    "data", ["open:x", "pick:1:1:99", "flip:9999999999:1:1:f", "", "list:9:zzz:77", "lang:1:x"]
)
def test_a_button_of_anybodys_making_harms_nothing(bot, bot_api, linked_phone, data):
    phone, _ = linked_phone()
    phone.write("/challenges")
    shown = phone.reads("no challenges yet")
    shown.buttons = [{"text": "Bad", "callback_data": data}]
    phone.tap("Bad")
    phone.write("/help")
    phone.reads("/leaderboard")


def test_an_update_that_telegram_repeats_is_graded_once(bot, house, opened):
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


def test_a_chat_that_hangs_holds_up_nobody_else_and_stays_unconfirmed(bot, bot_api, linked_phone, phone):
    slow, _ = linked_phone()
    with bot_api.hold("sendMessage", slow.chat_id) as begun:
        hanging = slow.write("/help")
        begun()
        answered = phone.write("/help")
        phone.reads("/leaderboard")
        assert not bot_api.is_confirmed(hanging)
        assert not bot_api.is_confirmed(answered)
    slow.reads("went wrong on our side")
    bot_api.wait_until(lambda: bot_api.is_confirmed(answered), "both are confirmed")
    assert len(phone.messages) == 1


def test_without_the_database_the_learner_is_asked_to_try_again(bot, house, opened, servers):
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


def test_without_redis_an_answer_is_stored_and_its_verdict_arrives(bot, house, opened, servers):
    phone = opened()
    servers.valkey.stop()
    try:
        phone.write("Paris")
        wait_until(lambda: house.submissions, "the answer is stored")
        house.grade(house.submissions[0].id)
        phone.reads("Accepted")
    finally:
        servers.valkey.start()


def test_trouble_with_polling_is_waited_out(bot, bot_api, phone):
    for error in (Refused(502, "Bad Gateway"), Refused(429, "Too Many Requests", retry_after=1)):
        bot_api.fail("getUpdates", error)
    phone.write("/help")
    phone.reads("/leaderboard")
