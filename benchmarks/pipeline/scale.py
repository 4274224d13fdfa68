"""The cost as data grows: the same requests, in turn, to an application with a small and to one with a full database.

The small one holds what fills one page of every list and no more, since a list of nothing would be compared with a
page.
"""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.fill import AUTHORS, PASSWORD, SMALL, Size, fill
from benchmarks.pipeline.driver import LoadProcess
from benchmarks.pipeline.endpoints import ANSWER, LEARNER, Endpoint, endpoints
from benchmarks.pipeline.endpoints import AUTHOR as BY_AUTHOR
from benchmarks.pipeline.load import percentiles
from benchmarks.pipeline.people import People
from benchmarks.pipeline.plan import Plan
from benchmarks.pipeline.report import Report
from benchmarks.pipeline.stack import Stack, migrated_environment, running_servers, running_stack
from benchmarks.pipeline.throughput import burst
from deploy.local.ports import HOST

MAX_RATIO = 1.5
MAX_FILL = 300.0  # seconds
LEARNERS = 80  # who ask in turn
TOKEN_LIFE = 6 * 60.0  # seconds; then there is time left for the bursts
DRAFT = 24  # a challenge of benchmarks.fill is one where its number leaves this on division by 25
WORK = {
    "knowledge": [
        {"id": n, "right": json.dumps(ANSWER), "wrong": json.dumps({"answer": {"selected": ["c"]}})}
        for n in range(1, 120)
        if n % 3 and n % 25 != DRAFT
    ]
}


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

    def renew_when_old(self) -> None:
        """Log in again before the access tokens end."""
        if time.monotonic() - self._since > TOKEN_LIFE:
            self.reconnect()
            self.log_in()

    def log_in(self) -> None:
        """Fresh access tokens for everybody."""
        self.pairs = [self._pair(f"learner-{number}") for number in range(1, LEARNERS + 1)]
        self.tokens = [pair["access_token"] for pair in self.pairs]
        self._authors = [self._pair(f"author-{number}")["access_token"] for number in range(1, AUTHORS + 1)]
        self._since = time.monotonic()

    def seconds(self, endpoint: Endpoint) -> float:
        """Send one such request; how long its answer took. Raises RuntimeError where that is no success."""
        place = self.sent % LEARNERS
        words = self.words[place] | {"n": str(self.sent), "fresh": str(self._fresh())}
        token = {LEARNER: self.tokens[place], BY_AUTHOR: self._authors[self.sent % AUTHORS]}.get(endpoint.who)
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
        return number + (number % 25 == DRAFT)

    def _own(self, token: str) -> dict[str, str]:
        _, body, headers = self._send("GET", "/api/submissions/?page_size=5", None, token)
        link = urlsplit(headers["Link"].partition("<")[2].partition(">")[0])
        _, events, _ = self._send("GET", "/api/events?after=0&page_size=1", None, token)
        return {
            "submission": str(json.loads(body)[0]["id"]),
            "cursor": parse_qs(link.query)["cursor"][0],
            "event": str(json.loads(events)[0]["id"] + 100),
        }

    def _pair(self, name: str) -> dict[str, Any]:
        body = json.dumps({"login": name, "password": PASSWORD})
        status, answer, _ = self._send("POST", "/api/auth/login", body, None)
        if status != 200:
            raise RuntimeError(f"login of {name}: {status} {answer.decode()}")
        return json.loads(answer)

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


def measure_scale(plan: Plan, report: Report) -> None:
    """Fill two databases, measure every endpoint on both, then how fast questions are graded on both."""
    with ExitStack() as exit_stack:
        stacks = {
            name: exit_stack.enter_context(_filled_stack(size, report))
            for name, size in {"full": plan.size, "small": SMALL}.items()
        }
        clients = {name: Client(stack) for name, stack in stacks.items()}
        report.line("\np95 in milliseconds of each endpoint on the small and on the full database")
        for endpoint in endpoints(PASSWORD):
            try:
                _show(_measured(endpoint, clients["small"], clients["full"], plan.requests), report)
            except RuntimeError as error:
                report.broken.append(str(error))
        for client in clients.values():
            client.renew_when_old()
        _grade_on_both(clients, plan, report)


@contextmanager
def _filled_stack(size: Size, report: Report) -> Iterator[Stack]:
    """An application on servers of its own, whose database is filled before it starts."""
    with running_servers() as servers:
        env = migrated_environment(servers)
        began = time.monotonic()
        for _ in fill(env["DATABASE_URL"], size):
            pass
        taken = time.monotonic() - began
        goal = report.goal(f"filled in {taken:.0f} s", taken < MAX_FILL, f"< {MAX_FILL:.0f} s")
        report.line(f"filled a database with {size.submissions:,} submissions in {taken:.1f} s{goal}")
        with running_stack(servers, env) as stack:
            yield stack


def _measured(endpoint: Endpoint, small: Client, full: Client, times: int) -> Comparison:
    """Measured once, or where that is too slow the median of three: one p95 on a busy machine says little."""
    first = compare(endpoint, small, full, times)
    if first.ratio <= MAX_RATIO:
        return first
    three = [first, *(compare(endpoint, small, full, times) for _ in range(2))]
    return sorted(three, key=lambda one: one.ratio)[1]


def _show(one: Comparison, report: Report) -> None:
    met = one.ratio <= MAX_RATIO
    if not met:
        report.missed.append(f"{one.endpoint.name}: {one.ratio:.2f} times its p95 on a small database")
    report.line(
        f"{one.small:8.1f} {one.full:8.1f}   {one.ratio:5.2f} {' ' * 6 if met else 'MISSED'} {one.endpoint.name}"
    )


def _grade_on_both(clients: dict[str, Client], plan: Plan, report: Report) -> None:
    """Bursts of questions in turn; the two applications never work at the same time."""
    rates: dict[str, list[float]] = {name: [] for name in clients}
    with ExitStack() as exit_stack:
        loads = {
            name: LoadProcess(client.stack, People(client.stack, client.pairs), WORK, exit_stack)
            for name, client in clients.items()
        }
        for number in range(plan.rounds):
            for name, client in clients.items():
                report.line(f"{'' if number else chr(10)}knowledge on the {name} database")
                how = {"count": plan.knowledge // 2, "connections": plan.connections}
                rates[name].append(burst(client.stack, loads[name], report, "knowledge", **how))
    small, full = (statistics.median(rates[name]) for name in ("small", "full"))
    report.line(f"  medians: small {small:.1f} /s, full {full:.1f} /s, ratio {full / small:.2f}")


def compare(endpoint: Endpoint, small: Client, full: Client, times: int) -> Comparison:
    """Ask both in turn, so that a busy machine slows both alike."""
    sides: dict[str, list[float]] = {"small": [], "full": []}
    for client in (small, full):
        client.renew_when_old()
    for client in (small, full):
        client.reconnect()
    for _ in range(min(times, endpoint.most)):
        sides["small"].append(small.seconds(endpoint))
        sides["full"].append(full.seconds(endpoint))
    p95 = {side: 1000 * percentiles(sorted(taken))["p95"] for side, taken in sides.items()}
    return Comparison(endpoint, p95["small"], p95["full"])
