"""The load: one frugal process that hands in answers as many learners and hears their verdicts.

`python -m benchmarks.pipeline.load` reads a line of JSON with the learners and challenges, then one line per phase, and
answers each phase with a line of figures. Only the standard library, so that it is small and starts at once.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.pipeline.wire import Http, Live

GRADED = b'42["submission.graded",'
SUBMISSION = re.compile(rb'"submission_id": ?(\d+)')
ID = re.compile(rb'"id": ?(\d+)')
PATIENCE = 60.0  # seconds without any verdict, after which the missing ones are reported as missing


@dataclass
class Learner:
    token: str
    http: Http = field(default_factory=Http)


@dataclass
class Phase:
    """What happened in one phase; times are of `time.monotonic`, in seconds."""

    sent: dict[int, float] = field(default_factory=dict)  # by submission, when its request was due
    heard: dict[int, float] = field(default_factory=dict)
    repeated: int = 0
    refused: dict[int, int] = field(default_factory=dict)  # by HTTP status
    posts: list[float] = field(default_factory=list)  # how long each answer to a POST took
    began: float = 0.0
    accepted_at: float = 0.0

    @property
    def waiting(self) -> int:
        return len(self.sent.keys() - self.heard.keys())

    def figures(self) -> dict[str, Any]:
        """Throughput from the first POST to the last verdict, and the latencies in milliseconds."""
        last = max((self.heard[key] for key in self.sent if key in self.heard), default=self.began)
        waits = sorted(1000 * (self.heard[key] - at) for key, at in self.sent.items() if key in self.heard)
        return {
            "accepted": len(self.sent),
            "graded": len(waits),
            "repeated": self.repeated,
            "refused": self.refused,
            "seconds": last - self.began,
            "accepting_seconds": self.accepted_at - self.began,
            "latency": percentiles(waits),
            "post": percentiles(sorted(1000 * taken for taken in self.posts)),
        }


def percentiles(ordered: list[float]) -> dict[str, float]:
    """p50, p95, p99 and the greatest of sorted values."""
    if not ordered:
        return {}
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {name: ordered[int(part * (len(ordered) - 1))] for name, part in at.items()} | {"max": ordered[-1]}


class Load:
    """The learners and their connections."""

    def __init__(self, host: str, port: int, work: dict[str, list[dict[str, Any]]]) -> None:
        self.host, self.port = host, port
        self.work = work  # by kind: challenges with the bodies to hand in
        self.learners: list[Learner] = []
        self.phase = Phase()
        self.turns: dict[str, int] = {}

    async def admit(self, tokens: list[str]) -> None:
        """Connect a learner for each token: a live connection, and one for requests."""
        self.learners = [Learner(token) for token in tokens]
        for learner in self.learners:
            _, live = await self._connect(lambda token=learner.token: Live(self.host, token, self._hear))
            await live.ready
        await self.renew(tokens)

    async def renew(self, tokens: list[str]) -> None:
        """New tokens and new connections for requests, since the server ends those that were idle for long."""
        for learner, token in zip(self.learners, tokens, strict=True):
            learner.token = token
            learner.http.close()
            _, learner.http = await self._connect(Http)

    async def burst(self, kind: str, count: int, connections: int) -> Phase:
        """Hand in `count` answers as fast as that many connections allow; ends with the last verdict."""
        phase = self._begin()
        numbers = iter(range(count))

        async def hand_in() -> None:
            for _ in numbers:
                await self._post(kind, time.monotonic())

        await asyncio.gather(*(hand_in() for _ in range(connections)))
        return await self._verdicts(phase)

    async def pace(self, kind: str, rate: float, seconds: float) -> Phase:
        """Hand in at a steady rate, whatever comes back; a late request counts from when it was due."""
        phase = self._begin()
        running = []
        for number in range(round(rate * seconds)):
            due = phase.began + number / rate
            await asyncio.sleep(max(due - time.monotonic(), 0))
            running.append(asyncio.ensure_future(self._post(kind, due)))
        await asyncio.gather(*running)
        return await self._verdicts(phase)

    def _begin(self) -> Phase:
        self.phase = Phase(began=time.monotonic())
        return self.phase

    async def _verdicts(self, phase: Phase) -> Phase:
        phase.accepted_at = time.monotonic()
        seen, since = phase.waiting, time.monotonic()
        while (waiting := phase.waiting) and time.monotonic() - since < PATIENCE:
            if waiting != seen:
                seen, since = waiting, time.monotonic()
            await asyncio.sleep(0.02)
        return phase

    async def _post(self, kind: str, due: float) -> None:
        learner, request = self._next(kind)
        while learner.http.busy:
            await asyncio.sleep(0.001)
        if not learner.http.open:
            _, learner.http = await self._connect(Http)
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        learner.http.send(request, lambda status, body: answer.set_result((status, body)))
        status, body = await answer
        self.phase.posts.append(time.monotonic() - due)
        found = ID.search(body) if status in (201, 202) else None
        if found:
            self.phase.sent[int(found[1])] = due
        else:
            self.phase.refused[status] = self.phase.refused.get(status, 0) + 1

    def _next(self, kind: str) -> tuple[Learner, bytes]:
        """Learners in turn, each walking through the challenges; three answers of five are right."""
        turn = self.turns[kind] = self.turns.get(kind, -1) + 1
        round_, place = divmod(turn, len(self.learners))
        challenge = self.work[kind][round_ % len(self.work[kind])]
        body = (
            challenge["right" if (round_ + place) % 5 < 3 else "wrong"].replace("NUMBER", str(turn)).encode()
        )
        learner = self.learners[place]
        head = (
            f"POST /api/challenges/{challenge['id']}/submissions HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Authorization: Bearer {learner.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return learner, head.encode() + body

    def _hear(self, packet: bytes) -> None:
        if not packet.startswith(GRADED):
            return
        found = SUBMISSION.search(packet)
        if found:
            number = int(found[1])
            self.phase.repeated += number in self.phase.heard
            self.phase.heard.setdefault(number, time.monotonic())

    async def _connect(self, protocol: Any) -> Any:
        return await asyncio.get_running_loop().create_connection(protocol, self.host, self.port)


async def serve() -> None:
    """Do what standard input says, line by line."""
    loop = asyncio.get_running_loop()
    setup = json.loads(sys.stdin.readline())
    load = Load(setup["host"], setup["port"], setup["work"])
    await load.admit(setup["tokens"])
    print(json.dumps({"ready": True}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        if tokens := order.pop("tokens", None):
            await load.renew(tokens)
            print(json.dumps({"ready": True}), flush=True)
            continue
        gc.collect()
        gc.disable()
        what = {"burst": load.burst, "pace": load.pace}[order.pop("what")]
        figures = (await what(**order)).figures()
        gc.enable()
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    asyncio.run(serve())
