"""The OpenAPI description: flask-smorest's, completed with what every endpoint has in common."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response, json

from api.problems import CONTENT_TYPE

PROBLEM_STATUSES = tuple(
    HTTPStatus(code) for code in (400, 401, 403, 404, 409, 412, 413, 414, 415, 422, 429, 431, 500, 503)
)
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:creathon:problem:validation_failed"]},
        "title": {"type": "string", "description": "The phrase of the HTTP status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and how to mend it."},
        "code": {
            "type": "string",
            "description": "A stable word for programs.",
            "examples": ["validation_failed"],
        },
        "errors": {
            "type": "object",
            "description": "Messages by field, dotted where fields are nested.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "instance": {"type": "string", "description": "The path that was asked for."},
    },
}
MARKS = ("x-role", "x-etag", "x-idempotent", "x-problems", "x-waits")
METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"in": "header", "name": name, "description": description, "schema": {"type": "string", **schema}}


IF_MATCH = _header("If-Match", "The ETag you read; 412 when it was changed since.")
IF_NONE_MATCH = _header("If-None-Match", "The ETag you have; 304 when it is still the same.")
IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    "A key of your own; sent again within 24 hours it gets the first answer.",
    minLength=1,
    maxLength=255,
    pattern="^[!-~]+$",
)
PREFER = _header("Prefer", "`wait=N`: hold the answer until the verdict, for N seconds at most (N up to 30).")
LIST_HEADERS = {
    "Link": {"description": 'The next page (rel="next"), while there is one.', "schema": {"type": "string"}},
    "X-Pagination": {
        "description": "A JSON object: total, total_pages, page, page_size, next_page, ...",
        "schema": {"type": "string"},
    },
}


def marked(view: Any, **marks: Any) -> Any:
    """`view` with `marks` added to its operation; `completed` turns the x- ones into documentation."""
    view._apidoc = deepcopy(getattr(view, "_apidoc", {}))
    view._apidoc.setdefault("manual_doc", {}).update(marks)
    return view


def may_answer(*statuses: int) -> Callable[[Any], Any]:
    """A decorator that documents problems which do not follow from an endpoint's shape."""
    return lambda view: marked(view, **{"x-problems": statuses})


def schema_name(schema: Any) -> str:
    """The name of a schema in the description; one whose fields may all be left out is another one."""
    name = (schema if isinstance(schema, type) else type(schema)).__name__
    return name.removesuffix("Schema") + ("Changes" if getattr(schema, "partial", False) else "")


class Api(flask_smorest.Api):
    """Documents errors as problems; rendering them is api.errors' business."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self) -> None:
        super().__init__(
            spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=schema_name)}
        )

    def _register_error_handlers(self) -> None:
        """None: api.errors registers every handler."""

    def _register_responses(self) -> None:
        self.spec.components.schema("Problem", PROBLEM_SCHEMA)
        for status in PROBLEM_STATUSES:
            content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
            self.spec.components.response(status.name, {"description": status.phrase, "content": content})
        bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        self.spec.components.security_scheme("bearer", bearer)

    def _register_pagination_header(self) -> None:
        """None: api.paging writes the headers of lists, and `completed` documents them."""

    def _openapi_json(self) -> Response:
        return Response(json.dumps(self.description()), mimetype="application/json")

    def description(self) -> dict[str, Any]:
        """The whole description, as a JSON object."""
        return completed(deepcopy(self.spec.to_dict()))


def completed(spec: dict[str, Any]) -> dict[str, Any]:
    """`spec`, changed in place: each operation gets what follows from its shape, headers and problems."""
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                _complete(Operation(path, method, operation, item.get("parameters", [])))
    return spec


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint of the description; `body` is changed in place."""

    path: str
    method: str
    body: dict[str, Any]
    shared_parameters: list[Any]

    @property
    def writes(self) -> bool:
        return self.method != "get"

    @property
    def parameters(self) -> list[Any]:
        return [*self.shared_parameters, *self.body.get("parameters", [])]


def _complete(operation: Operation) -> None:
    marks = {name: operation.body.pop(name, None) for name in MARKS}
    if marks["x-etag"]:
        _add_etag(operation)
    if marks["x-idempotent"]:
        _add_parameter(operation, IDEMPOTENCY_KEY)
    if marks["x-waits"]:
        _add_waiting(operation)
    for status in sorted(_problems(operation, marks)):
        reference = {"$ref": f"#/components/responses/{HTTPStatus(status).name}"}
        operation.body["responses"].setdefault(str(status), reference)
    _add_success_headers(operation)


def _problems(operation: Operation, marks: dict[str, Any]) -> set[int]:
    # Everywhere: a URL or headers too long, a NUL character in the query, too many requests, and our own failures.
    found = {414, 422, 429, 431, 500, 503, *(marks["x-problems"] or ())}
    if operation.body.get("security"):
        found |= {401}
    if marks["x-role"] in ("author", "admin"):
        found |= {403}
    if "requestBody" in operation.body:
        found |= {400, 413, 415}
    if "{" in operation.path:
        found |= {404}
    if operation.writes:
        found |= {409}
    if marks["x-etag"] and operation.method in ("put", "patch", "delete"):
        found |= {412}
    return found


def _add_etag(operation: Operation) -> None:
    if operation.method == "get":
        _add_parameter(operation, IF_NONE_MATCH)
        operation.body["responses"]["304"] = {"description": "You have it already."}
    elif operation.method in ("put", "patch", "delete"):
        _add_parameter(operation, IF_MATCH)


def _add_waiting(operation: Operation) -> None:
    _add_parameter(operation, PREFER)
    ready = {"description": "The verdict came in the time that Prefer allowed."}
    operation.body["responses"].setdefault("201", operation.body["responses"]["202"] | ready)


def _add_parameter(operation: Operation, parameter: dict[str, Any]) -> None:
    operation.body.setdefault("parameters", []).append(parameter)


def _add_success_headers(operation: Operation) -> None:
    names = {p.get("name") for p in operation.parameters if isinstance(p, dict)}
    for status, response in operation.body["responses"].items():
        if status.startswith("2") and names & {"page", "cursor"}:
            headers = ("Link", "X-Pagination") if "page" in names else ("Link",)
            response.setdefault("headers", {}).update({name: LIST_HEADERS[name] for name in headers})
        if status.startswith("2") and status != "204" and names & {"If-Match", "If-None-Match"}:
            response.setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}}
