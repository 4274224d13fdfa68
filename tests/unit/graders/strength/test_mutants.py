"""Mutants of Python programs: what is changed, what is left alone, and that only the spot itself changes."""

import ast
import random
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.strength.change import Kind
from graders.strength.mutants import compiled, mutants
from graders.strength.text import MAX_KB, Unmutable

CONTENT = Path(__file__).parents[4] / "content"
ACCEPTED = {str(path): path.read_text() for path in sorted(CONTENT.glob("*/*/solutions/accepted.py"))}
VARIED = dedent('''
    """A module with everything in it."""
    from __future__ import annotations

    __all__ = ["Größe"]


    class Größe:
        """Ünïcode before the spot: ä."""

        limit: int = 3  # ä

        def fits(self, wert: int = 1, *, streng: bool = False) -> bool:
            return "ä" != "ö" and (wert) < (self.limit) or not streng


    def walk(items, at):
        total = 0
        while True:
            for i in range(at, len(items)):
                if items[i] % 2 == 0: continue
                total += items[i - 1] if i else -1
                if total > 10:
                    break
            match total:
                case 7 if at > 2:
                    return f"{total + 1:>5} {at!r}"
                case _:
                    pass
            try:
                return [x ** 2 for x in items[at:at + 3] if x and x not in (1, 2)]
            except (TypeError
                    ):
                raise ValueError("a message") from None


    print(
        max(  # a comment with < and +
            1,
            2 + \\
            3,
        ),
        (lambda a: a << 1)(4),
    )
''')


def sources(program: str, **options) -> list[str]:
    return [mutant.source for mutant in mutants(program, **options).chosen]


def kinds(program: str) -> set[Kind]:
    return {mutant.kind for mutant in mutants(program).chosen}


def patched(original: str, diff: str) -> str:
    """What `patch` makes of a program: each line of the one hunk taken at its word."""
    marks = ("\\ No newline at end of file",)
    header, *hunk = diff.split("\n")[2:-1]
    start = int(header.split("-")[1].split(",")[0]) - 1
    hunk = [line for line in hunk if line not in marks]
    lines = original.split("\n")
    old = [line[1:] for line in hunk if line[0] in " -"]
    assert lines[start : start + len(old)] == old
    return "\n".join(
        lines[:start] + [line[1:] for line in hunk if line[0] in " +"] + lines[start + len(old) :]
    )


@pytest.mark.parametrize(
    ("program", "mutant"),
    [
        ("print(a + b)", "print(a - b)"),
        ("print(a * b)", "print(a // b)"),
        ("print(a ** b)", "print(a * b)"),
        ("print(a & b)", "print(a | b)"),
        ("print(a << b)", "print(a >> b)"),
        ("print(a < b)", "print(a <= b)"),
        ("print(a >= b)", "print(a > b)"),
        ("print(a == b)", "print(a != b)"),
        ("print(a not in b)", "print(a in b)"),
        ("print(a is b)", "print(a is not b)"),
        ("print(a is  not b)", "print(a is b)"),
        ("print(a < b < c)", "print(a < b <= c)"),
        ("print((a) < (b))", "print((a) <= (b))"),
        ("print(a and b)", "print(a or b)"),
        ("print(a or b or c)", "print(a or b and c)"),
        ("print(not a)", "print(a)"),
        ("print(-a)", "print(a)"),
        ("print(~a)", "print(a)"),
        ("a += 1", "a -= 1"),
        ("a += 1", "a = 1"),
        ("print(7)", "print(8)"),
        ("print(7)", "print(6)"),
        ("print(0x0f)", "print(0x10)"),
        ("print(1.5)", "print(2.5)"),
        ("print(True)", "print(False)"),
        ("print('yes')", 'print("")'),
        ("print('')", 'print("x")'),
        ("print(b'yes')", 'print(b"")'),
        ("print(f'{a} of')", 'print("")'),
        ("print(range(n))", "print(range(n + 1))"),
        ("print(range(n))", "print(range(n - 1))"),
        ("print(range(2, n))", "print(range(2, n - 1))"),
        ("print(range(2, n))", "print(range(3, n))"),
        ("print(a[i])", "print(a[i - 1])"),
        ("print(a[i:j])", "print(a[i + 1:j])"),
        ("print(a[i:j])", "print(a[i:j - 1])"),
        ("print(a[0])", "print(a[1])"),
        ("print(a[i % n])", "print(a[(i % n) + 1])"),
        ("print(min(a))", "print(max(a))"),
        ("print(a.lstrip())", "print(a.rstrip())"),
        ("print(a if b else c)", "print(a if not b else c)"),
        ("print([a for a in b if a > 2])", "print([a for a in b if not (a > 2)])"),
        ("if a < b: print(1)", "if not (a < b): print(1)"),
        ("while a: b()", "while not a: b()"),
        ("for a in b:\n    break", "for a in b:\n    continue"),
        ("for a in b:\n    continue\n    c()", "for a in b:\n    break\n    c()"),
        ("def f(a):\n    if a: return a\n    g()", "def f(a):\n    if a: return None\n    g()"),
        ("def f(a):\n    return a < 1", "def f(a):\n    return not (a < 1)"),
        ("def f(a):\n    return a * 3", "def f(a):\n    return -(a * 3)"),
        ("def f(a):\n    return [a]", "def f(a):\n    return []"),
        ("def f(a):\n    yield a", "def f(a):\n    yield None"),
        ("print(lambda a: a)", "print(lambda a: None)"),
        ("a()\nb()", "a()\npass"),
        ("if a: b()", "if a: pass"),
        ("a.b = 1", "pass"),
    ],
)
def test_a_program_has_this_mutant(program, mutant):
    assert mutant in sources(program)


@pytest.mark.parametrize(
    "program",
    [
        '"""A docstring: 1 < 2."""',
        "def f(a):\n    '''A docstring.'''",
        "import os\nfrom sys import path",
        "__all__ = ['a', 'b']",
        "a: int",
        "def f(a: dict[str, 1]) -> 'int': ...",
        "if TYPE_CHECKING:\n    print(1)",
        "if False:\n    print(1)",
        "assert a < 1",
    ],
)
def test_what_cannot_matter_is_left_alone(program):
    assert sources(program) == []


def test_what_is_never_reached_is_left_alone():
    assert sources("def f():\n    return\n    print(1)") == ["def f():\n    pass\n    print(1)"]


def test_the_message_of_an_exception_is_left_alone():
    assert sources("def f():\n    raise ValueError('one or ' + f'two {3}')") == [
        "def f():\n    pass",
        "def f():\n    raise ValueError('one or ' - f'two {3}')",
        "def f():\n    raise ValueError('one or ' + f'two {4}')",
        "def f():\n    raise ValueError('one or ' + f'two {2}')",
    ]


def test_what_runs_as_a_program_only_counts_for_programs_only():
    program = "if __name__ == '__main__':\n    print(1)"
    assert len(sources(program)) == 3
    assert sources(program, imported=True) == []


def test_the_only_assignment_of_a_name_is_not_deleted():
    assert sources("a = b") == []
    assert "a = b\npass" in sources("a = b\na = c")


def test_of_two_mutants_that_compile_to_the_same_one_is_left():
    # Falling off the end returns None too.
    assert sources("def f(a):\n    return a") == ["def f(a):\n    pass"]


def test_a_mutant_that_compiles_to_the_program_itself_is_left_out():
    assert sources("def f(a):\n    return") == []


def test_a_description_names_the_line_and_the_change():
    told = {mutant.line: mutant.description for mutant in mutants("a = b\nprint(a < c)").chosen}
    assert told[2] == "line 2: `<` became `<=`"


def test_a_diff_shows_the_change_and_two_lines_around_it():
    found = mutants("a = b\nc = d\n\nif a < c:\n    e()").chosen
    [boundary] = [mutant for mutant in found if mutant.kind is Kind.BOUNDARY]
    assert boundary.diff == (
        "--- solution.py\n+++ solution.py\n@@ -2,4 +2,4 @@\n"
        " c = d\n \n-if a < c:\n+if a <= c:\n     e()\n\\ No newline at end of file\n"
    )


def test_ids_are_unique_and_stay_the_same_when_fewer_are_asked_for():
    everything = {mutant.id: mutant.source for mutant in mutants(VARIED).chosen}
    some = {mutant.id: mutant.source for mutant in mutants(VARIED, 20).chosen}
    assert len(everything) == len(mutants(VARIED).chosen)
    assert len(some) == 20
    assert some.items() <= everything.items()


def test_a_sample_holds_every_kind_and_reaches_all_parts_of_the_program():
    every = mutants(VARIED)
    sample = mutants(VARIED, 30).chosen
    assert {mutant.kind for mutant in sample} == {mutant.kind for mutant in every.chosen}
    thirds = {mutant.line * 3 // (len(VARIED.splitlines()) + 1) for mutant in sample}
    assert thirds == {0, 1, 2}


def test_a_varied_program_has_mutants_of_every_kind():
    assert kinds(VARIED + "\ntotal |= 1 & 2\n") == set(Kind)


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from([*sorted(ACCEPTED), "varied"]), seed=st.integers(0, 1000))
def test_every_mutant_compiles_to_something_else_and_its_diff_is_exact(name, seed):
    program = ACCEPTED.get(name, VARIED)
    found = mutants(program).chosen
    for mutant in random.Random(seed).sample(found, min(5, len(found))):
        assert compiled(mutant.source) not in (None, compiled(program))
        assert patched(program, mutant.diff) == mutant.source
        before, after = mutant.source[: mutant.change.start], program[mutant.change.end :]
        assert program.startswith(before)
        assert mutant.source.endswith(after)


def test_mutating_twice_gives_the_same():
    assert mutants(VARIED, 25) == mutants(VARIED, 25)


def test_lines_may_end_as_they_like_and_a_byte_order_mark_may_stand_first():
    assert sources("\ufeffa = b\r\nprint(a < 1)\r\n")[1] == "a = b\r\nprint(a <= 1)\r\n"
    assert mutants("ä = 1\nprint('ö', ä\x0c < 1)").chosen[-3].source == "ä = 1\nprint('ö', ä\x0c <= 1)"


def test_a_change_never_glues_two_words_together():
    assert "def f(a):\n    return a" in sources("def f(a):\n    return-a")
    assert "print(a if a else b)" in sources("print(a if-a else b)")


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("print(", "does not parse: line 1"),
        ("x" + " " * MAX_KB * 1024, "larger than 64 KB"),
        ("(" * 300 + ")" * 300, "does not parse|too deeply"),
        ("x" + "+x" * 5000, "too deeply"),
        ("a = '\x00'", "not text|does not parse"),
        ("a = '\ud800'", "not text|does not parse"),
    ],
)
def test_a_program_that_cannot_be_mutated_is_told(program, told):
    with pytest.raises(Unmutable, match=told):
        mutants(program)


def test_what_the_corpus_of_the_repository_offers_is_not_nothing():
    assert len(ACCEPTED) > 10
    assert all(ast.parse(program) and mutants(program).chosen for program in ACCEPTED.values())


def test_how_many_are_possible_is_told_of_a_sample():
    every = mutants(VARIED)
    assert every.possible == len(every.chosen)
    assert mutants(VARIED, 20).possible >= every.possible
    assert mutants(VARIED, 500) == every


def test_a_report_does_not_grow_with_the_length_of_a_line():
    [mutant, *_] = mutants(f"print(a < {'b' * 20_000})").chosen
    assert len(mutant.diff) > 20_000
    assert len(mutant.as_dict()["diff"]) < 5_000
