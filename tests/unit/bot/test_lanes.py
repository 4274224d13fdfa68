"""Order within a lane, none between them."""

import asyncio

from bot.lanes import Lanes
from tests.unit.bot.jumping_clock import run


def test_a_lane_keeps_its_order_and_does_not_hold_up_another():
    async def go():
        lanes, done = Lanes(), []

        async def work(name, seconds):
            await asyncio.sleep(seconds)
            done.append(name)

        for lane, name, seconds in (("a", "slow", 5), ("a", "fast", 0), ("b", "other", 1)):
            lanes.start(lane, work(name, seconds))
        assert len(lanes) == 3
        await lanes.drain(60)
        return done, len(lanes)

    assert run(go()) == (["other", "slow", "fast"], 0)


def test_a_lane_goes_on_after_work_that_failed():
    async def go():
        lanes, done = Lanes(), []

        async def bad():
            raise KeyError

        async def good():
            done.append("good")

        failed = lanes.start("a", bad())
        lanes.start("a", good())
        await lanes.drain(60)
        assert isinstance(failed.exception(), KeyError)
        return done

    assert run(go()) == ["good"]


def test_draining_waits_no_longer_than_told():
    async def go():
        lanes = Lanes()
        task = lanes.start("a", asyncio.sleep(1000))
        await lanes.drain(10)
        passed = asyncio.get_running_loop().time()
        task.cancel()
        return passed

    assert round(run(go())) == 1010


def test_a_lane_knows_how_much_waits_in_it():
    async def go():
        lanes = Lanes()
        for _ in range(3):
            lanes.start("a", asyncio.sleep(1))
        before = lanes.length("a"), lanes.length("b")
        await lanes.drain(60)
        return before, lanes.length("a")

    assert run(go()) == ((3, 0), 0)
