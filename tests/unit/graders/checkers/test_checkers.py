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


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        (b"0.5 yes", b"0.5000004\nyes", True),
        (b"1000000", b"1000000.9", True),
        (b"0.5", b"0.51", False),
        (b"yes", b"Yes", False),
        (b"1", b"one", False),
        (b"1", b"1 1", False),
        (b"inf", b"inf", True),
        (b"nan", b"0", False),
    ],
)
def test_floats_are_accepted_within_either_tolerance(expected: bytes, got: bytes, right: bool) -> None:
    assert CHECKERS["floats"].accepts(expected, got, {}) is right


def test_a_lone_absolute_tolerance_counts_alone() -> None:
    assert CHECKERS["floats"].accepts(b"1000", b"1000.4", {"absolute": 0.5})
    assert not CHECKERS["floats"].accepts(b"1000000", b"1000000.6", {"absolute": 0.5})


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        (b"a b\nc\n", b"c\r\na  b", True),
        (b"a\nb\n", b"\nb\n\na\n", True),
        (b"a\na\nb\n", b"a\nb\nb\n", False),
        (b"a b\n", b"b a\n", False),
        (b"a\n", b"a\na\n", False),
    ],
)
def test_unordered_compares_lines_in_any_order(expected: bytes, got: bytes, right: bool) -> None:
    assert CHECKERS["unordered"].accepts(expected, got, {}) is right
