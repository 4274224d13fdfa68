"""A revision as authors read it, and what two of them do not share."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.models.challenge import Challenge, Revision
from core.services.revisions import content_of

# Comparing longer texts could keep a request busy for minutes.
MAX_TEXT, MAX_LINES = 256 * 1024, 4_000


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision beside its challenge, and beside another one where that was asked for."""

    revision: Revision
    challenge: Challenge
    against: Revision | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.revision, name)

    @property
    def live(self) -> bool:
        return self.challenge.revision == self.revision.number

    @property
    def content(self) -> dict[str, Any]:
        return content_of(self.revision)

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Raises AttributeError, which leaves it out, unless there is another one to compare with."""
        if self.against is None:
            raise AttributeError("changes")
        older, newer = sorted((self.revision, self.against), key=lambda one: one.number)
        return list(changes_between(content_of(older), content_of(newer)))


def changes_between(older: dict[str, Any], newer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The fields that differ, each with a unified diff: of texts as they are, of all else as indented JSON."""
    for name in older:
        if older[name] != newer[name]:
            yield {"field": name, "diff": _diff(name, _text(older[name]), _text(newer[name]))}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _diff(name: str, older: str, newer: str) -> str | None:
    lines = older.splitlines(), newer.splitlines()
    if len(older) + len(newer) > MAX_TEXT or sum(map(len, lines)) > MAX_LINES:
        return None
    return "\n".join(difflib.unified_diff(*lines, name, name, lineterm=""))
