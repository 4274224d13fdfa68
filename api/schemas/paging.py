"""The query parameters of lists."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Schema

PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
MAX_PAGE = 1_000_000


class PageSizeArgs(Schema):
    page_size = fields.Integer(
        load_default=PAGE_SIZE,
        validate=validate.Range(1, MAX_PAGE_SIZE),
        metadata={"description": "Rows in one answer."},
    )


class PageArgs(PageSizeArgs):
    """The query of a list with numbered pages; lists with filters inherit it."""

    page = fields.Integer(
        load_default=1, validate=validate.Range(1, MAX_PAGE), metadata={"description": "Counted from 1."}
    )


class CursorArgs(PageSizeArgs):
    """The query of a list with a cursor."""

    cursor = fields.String(
        validate=validate.Length(max=100),
        metadata={"description": "Where the last answer ended: take it from the Link header."},
    )
