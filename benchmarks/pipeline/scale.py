"""The cost as data grows: the same requests, in turn, to an application whose database is small and to one whose is full.

The small one holds what fills one page of every list and no more, since a list of nothing would be compared with a page.
"""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.fill import AUTHOR, PASSWORD
from benchmarks.pipeline.endpoints import AUTHOR as BY_AUTHOR
from benchmarks.pipeline.endpoints import LEARNER, Endpoint
from benchmarks.pipeline.load import percentiles
from benchmarks.pipeline.stack import Stack
from deploy.local.ports import HOST

MAX_RATIO = 1.5
LEARNERS = 40  # who ask in turn
TOKEN_LIFE = 10 * 60.0  # seconds
UNSTARTED = 24  # a challenge is a draft where its number leaves this on division by 25


@dataclass
class Client:
    """One client of one application, over one kept connection."""

    stack: Stack
    tokens: list[str] = field(default_factory=list)
    words: list[dict[str, str]] = field(default_factory=list)  # by learner: what a path may name
    sent: int = 0

    def __post_init__(self) -> None:
        self.reconnect()
        self.log_in()
        for number, token in enumerate(self.tokens, 1):
            self.words.append({"learner": str(number), **self._own(token)})

    def reconnect(self) -> None:
        """A new connection: the server ends those that were idle for long."""
        self._http = http.client.HTTPConnection(HOST, int(self.stack.env["PORT"]), timeout=60)

    def log_in(self) -> None:
        """Fresh access tokens for everybody."""
        names = [f"learner-{number}" for number in range(1, LEARNERS + 1)]
        *self.tokens, self._author = [self._token(name) for name in [*names, AUTHOR]]
        self._since = time.monotonic()

    def seconds(self, endpoint: Endpoint) -> float:
        """Send one such request; how long its answer took. Raises RuntimeError where that is no success."""
        if time.monotonic() - self._since > TOKEN_LIFE:
            self.log_in()
        place = self.sent % LEARNERS
        words = self.words[place] | {"n": str(self.sent), "fresh": str(self._fresh())}
        token = {LEARNER: self.tokens[place], BY_AUTHOR: self._author}.get(endpoint.who)
        body = _filled(json.dumps(endpoint.body), words) if endpoint.body else None
        self.sent += 1
        began = time.perf_counter()
        status, answer, _ = self._send(endpoint.method, _filled(endpoint.path, words), body, token)
        taken = time.perf_counter() - began
        if status >= 300:
            raise RuntimeError(f"{endpoint.name}: {status} {answer[:300].decode(errors='replace')}")
        return taken

    def _fresh(self) -> int:
        """A challenge that is published; over the rounds every learner comes by all of them."""
        number = 1 + self.sent // LEARNERS % 290
        return number + (number % 25 == UNSTARTED)

    def _own(self, token: str) -> dict[str, str]:
        _, body, headers = self._send("GET", "/api/submissions/?page_size=5", None, token)
        link = urlsplit(headers["Link"].partition("<")[2].partition(">")[0])
        _, events, _ = self._send("GET", "/api/events?after=0&page_size=1", None, token)
        return {
            "submission": str(json.loads(body)[0]["id"]),
            "cursor": parse_qs(link.query)["cursor"][0],
            "event": str(json.loads(events)[0]["id"] + 100),
        }

    def _token(self, name: str) -> str:
        body = json.dumps({"login": name, "password": PASSWORD})
        status, answer, _ = self._send("POST", "/api/auth/login", body, None)
        if status != 200:
            raise RuntimeError(f"login of {name}: {status} {answer.decode()}")
        return json.loads(answer)["access_token"]

    def _send(self, method: str, path: str, body: str | None, token: str | None) -> tuple[int, bytes, Any]:
        headers = {"Content-Type": "application/json"} if body else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._http.request(method, path, body, headers)
        answer = self._http.getresponse()
        return answer.status, answer.read(), answer.headers


def _filled(template: str, words: dict[str, str]) -> str:
    """`template` with its {words} replaced; a number that stands for itself loses its quotes."""
    text = template.replace('"{fresh}"', words["fresh"])
    for name, value in words.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@dataclass(frozen=True)
class Comparison:
    """p95 in milliseconds on the small and on the full database."""

    endpoint: Endpoint
    small: float
    full: float

    @property
    def ratio(self) -> float:
        return self.full / self.small


def compare(endpoint: Endpoint, small: Client, full: Client, times: int) -> Comparison:
    """Ask both in turn, so that a busy machine slows both alike."""
    sides: dict[str, list[float]] = {"small": [], "full": []}
    small.reconnect()
    full.reconnect()
    for _ in range(min(times, endpoint.most)):
        sides["small"].append(small.seconds(endpoint))
        sides["full"].append(full.seconds(endpoint))
    p95 = {side: 1000 * percentiles(sorted(taken))["p95"] for side, taken in sides.items()}
    return Comparison(endpoint, p95["small"], p95["full"])


def confirmed(first: Comparison, again: Callable[[], Comparison]) -> Comparison:
    """`first`, or where that is too slow the median of three, since one p95 on a busy machine says little."""
    if first.ratio <= MAX_RATIO:
        return first
    three = [first, again(), again()]
    middle = statistics.median(one.ratio for one in three)
    return next(one for one in three if one.ratio == middle)
