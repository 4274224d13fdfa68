"""What Telegram's refusals mean."""

import asyncio

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.sending import is_lost, patiently
from tests.unit.bot.jumping_clock import run

# The library warns, whichever type of retry_after one reads, until its next major version.
pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


def flooded(times, seconds):
    """A call that answers the seconds passed, after so many 429s."""
    left = [RetryAfter(seconds)] * times

    async def call():
        if left:
            raise left.pop()
        return asyncio.get_running_loop().time() - 1000

    return call


@pytest.mark.parametrize(("times", "passed"), [(0, 0), (1, 5.1), (3, 15.3)])
def test_a_flood_limit_is_waited_out_three_times(times, passed):
    assert run(patiently(flooded(times, 5))) == pytest.approx(passed, abs=0.01)


@pytest.mark.parametrize(("times", "seconds"), [(4, 5), (1, 31)])
def test_a_learner_does_not_wait_for_ever(times, seconds):
    with pytest.raises(RetryAfter):
        run(patiently(flooded(times, seconds)))


@pytest.mark.parametrize(
    ("kind", "said", "lost"),
    [
        (Forbidden, "Forbidden: bot was blocked by the user", True),
        (BadRequest, "Bad Request: chat not found", True),
        (BadRequest, "Bad Request: can't parse entities", False),
        (NetworkError, "Bad Gateway", False),
        (TimedOut, "Timed out", False),
        (RetryAfter, 5, False),
    ],
)
def test_only_a_closed_door_loses_a_message(kind, said, lost):
    assert is_lost(kind(said)) is lost
