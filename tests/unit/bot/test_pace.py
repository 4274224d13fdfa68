"""How fast the bot speaks."""

import asyncio

import pytest
from telegram.error import RetryAfter

from bot.pace import Pace
from tests.unit.bot.jumping_clock import run


def sent_at(*calls):
    """The seconds at which each (method, chat) call goes out when all are made at once."""

    async def go():
        pace, times, start = Pace(), {}, asyncio.get_running_loop().time()

        async def one(number, method, chat_id):
            async def request():
                times[number] = round(asyncio.get_running_loop().time() - start, 2)

            await pace.process_request(request, (), {}, method, {"chat_id": chat_id}, None)

        await asyncio.gather(*(one(number, *call) for number, call in enumerate(calls)))
        return [times[number] for number in range(len(calls))]

    return run(go())


def test_one_new_message_a_second_in_each_chat():
    assert sent_at(("sendMessage", 1), ("sendMessage", 1), ("sendMessage", 2), ("sendMessage", 1)) == [
        0,
        1,
        0,
        2,
    ]


def test_edits_do_not_wait_for_the_chats_turn():
    assert sent_at(("sendMessage", 1), ("editMessageText", 1), ("editMessageText", 1)) == [0, 0, 0]


def test_no_more_than_25_requests_a_second_to_all_chats():
    times = sent_at(*(("sendMessage", chat) for chat in range(51)))
    assert times[24] == 0
    assert times[25] > 0
    assert 0.9 < max(times) <= 1.1


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_a_flood_limit_is_left_to_the_caller():
    async def flooded():
        raise RetryAfter(30)

    with pytest.raises(RetryAfter):
        run(Pace().process_request(flooded, (), {}, "sendMessage", {"chat_id": 1}, None))


def test_quiet_chats_are_forgotten():
    async def go():
        pace = Pace()

        async def nothing():
            return None

        for chat in range(1500):
            await pace.process_request(nothing, (), {}, "sendMessage", {"chat_id": chat}, None)
        return len(pace._chats)

    assert run(go()) <= 1002
