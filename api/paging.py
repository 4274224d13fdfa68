"""Lists in pieces: numbered pages, or an opaque cursor where rows arrive while one reads."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import json, request
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from api.extensions import session
from api.schemas.paging import CursorArgs, PageArgs
from core.errors import ValidationFailed

__all__ = ["CursorArgs", "LongCounts", "PageArgs", "cursor_page", "page_of"]

Headers = dict[str, str]


class LongCounts:
    """How many rows long lists have, remembered for a minute: counting 50 000 takes longer than reading a page.

    Counts up to MOST are taken anew each time.
    """

    MOST, SECONDS = 1_000, 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[Hashable, tuple[float, int]] = {}

    def count(self, key: Hashable, counted: Callable[[], int]) -> int:
        """What `counted` answers, now or a while ago; `key` names the list."""
        until, known = self._known.get(key, (0.0, 0))
        if self._clock() < until:
            return known
        found = counted()
        if found > self.MOST:
            self._known[key] = self._clock() + self.SECONDS, found
        return found


def page_of(
    statement: Select, args: dict[str, Any], total: int | None = None
) -> tuple[Sequence[Row], Headers]:
    """The rows of one page, and its X-Pagination and Link headers. `args` come from PageArgs.

    `total` is how many rows there are in all, where the caller knows it without counting them.
    """
    page, size = args["page"], args["page_size"]
    rows = session().execute(statement.limit(size).offset((page - 1) * size)).all()
    if total is None:
        total = session().scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    return rows, page_headers(page, size, total)


def cursor_page(
    statement: Select, key: InstrumentedAttribute[int], args: dict[str, Any], descending: bool = True
) -> tuple[Sequence[Row], Headers]:
    """The rows that follow the cursor in the order of `key`, and a Link header while there are more.

    `statement` has no order of its own and yields the entity of `key` first. Raises ValidationFailed for a cursor
    that we did not make.
    """
    if "cursor" in args:
        statement = statement.where(_beyond(key, cursor_value(args["cursor"]), descending))
    statement = statement.order_by(key.desc() if descending else key)
    rows = session().execute(statement.limit(args["page_size"] + 1)).all()
    if len(rows) <= args["page_size"]:
        return rows, {}
    rows = rows[:-1]
    return rows, _link(cursor=cursor_of(getattr(rows[-1][0], key.key)))


def cursor_of(value: int) -> str:
    """An opaque word for a place in a list."""
    return base64.urlsafe_b64encode(b"after:%d" % value).decode().rstrip("=")


def cursor_value(cursor: str) -> int:
    """The place that `cursor` stands for. Raises ValidationFailed."""
    try:
        word, _, number = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).partition(
            b":"
        )
        if word == b"after" and number.isdigit() and int(number) < 2**63:
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise ValidationFailed(
        {"cursor": ["Not a cursor of ours; take it from the Link header of the last answer."]}
    )


def _beyond(key: InstrumentedAttribute[int], value: int, descending: bool) -> ColumnElement[bool]:
    return key < value if descending else key > value


def page_headers(page: int, size: int, total: int) -> Headers:
    """X-Pagination, and Link while there is a next page, of a list of `total` rows."""
    last = -(-total // size)
    figures = {"total": total, "total_pages": last, "page": page, "page_size": size}
    if total:
        figures |= {"first_page": 1, "last_page": last}
    if 1 < page <= last + 1:
        figures["previous_page"] = page - 1
    if page >= last:
        return {"X-Pagination": json.dumps(figures)}
    return {"X-Pagination": json.dumps(figures | {"next_page": page + 1}), **_link(page=page + 1)}


def _link(**changes: Any) -> Headers:
    query = [(k, v) for k, v in request.args.items(multi=True) if k not in changes] + list(changes.items())
    return {"Link": f'<{request.base_url}?{urlencode(query)}>; rel="next"'}
