"""A checker decides whether an output is right. It runs in the worker, never in the box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Options = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checker:
    """`accepts(expected, got, options)`; `options` are the properties that a spec may set beside `name`."""

    name: str
    accepts: Callable[[bytes, bytes, Options], bool]
    options: dict[str, Any] = field(default_factory=dict)
