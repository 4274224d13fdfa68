"""The two programs that make work: the load, and the producer of raw Celery tasks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

import redis

from benchmarks.pipeline.noop import QUEUE
from benchmarks.pipeline.people import People
from benchmarks.pipeline.stack import Stack, start
from deploy.local.places import CHECKOUT
from deploy.local.ports import HOST

RAW_DATABASE = 9  # of the same Valkey, so that nobody else's messages are counted
RAW_WORKER = (
    "celery --quiet -A benchmarks.pipeline.noop worker -n raw@%h -Q {queue} --concurrency 2 "
    "--without-gossip --without-mingle --loglevel WARNING"
)
POLL = 0.02  # seconds
PATIENCE = 120.0


class LoadProcess:
    """The load in a process of its own; `stack.parts` counts its CPU."""

    def __init__(self, stack: Stack, people: People, work: dict[str, Any], exit_stack: ExitStack) -> None:
        self._people = people
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.pipeline.load"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        exit_stack.callback(self._end)
        stack.parts["load"] = self._process.pid
        self._say({"host": HOST, "port": int(stack.env["PORT"]), "work": work, "tokens": people.tokens})

    def order(self, what: str, **how: Any) -> dict[str, Any]:
        """Do a phase (see `benchmarks.pipeline.load`); its figures."""
        self._people.renew_when_old()
        self._say({"tokens": self._people.tokens})
        return self._say({"what": what, **how})

    def _say(self, line: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(line), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the load ended with {self._process.wait()}")
        return json.loads(answer)

    def _end(self) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait(10)


class RawCelery:
    """A worker of no-op tasks, idle until measured."""

    def __init__(self, stack: Stack, exit_stack: ExitStack) -> None:
        url = stack.servers.valkey.url_of(RAW_DATABASE)
        self._env = stack.env | {"REDIS_URL": url}
        self._redis = redis.Redis.from_url(url)
        exit_stack.callback(self._redis.close)
        start(exit_stack, "raw", RAW_WORKER.format(queue=QUEUE), stack, REDIS_URL=url)
        self.rate(100)

    def rate(self, count: int) -> float:
        """Tasks a second, from the first publish to the last acknowledgement."""
        command = [sys.executable, "-m", "benchmarks.pipeline.noop", str(count)]
        with subprocess.Popen(
            command, env=self._env, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        ) as producer:
            assert producer.stdout
            began = float(producer.stdout.readline())
            producer.wait()
            deadline = time.monotonic() + PATIENCE
            while self._left():
                if time.monotonic() > deadline:
                    raise RuntimeError("the raw Celery worker does not take its tasks")
                time.sleep(POLL)
        return count / (time.monotonic() - began)

    def _left(self) -> int:
        """Messages that wait or are not acknowledged."""
        waiting = sum(self._redis.llen(key) for key in self._redis.keys(f"{QUEUE}*"))
        return waiting + self._redis.hlen("unacked")
