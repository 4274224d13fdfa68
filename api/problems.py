"""RFC 9457 problems: the one shape of every error under /api."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from typing import Any

from flask import Response, json, request

# Whoever sends thousands of wrong fields need not hear of each.
MAX_ERRORS = 100
CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as a client sees it. `code` is the stable machine word; `errors` maps fields to messages."""

    status: int
    code: str
    detail: str
    errors: Mapping[str, list[str]] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": f"urn:creathon:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        return body | ({"errors": dict(self.errors)} if self.errors is not None else {})

    def response(self) -> Response:
        """The HTTP answer; `instance` is the path that was asked for."""
        body = self.body() | {"instance": request.path}
        return Response(json.dumps(body), self.status, dict(self.headers), content_type=CONTENT_TYPE)


def flat_errors(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Nested validation messages as {"dotted.field": [messages]}; `_schema` stands for the value as a whole."""
    flat: dict[str, list[str]] = {}
    for where, found in islice(_leaves(messages, path), MAX_ERRORS):
        flat.setdefault(where or "body", []).extend(found)
    return flat


def _leaves(messages: Any, path: str) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(messages, Mapping):
        yield path, [str(m) for m in (messages if isinstance(messages, list) else [messages])]
        return
    for key, inner in messages.items():
        yield from _leaves(inner, path if key == "_schema" else f"{path}.{key}".lstrip("."))
