from __future__ import annotations

import pytest

from core.grading import TestCase, Verdict
from graders.code import feedback

CASE = TestCase("sample 1", "1 2\n", "first\nsecond\n")


def test_a_wrong_sample_shows_input_expected_and_got() -> None:
    text = feedback.wrong_answer(CASE, b"first\nsecund\n")
    assert "input:\n1 2\n" in text
    assert "expected:\nfirst\nsecond\n" in text
    assert "got:\nfirst\nsecund\n" in text


def test_the_first_difference_is_marked_by_a_caret() -> None:
    lines = feedback.first_difference("first\nsecond\n", "first\nsecund\n").splitlines()
    assert lines[0] == "first difference: line 2, column 4"
    assert lines[2].index("u") == lines[3].index("^")


def test_a_missing_and_a_superfluous_line_are_named() -> None:
    assert "line 2 is missing" in feedback.first_difference("a\nb\n", "a\n")
    assert "line 2 is too much" in feedback.first_difference("a\n", "a\nb\n")


def test_no_output_is_said_to_be_nothing() -> None:
    assert "got:\n(nothing)" in feedback.wrong_answer(CASE, b"")


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a\0b", b"\x1b[31mred\x1b[0m", b"x" * 100_000, b"\xc3"])
def test_what_a_program_printed_becomes_bounded_text_without_control_characters(data: bytes) -> None:
    text = feedback.readable(data)
    text.encode()
    assert len(text) < feedback.MAX_TEXT + 100
    assert not any(ord(c) < 32 and c not in "\n\t" for c in text)


def test_a_hidden_test_tells_its_number_and_kind_only() -> None:
    assert feedback.hidden(3, Verdict.WRONG_ANSWER, "expected 5") == "hidden test 3: wrong answer"


SOURCE = "class Mine(Exception):\n    pass\n\n\nx = int(input())\nraise Mine(x)\n"


def traceback(line: int, last: str) -> bytes:
    return f'Traceback (most recent call last):\n  File "/box/solution.py", line {line}, in <module>\n{last}\n'.encode()


def test_the_traceback_of_a_hidden_test_is_the_learners_own_lines() -> None:
    text = feedback.safe_traceback(traceback(5, "    x = 99\nValueError: invalid literal: 'secret'"), SOURCE)
    assert text == "  line 5: x = int(input())\nValueError"


def test_an_exception_of_the_learners_own_is_named() -> None:
    assert (
        feedback.safe_traceback(traceback(6, "__main__.Mine: secret"), SOURCE)
        == "  line 6: raise Mine(x)\nMine"
    )


@pytest.mark.parametrize("last", ["secret42: x", "secret42", "Traceback", ""])
def test_an_exception_name_that_could_be_data_is_not_shown(last: str) -> None:
    assert feedback.safe_traceback(traceback(5, last), SOURCE) is None


def test_lines_that_the_source_does_not_have_are_not_shown() -> None:
    assert feedback.safe_traceback(traceback(40, "ValueError: x"), SOURCE) is None
