"""Looking at the rows from outside, also while PostgreSQL is killed now and then."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Lock
from typing import Any

import psycopg2

PATIENCE = 60.0  # seconds
FINAL = ("graded", "failed", "cancelled", "awaiting_review")


class Database:
    """Reads with one connection, which is made again when it breaks. Safe to use from any thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._lock = Lock()

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the statement returns, [] for one that returns nothing."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with self._lock:
                    return self._execute(query, values)
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                self._connection = None
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def value(self, query: str, *values: Any) -> Any:
        """The first column of the only row."""
        return self.rows(query, *values)[0][0]

    def close(self) -> None:
        if self._connection:
            self._connection.close()

    def unfinished(self) -> int:
        """Submissions without a final state."""
        return int(self.value("SELECT count(*) FROM submissions WHERE status <> ALL(%s)", list(FINAL)))

    def now(self) -> Any:
        return self.value("SELECT clock_timestamp()")

    def held_by(self, worker: str) -> list[tuple[int, int]]:
        """The claims of a worker: ids of submissions and the number of the claim."""
        query = "SELECT id, grading_attempt FROM submissions WHERE status = 'grading' AND grader LIKE %s"
        return [(row[0], row[1]) for row in self.rows(query, f"{worker}@%")]

    def still_waiting(self, claims: Sequence[tuple[int, int]]) -> int:
        """How many of these claims are neither final nor replaced by a newer one."""
        query = """SELECT count(*) FROM submissions s JOIN unnest(%s::bigint[], %s::int[]) AS c(id, attempt) USING (id)
                   WHERE s.status = 'queued' OR (s.status = 'grading' AND s.grading_attempt = c.attempt)"""
        return int(self.value(query, [one for one, _ in claims], [attempt for _, attempt in claims]))

    def _execute(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = psycopg2.connect(self._url, connect_timeout=5)
            self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall()) if cursor.description else []
