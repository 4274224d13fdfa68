"""Runs a learner's SQL on a fresh database and writes what it selected, and what is in the database then, to fd 3.

Knows no expected value. The state is read through a new connection, so that nothing temporary and nothing uncommitted
of the learner's is seen.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from binascii import b2a_base64

from json_text import from_json, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing costs time in every box
    from collections.abc import Iterator
    from typing import Any

RESULTS = 3
DATABASE = "/box/database.sqlite"


def say(record: dict[str, Any]) -> None:
    """Write one record, whole."""
    data = to_json(record).encode() + b"\n"
    while data:
        data = data[os.write(RESULTS, data) :]


def connect() -> sqlite3.Connection:
    """The database; text that is no UTF-8 is kept."""
    connection = sqlite3.connect(DATABASE, isolation_level=None)
    connection.text_factory = lambda data: data.decode(errors="surrogateescape")
    return connection


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one."""
    start = end = 0
    while (end := script.find(";", end) + 1) > 0:
        if sqlite3.complete_statement(script[start:end]):
            yield script[start:end]
            start = end
    yield script[start:]


def encoded(value: Any) -> Any:
    """The JSON form of a value, by its type in SQLite."""
    if isinstance(value, bytes):
        return {"$bytes": b2a_base64(value, newline=False).decode()}
    if isinstance(value, float) and value - value != 0:
        return {"$float": repr(value)}
    return value


def table(cursor: Any, most: int) -> dict[str, Any] | None:
    """The rows of a statement, one more than the most at most; None when it is none that selects."""
    if cursor.description is None:
        return None
    rows = [[encoded(value) for value in row] for row in cursor.fetchmany(most + 1)]
    return {"columns": [column[0] for column in cursor.description], "rows": rows}


def run(connection: sqlite3.Connection, script: str, most: int) -> dict[str, Any] | None:
    """Execute a script; the rows of its last statement that selects."""
    last = None
    for statement in statements(script):
        last = table(connection.execute(statement), most) or last
    return last


def main() -> None:
    """Answer the request on standard input."""
    request = from_json(sys.stdin.read())
    connection = connect()
    try:
        for script in request["setup"]:
            connection.executescript(script)
    except sqlite3.Error as error:
        return say({"setup": str(error)})
    finally:
        connection.close()
    connection = connect()
    try:
        with open("/box/solution.sql", encoding="utf-8") as file:
            say({"table": run(connection, file.read(), request["most"])})
    except sqlite3.Error as error:
        return say({"error": str(error)})
    finally:
        connection.close()
    connection = connect()
    for query in request["probes"]:
        try:
            say({"table": run(connection, query, request["most"])})
        except sqlite3.Error as error:
            say({"error": str(error)})
    return None


main()
