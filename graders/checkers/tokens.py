from __future__ import annotations

from graders.checkers.base import Checker, Options


def accepts(expected: bytes, got: bytes, options: Options) -> bool:
    """The same words in the same order; any ASCII white space separates them.

    Kattis' `default_validator` agrees, but for a NUL: there it ends the word, here it is a difference.
    """
    if options.get("ignore_case"):
        expected, got = expected.lower(), got.lower()
    return expected.split() == got.split()


TOKENS = Checker("tokens", accepts, {"ignore_case": {"type": "boolean"}})
