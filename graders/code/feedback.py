"""What a learner reads about a test. Samples are explained in full; of a hidden test nothing leaks but its kind."""

from __future__ import annotations

import builtins
import re
from itertools import zip_longest

from core.grading import TestCase, Verdict

MAX_PART = 1000
MAX_TEXT = 4000
MAX_FRAMES = 8
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
FRAME = re.compile(r'^  File "/box/solution\.py", line (\d{1,6})(?:, in .*)?$', re.MULTILINE)
EXCEPTION = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)", re.MULTILINE)


def readable(data: bytes | str, limit: int = MAX_TEXT) -> str:
    """Valid, bounded text without control characters or the box's paths."""
    text = data.decode(errors="replace") if isinstance(data, bytes) else data
    text = ESCAPES.sub("", text.replace("\r\n", "\n")).replace("/box/", "")
    text = CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) <= limit:
        return text
    return f"{text[: limit * 3 // 4]}\n… ({len(text) - limit} characters left out) …\n{text[-(limit // 4) :]}"


def wrong_answer(case: TestCase, got: bytes) -> str:
    """A sample's input, the expected and the given output, and where they first part."""
    shown = got.decode(errors="replace")
    parts = [
        ("input", readable(case.input, MAX_PART)),
        ("expected", readable(case.output, MAX_PART)),
        ("got", readable(shown, MAX_PART) if shown else "(nothing)"),
    ]
    blocks = [f"{title}:\n{text.rstrip()}" for title, text in parts]
    return "\n".join([*blocks, first_difference(case.output, shown)])


def not_accepted(case: TestCase, got: bytes, message: str) -> str:
    """A sample's input, what the program made of it, and what the author's checker says of that."""
    parts = [("input", case.input), ("got", got.decode(errors="replace") or "(nothing)")]
    blocks = [f"{title}:\n{readable(text, MAX_PART).rstrip()}" for title, text in parts]
    return "\n".join([*blocks, readable(message, MAX_PART)]).rstrip()


def first_difference(expected: str, got: str) -> str:
    """The first line that differs, both versions, with a caret under the first character that does."""
    pairs = zip_longest(expected.splitlines(), got.splitlines())
    for number, (right, wrong) in enumerate(pairs, start=1):
        if right == wrong:
            continue
        if wrong is None:
            return f"first difference: line {number} is missing; expected {readable(str(right), 80)!r}"
        if right is None:
            return f"first difference: line {number} is too much: {readable(wrong, 80)!r}"
        return _marked(number, right, wrong)
    return "first difference: white space at the end"


def _marked(number: int, right: str, wrong: str) -> str:
    column = next((i for i, (a, b) in enumerate(zip(right, wrong, strict=False)) if a != b), None)
    column = min(len(right), len(wrong)) if column is None else column
    start = max(0, column - 30)
    window = slice(start, start + 70)
    return (
        f"first difference: line {number}, column {column + 1}\n"
        f"  expected  {readable(right[window])}\n"
        f"  got       {readable(wrong[window])}\n"
        f"            {' ' * (column - start)}^"
    )


def hidden(index: int, verdict: Verdict, reason: str | None) -> str:
    """The number of a hidden test and how it went wrong."""
    text = f"hidden test {index}: {verdict.value.replace('_', ' ')}"
    return f"{text}: {reason}" if reason and verdict is not Verdict.WRONG_ANSWER else text


def failure(reason: str | None, stderr: bytes) -> str:
    """Why a sample test failed, with what the program said about it."""
    said = readable(stderr).strip()
    return "\n".join(part for part in (reason, said) if part)


def safe_traceback(stderr: bytes, source: str) -> str | None:
    """A Python traceback rebuilt from the learner's own source, for a hidden test.

    Only line numbers and the exception's name are taken from what the program printed, and the name only
    when it is a builtin's or stands in the source: the rest could be the test's data.
    """
    text = stderr.decode(errors="replace")
    lines = source.splitlines()
    numbers = [int(found) for found in FRAME.findall(text)][-MAX_FRAMES:]
    frames = [f"  line {n}: {lines[n - 1].strip()[:120]}" for n in numbers if 0 < n <= len(lines)]
    names = EXCEPTION.findall(text)
    name = names[-1].rpartition(".")[2] if names else ""
    known = isinstance(getattr(builtins, name, None), type) or re.search(rf"\bclass {name}\b", source)
    if not frames or not name or not known:
        return None
    return "\n".join([*frames, name])
