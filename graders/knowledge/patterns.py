"""Authors' regular expressions on learners' texts, in bounded time.

RE2 matches in time linear in pattern and text, whatever the pattern: `(a+)+$` cannot hang a worker, and no
timer has to guess when to give up. The price: no look-around and no back-references; they are refused.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

PATTERN_MAX = 500
# Matching takes at most about PROGRAM_MAX x TEXT_MAX steps.
PROGRAM_MAX = 10_000
TEXT_MAX = 2_000
MEMORY_MAX = 4 * 1024 * 1024  # bytes


class BadPattern(ValueError):
    """The pattern cannot be used; the message says why."""


def check_pattern(pattern: str, ignore_case: bool) -> None:
    """Raise BadPattern unless `pattern` is one that RE2 takes and of bounded size."""
    try:
        program = _compiled(pattern, ignore_case)
    except re2.error as error:
        raise BadPattern(
            f"Is no RE2 expression: {_reason(error)}. Look-around and back-references are not taken."
        ) from error
    if program.programsize > PROGRAM_MAX:
        raise BadPattern("Is too large: its repetitions unfold; use smaller counts.")


def matches(pattern: str, text: str, ignore_case: bool) -> bool:
    """Whether the whole of `text` matches; one longer than TEXT_MAX characters never does."""
    return len(text) <= TEXT_MAX and _compiled(pattern, ignore_case).fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str, ignore_case: bool) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = MEMORY_MAX
    options.case_sensitive = not ignore_case
    return re2.compile(pattern, options)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
