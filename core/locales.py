"""Languages of texts, by their BCP 47 tags, and which of them somebody gets to read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

LOCALE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*"
LOCALE_MAX = 35
_LOCALE = re.compile(LOCALE)


@dataclass(frozen=True, slots=True)
class Rendition:
    """The language that a reader gets, and the texts that are translated into it; none of the original's."""

    locale: str
    words: Mapping[str, Any] = field(default_factory=dict)

    def hint(self, number: int, original: str) -> str:
        """The text of a hint, which count from 1."""
        translated = self.words.get("hints") or []
        return (translated[number - 1] if number <= len(translated) else None) or original


def render(locale: str, translations: Mapping[str, Any], wanted: Iterable[str]) -> Rendition:
    """The translation that suits `wanted` best, or the original, which is in `locale`."""
    found = lookup(wanted, [locale, *translations])
    return Rendition(found, translations[found]) if found and found != locale else Rendition(locale)


def lookup(wanted: Iterable[str], available: Collection[str]) -> str | None:
    """The tag in `available` for the first of the `wanted` ranges that has one (RFC 4647, section 3.4 "Lookup").

    A range is cut from its end until something fits, so de-AT finds de; and de never finds de-AT.
    """
    known = {tag.lower(): tag for tag in available}
    return next((known[cut] for one in wanted for cut in _cuts(one.lower()) if cut in known), None)


def is_locale(tag: str) -> bool:
    """Whether it has the form of a language tag."""
    return len(tag) <= LOCALE_MAX and _LOCALE.fullmatch(tag) is not None


def _cuts(tag: str) -> Iterator[str]:
    parts = tag.split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()
