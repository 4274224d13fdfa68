"""The AsyncAPI description of live events, generated from the event classes that every event is made of."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from core import events

HELLO = {
    "type": "object",
    "required": ["user_id", "last_event_id"],
    "properties": {"user_id": {"type": "integer"}, "last_event_id": {"type": "integer"}},
}
TYPES: dict[Any, Any] = {
    int: "integer",
    float: "number",
    str: "string",
    bool: "boolean",
    int | None: ["integer", "null"],
}
CONNECT = {
    "type": "object",
    "required": ["token"],
    "properties": {
        "token": {"type": "string", "description": "An access token."},
        "last_event_id": {
            "type": "integer",
            "minimum": 0,
            "description": "Replay stored events after this id; 0 from the beginning; absent: live only.",
        },
    },
}


def asyncapi(version: str) -> dict[str, Any]:
    """The document, AsyncAPI 3.0."""
    messages = {"hello": _message("hello", "Sent once after the connect.", HELLO)}
    messages |= {kind.type: _message(kind.type, kind.__doc__ or "", _data(kind)) for kind in _kinds()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Creathon live events", "version": version, "description": __doc__},
        "servers": {
            "same-origin": {
                "host": "{host}",
                "pathname": "/socket.io",
                "protocol": "ws",
                "variables": {"host": {}},
            }
        },
        "channels": {
            "events": {
                "address": "/",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"ws": {"query": {"type": "object"}, "headers": {"type": "object"}}},
            }
        },
        "operations": {
            "receive": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "Events of the connected user: stored ones in order of their id, without gap or repetition.",
            }
        },
        "components": {"messages": messages, "schemas": {"connect": CONNECT}},
    }


def _kinds() -> list[type[events.DomainEvent]]:
    return events.DomainEvent.__subclasses__()


def _message(name: str, summary: str, data: dict[str, Any]) -> dict[str, Any]:
    payload = {
        "type": "object",
        "required": ["id", "type", "at", "data"],
        "properties": {
            "id": {"type": ["integer", "null"], "description": "Counts per user from 1; null: live only."},
            "type": {"const": name},
            "at": {"type": "string", "format": "date-time"},
            "data": data,
        },
    }
    return {"name": name, "summary": " ".join(summary.split()), "payload": payload}


def _data(kind: type[events.DomainEvent]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    properties = {name: {"type": TYPES.get(hints[name], "object")} for name in names}
    return {"type": "object", "required": names, "properties": properties}
