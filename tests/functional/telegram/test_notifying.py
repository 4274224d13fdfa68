"""Deliveries: sent at least once, to the right place, whatever happens to the bot and to Telegram."""

import pytest
from sqlalchemy import update

from core.db import now
from core.models.event import Delivery
from core.outbox import transaction
from core.services.rejudging import apply_rejudge
from tests.factories import rejudged
from tests.functional.telegram.bot_api_methods import Refused
from tests.support.processes import wait_until

RIGHT = {"text": "Paris"}


def delivered(house):
    """Whether every delivery was sent."""
    return all(delivery.sent_at for delivery in house.all(Delivery))


@pytest.fixture
def asked(linked, house):
    """A linked chat whose answer waits for its verdict; yields the chat and the submission's id."""
    challenge = house.challenge()
    linked.write(f"/challenge {challenge.id}")
    linked.reads("next message")
    linked.write("Paris")
    linked.reads("Grading")
    wait_until(lambda: house.submissions, "the answer is stored")
    return linked, house.submissions[0].id


def test_the_verdict_of_a_web_submission_arrives_with_its_achievements(bot, house, linked_phone):
    phone, user = linked_phone()
    house.grade(house.submit(user, house.challenge(title="A < B"), RIGHT))
    phone.reads("Solved at the first attempt")
    assert [text.splitlines()[0] for text in phone.texts] == [
        "✅ Accepted · A < B",
        "🏆 Achievement unlocked: First challenge solved",
        "🏆 Achievement unlocked: Solved at the first attempt",
    ]
    wait_until(lambda: delivered(house), "all is marked as sent")
    assert [d.tries for d in house.all(Delivery)] == [1, 1, 1]


def test_answers_that_were_graded_again_are_told_in_one_message(bot, house, linked_phone):
    phone, user = linked_phone()
    challenge = house.challenge(title="A < B")
    submissions = []
    for _ in range(2):
        submissions.append(house.submit(user, challenge, RIGHT))
        house.grade(submissions[-1], score=0)
    with transaction(house.sessions, house.ports) as session:
        apply_rejudge(session, rejudged.ready(session, challenge, dict.fromkeys(submissions, 1.0)).id)
    phone.reads("First challenge solved")
    wait_until(lambda: delivered(house), "all is marked as sent")
    assert [text for text in phone.texts if "again:" in text] == [
        "🔄 Your answer to A < B was graded again: accepted now, +10 points."
    ]


def test_a_verdict_comes_as_a_new_message_when_the_old_one_is_gone(asked, house, bot_api):
    phone, submission_id = asked
    waiting = phone.reads("Grading")
    del bot_api.messages[phone.chat_id, waiting.message_id]
    house.grade(submission_id, score=0)
    assert phone.reads("Wrong answer").message_id != waiting.message_id


def test_a_verdict_that_stands_there_already_counts_as_sent(asked, house):
    phone, submission_id = asked
    house.grade(submission_id, score=0)
    phone.reads("Wrong answer")
    wait_until(lambda: delivered(house), "it is marked as sent")
    with house.sessions.begin() as session:
        session.execute(update(Delivery).values(sent_at=None, due_at=now()))
    wait_until(lambda: delivered(house), "it is marked as sent again")
    assert sum("Wrong answer" in text for text in phone.texts) == 1


def test_nobody_waits_for_a_person_who_blocked_the_bot(bot, house, bot_api, linked_phone):
    (blocked, one), (other, two) = linked_phone(), linked_phone()
    bot_api.block(blocked.chat_id)
    challenge = house.challenge()
    for user in (one, two):
        house.grade(house.submit(user, challenge, RIGHT), score=0)
    other.reads("Wrong answer")
    wait_until(lambda: house.all(Delivery)[0].dead_at, "the delivery is given up")
    assert "blocked" in house.all(Delivery)[0].error


def test_a_flood_limit_is_waited_out(bot, house, bot_api, linked_phone):
    phone, user = linked_phone()
    flood = Refused(429, "Too Many Requests: retry after 2", retry_after=2)
    bot_api.fail("sendMessage", flood, chat_id=phone.chat_id)
    house.grade(house.submit(user, house.challenge(), RIGHT), score=0)
    phone.reads("Wrong answer")
    wait_until(lambda: delivered(house), "it is marked as sent")
    assert house.all(Delivery)[0].tries == 2


def test_a_flood_limit_delays_an_answer_to_a_command(bot, bot_api, linked_phone):
    phone, _ = linked_phone()
    flood = Refused(429, "Too Many Requests: retry after 1", retry_after=1)
    bot_api.fail("sendMessage", flood, chat_id=phone.chat_id)
    phone.write("/help")
    phone.reads("/leaderboard")


def test_an_outage_of_telegram_delays_the_verdict(bot, house, bot_api, linked_phone):
    phone, user = linked_phone()
    bot_api.fail("sendMessage", Refused(502, "Bad Gateway"), chat_id=phone.chat_id, times=2)
    house.grade(house.submit(user, house.challenge(), RIGHT), score=0)
    phone.reads("Wrong answer")
    wait_until(lambda: delivered(house), "it is marked as sent")
    assert house.all(Delivery)[0].tries == 3
