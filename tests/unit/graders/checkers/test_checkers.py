from __future__ import annotations

import pytest

from graders.checkers import CHECKERS


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        (b"1 2\n3\n", b"1\t2 3", True),
        (b"1 2\n", b"  1  2\r\n\r\n", True),
        (b"", b"\n\n", True),
        (b"1 2", b"12", False),
        (b"1 2", b"2 1", False),
        (b"Yes", b"yes", False),
        (b"1", b"1.0", False),
        (b"7", b"7\0", False),
    ],
)
def test_tokens_are_compared_word_by_word(expected: bytes, got: bytes, right: bool) -> None:
    assert CHECKERS["tokens"].accepts(expected, got, {}) is right


def test_tokens_may_ignore_case() -> None:
    assert CHECKERS["tokens"].accepts(b"Yes", b"YES", {"ignore_case": True})


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        (b"a b\n", b"a b\n", True),
        (b"a b\n", b"a b", True),
        (b"a b", b"a b\n", True),
        (b"a b\n", b"a  b\n", False),
        (b"a b\n", b"a b \n", False),
        (b"a\n", b"a\n\n", False),
    ],
)
def test_exact_tolerates_only_the_last_newline(expected: bytes, got: bytes, right: bool) -> None:
    assert CHECKERS["exact"].accepts(expected, got, {}) is right
