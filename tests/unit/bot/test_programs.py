"""A program out of a message or a file."""

import pytest

from bot.programs import Program, Span, Unusable, from_file, from_message, language_of, looks_cut
from graders.code.program import MAX_SOURCE

CODE = "print(1)\n"


@pytest.mark.parametrize(
    ("text", "spans", "program"),
    [
        (CODE, [], Program(CODE)),
        (f"Here:\n{CODE}", [Span("pre", CODE, "python")], Program(CODE, "python")),
        ("a b", [Span("pre", "a"), Span("pre", "longer"), Span("bold", "b")], Program("longer")),
        (f"```py\n{CODE}```", [], Program("print(1)", "py")),
        (f"Look:\n```\n{CODE}\n``` so", [], Program("print(1)\n")),
        (f"```c++\n{CODE}", [], Program("print(1)\n", "c++")),
        (" print(1) ", [Span("code", "print(1)")], Program("print(1)")),
        ("see a.b", [Span("url", "a.b")], Program("see a.b")),
    ],
)
def test_the_program_in_a_message_is_found(text, spans, program):
    assert from_message(text, spans) == program


@pytest.mark.parametrize("kind", ["bold", "italic", "underline", "strikethrough", "spoiler", "code"])
def test_a_program_that_telegram_took_characters_from_is_refused(kind):
    with pytest.raises(Unusable, match="formatting"):
        from_message("def init: pass", [Span(kind, "init")])


@pytest.mark.parametrize("bad", ["\0", "\ud83d"])
def test_a_program_with_characters_that_cannot_be_stored_is_refused(bad):
    with pytest.raises(Unusable, match="not text"):
        from_message(f"print('{bad}')", [])


@pytest.mark.parametrize(
    ("text", "cut"), [("x" * 3999, False), ("x" * 4000, True), ("🖼" * 2000, True), ("\ud800" * 4000, True)]
)
def test_a_message_near_telegrams_limit_may_be_cut(text, cut):
    assert looks_cut(text) is cut


def test_a_file_keeps_its_ending_as_a_hint_and_loses_its_byte_order_mark():
    assert from_file("my.sum.py", b"\xef\xbb\xbf" + CODE.encode()) == Program(CODE, "py")
    assert from_file("", CODE.encode()) == Program(CODE)


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"x" * (MAX_SOURCE + 1), "too big"), (b"\xff\xfe", "UTF-8"), (b"", "empty"), (b"a\0", "not text")],
)
def test_a_file_that_is_no_program_is_refused(data, said):
    with pytest.raises(Unusable, match=said):
        from_file("a.py", data)


@pytest.mark.parametrize(
    ("hint", "allowed", "language"),
    [
        ("py", ["c", "python"], "python"),
        ("PY", ["c", "python"], "python"),
        ("python", ["python"], "python"),
        ("cpp", ["cpp", "cpp20"], "cpp"),
        ("cpp", ["cpp20"], "cpp20"),
        ("cc", ["cpp", "c"], "cpp"),
        ("c++20", ["cpp", "cpp20"], "cpp20"),
        ("c", ["c", "cpp"], "c"),
        (None, ["python"], "python"),
        ("txt", ["python"], "python"),
        (None, ["c", "python"], None),
        ("txt", ["c", "python"], None),
    ],
)
def test_the_language_is_known_or_asked_for(hint, allowed, language):
    assert language_of(Program(CODE, hint), allowed) == language


def test_a_language_that_the_challenge_does_not_take_is_refused_with_those_it_does():
    with pytest.raises(Unusable, match=r"no C 17 \(gcc\)\. Languages: Python 3\."):
        language_of(Program(CODE, "c"), ["python"])
