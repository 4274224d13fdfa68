"""Names that identify an item for ever: in folders, and made from titles."""

from __future__ import annotations

import hashlib
import re
import unicodedata

SLUG_MAX = 60
SLUG = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
BAD_SLUG = "A folder name has at most 60 of a-z, 0-9 and single hyphens between them."


class Slugs:
    """Slugs that differ: the second of two alike gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def make(self, text: str) -> str:
        """The slug of `text`, or with a number behind it."""
        wanted = slug = slug_of(text)
        while slug in self._taken:
            self._next[wanted] = self._next.get(wanted, 1) + 1
            slug = f"{wanted[: SLUG_MAX - 8].rstrip('-')}-{self._next[wanted]}"
        self._taken.add(slug)
        return slug


def slug_of(text: str) -> str:
    """`text` as a slug, the same for the same text; accents fall off, other signs become hyphens."""
    plain = unicodedata.normalize("NFKD", text[:1000]).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not words:
        return "item-" + hashlib.sha256(text.encode(errors="replace")).hexdigest()[:8]
    return words[:SLUG_MAX].strip("-")
