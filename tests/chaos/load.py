"""Learners who hand in over HTTP and never give up: a request carries a key and is sent again until it is answered."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Lock, Thread

import requests

from tests.chaos.plan import HandIn
from tests.support.people import Person

PATIENCE = 120.0  # seconds for one answer
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
ACCEPTED = (201, 202)


class GaveUp(Exception):
    """The API did not accept an answer."""


class Load:
    """Sends what `release` sets free. `accepted` maps a hand-in's number to the ids that it was told, one at best."""

    def __init__(
        self, learners: Sequence[Person], challenges: dict[str, int], plan: Iterator[HandIn], senders: int
    ) -> None:
        self.learners, self.challenges = learners, challenges
        self.accepted: dict[int, set[int]] = defaultdict(set)
        self.sent: dict[int, HandIn] = {}
        self.refused: list[str] = []
        self.repeats = 0
        self._plan = plan
        self._waiting: Queue[HandIn | None] = Queue()
        self._lock = Lock()
        self._senders = [
            Thread(target=self._send_all, name=f"sender {n}", daemon=True) for n in range(senders)
        ]
        for sender in self._senders:
            sender.start()

    def release(self, count: int) -> None:
        """Let the next `count` answers set out."""
        for _ in range(count):
            hand_in = next(self._plan)
            self.sent[hand_in.number] = hand_in
            self._waiting.put(hand_in)

    @property
    def open(self) -> int:
        """How many answers set out and were neither accepted nor refused."""
        return len(self.sent) - len(self.accepted) - len(self.refused)

    def finish(self) -> None:
        """Wait until the last answer is accepted, or given up."""
        for _ in self._senders:
            self._waiting.put(None)
        for sender in self._senders:
            sender.join(PATIENCE)

    def _send_all(self) -> None:
        while hand_in := self._waiting.get():
            try:
                self._hand_in(hand_in)
            except GaveUp as error:
                self.refused.append(str(error))

    def _hand_in(self, hand_in: HandIn) -> None:
        if not hand_in.twice:
            self._accept(hand_in)
            return
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self._accept, [hand_in, hand_in]))

    def _accept(self, hand_in: HandIn) -> None:
        deadline, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
        while (answer := self._try(hand_in)) is None or answer.status_code not in ACCEPTED:
            if answer is not None and not _worth_another_try(answer):
                raise GaveUp(f"answer {hand_in.number}: {answer.status_code} {answer.text[:200]}")
            if time.monotonic() > deadline:
                raise GaveUp(f"answer {hand_in.number} was not accepted within {PATIENCE:g} s")
            time.sleep(_wanted_pause(answer, pause))
            pause = min(pause * 2, LONGEST_PAUSE)
        with self._lock:
            self.accepted[hand_in.number].add(answer.json()["id"])

    def _try(self, hand_in: HandIn) -> requests.Response | None:
        """The answer of the API; None when the connection broke."""
        learner = self.learners[hand_in.learner]
        challenge = self.challenges[hand_in.challenge]
        try:
            return learner.submit(challenge, hand_in.answer, **{"Idempotency-Key": f"chaos-{hand_in.number}"})
        except requests.RequestException:
            with self._lock:
                self.repeats += 1
            return None


def _worth_another_try(answer: requests.Response) -> bool:
    busy = answer.status_code == 409 and answer.json().get("code") == "request_in_progress"
    return busy or answer.status_code == 429 or answer.status_code >= 500


def _wanted_pause(answer: requests.Response | None, pause: float) -> float:
    """As the API says; else ours."""
    wanted = answer.headers.get("Retry-After", "") if answer is not None else ""
    return min(float(wanted), LONGEST_PAUSE) if wanted.isdigit() else pause
