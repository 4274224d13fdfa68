"""The blueprint of every resource: strict JSON in, unknown query parameters refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Request, request
from webargs.core import is_json, missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from api.bodies import MAX_BODY, read_body
from api.json_body import MAX_VALUES, parse_json
from core.errors import ValidationFailed


class Parser(FlaskParser):
    """Reads arguments; a body that is not declared as JSON is 415 before anybody looks into it."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        raw = read_body()
        if not raw and not req.mimetype:
            return missing
        if not is_json(req.mimetype):
            raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
        return parse_json(raw, MAX_VALUES if req.max_content_length == MAX_BODY else len(raw))


class Blueprint(flask_smorest.Blueprint):
    """A group of endpoints that share a tag in the API page."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: Any, *, location: str = "json", required: bool = True, **options: Any) -> Any:
        """As flask-smorest's, but a body that is `required` must be there, though all its fields be optional."""
        decorate = super().arguments(schema, location=location, required=required, **options)
        if location != "json" or not required:
            return decorate
        return lambda view: _body_required(decorate(view))


def _body_required(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if not request.get_data(cache=True):
            raise ValidationFailed({"body": ["Is missing; send a JSON object."]})
        return view(*args, **kwargs)

    return wrapper
