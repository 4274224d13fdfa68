"""Categories as clients send and see them."""

from __future__ import annotations

from marshmallow import fields

from api.schemas.base import Line, Schema, Text, sorting
from api.schemas.paging import PageArgs
from core.services.categories import SORTS


class CategoryWriteSchema(Schema):
    name = Line(64, required=True, metadata={"examples": ["Recursion"]})
    description = Text(10_000, load_default="", metadata={"examples": ["Functions that call themselves."]})


class CategorySchema(Schema):
    id = fields.Integer(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class CategoryQuery(PageArgs):
    q = Text(200, metadata={"description": "Searches name and description."})
    sort = sorting(SORTS, "name")
