"""A learner's program out of a message or a file, and the language that it is in. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from bot.messages import sentences
from graders.code.program import MAX_SOURCE
from graders.languages import LANGUAGES

# Telegram cuts at 4096, some apps a little earlier, between words.
CUT_FROM = 4000
FENCE = re.compile(r"```([\w+#.-]*)[ \t]*\n(.*?)(?:\n?```|\Z)", re.DOTALL)
EATS_CHARACTERS = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "code"})
ALIASES = {
    "py": "python",
    "python3": "python",
    "c++": "cpp",
    "cc": "cpp",
    "cxx": "cpp",
    "c++17": "cpp",
    "c++20": "cpp20",
}


class Unusable(Exception):
    """Not a program that can be graded; the text is the sentence for the learner, in Telegram's HTML."""


@dataclass(frozen=True, slots=True)
class Span:
    """A formatted part of a message: Telegram's word for the format, and the text under it."""

    type: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """`hint` is the word that a code block or a file's ending gives for the language."""

    source: str
    hint: str | None = None


def from_message(text: str, spans: Sequence[Span]) -> Program:
    """The code block in a message, else the whole text. Raises Unusable when Telegram has changed the code."""
    return _checked(_block(text, spans) or _fenced(text) or _whole(text, spans))


def from_file(name: str, data: bytes) -> Program:
    """The program in a file. Raises Unusable."""
    if len(data) > MAX_SOURCE:
        raise Unusable(sentences.too_big(MAX_SOURCE // 1024))
    try:
        source = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(sentences.NOT_UTF8) from error
    if not source.strip():
        raise Unusable(sentences.EMPTY_FILE)
    return _checked(Program(source, PurePath(name).suffix.lstrip(".") or None))


def language_of(program: Program, allowed: Sequence[str]) -> str | None:
    """The program's language; None: ask. Raises Unusable when it is one that the challenge does not take."""
    candidates = _candidates((program.hint or "").lower())
    for name in candidates:
        if name in allowed:
            return name
    if candidates:
        titles = ", ".join(LANGUAGES[name].title for name in allowed if name in LANGUAGES)
        raise Unusable(sentences.wrong_language(LANGUAGES[candidates[0]].title, titles))
    return allowed[0] if len(allowed) == 1 else None


def looks_cut(text: str) -> bool:
    """Whether a message is so long that an app may have cut it, so that the rest of the program follows."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 >= CUT_FROM


def _candidates(hint: str) -> list[str]:
    """The languages that a word may mean: the one of that name first, then those whose files end so."""
    name = ALIASES.get(hint, hint)
    alike = [other.name for other in LANGUAGES.values() if PurePath(other.file_name).suffix == f".{name}"]
    return sorted(alike, key=lambda other: other != name) or [name] * (name in LANGUAGES)


def _block(text: str, spans: Sequence[Span]) -> Program | None:
    blocks = [span for span in spans if span.type == "pre"]
    if not blocks:
        return None
    longest = max(blocks, key=lambda span: len(span.text))
    return Program(longest.text, longest.language)


def _fenced(text: str) -> Program | None:
    found = FENCE.search(text)
    return Program(found[2], found[1] or None) if found else None


def _whole(text: str, spans: Sequence[Span]) -> Program:
    if len(spans) == 1 and spans[0].type == "code" and spans[0].text == text.strip():
        return Program(spans[0].text)
    if any(span.type in EATS_CHARACTERS for span in spans):
        raise Unusable(sentences.FORMATTED)
    return Program(text)


def _checked(program: Program) -> Program:
    if "\0" in program.source or any("\ud800" <= char <= "\udfff" for char in program.source):
        raise Unusable(sentences.NOT_TEXT)
    return program
