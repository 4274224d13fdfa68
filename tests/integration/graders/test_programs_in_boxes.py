"""How programs are started in a box: limits of spawned ones, streams and code of forked ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from graders.sandbox.box import Box, BoxSpoiled
from graders.sandbox.pool import pool
from graders.sandbox.values import MEGABYTE, Allowance, Command

ALLOWED = Allowance(cpu_seconds=5, wall_seconds=20, memory_bytes=256 * MEGABYTE, output_bytes=64 * 1024)
LIFTS = """
import resource
print(resource.getrlimit(resource.RLIMIT_FSIZE))
try:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, 2**30))
except ValueError:
    print("refused")
"""
LIMITS = Command(("python3", "-c", LIFTS))


@pytest.fixture
def box() -> Iterator[Box]:
    with pool().borrow() as box:
        yield box


def script(box: Box, source: str, stdin: bytes = b"") -> bytes:
    box.load({"solution.py": source.encode()})
    outcome = box.run(Command(("solution.py",), script="solution.py"), ALLOWED, stdin)
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.stdout


def test_a_spawned_program_has_its_limits_and_cannot_lift_them(box: Box) -> None:
    outcome = box.run(LIMITS, replace(ALLOWED, file_bytes=MEGABYTE))
    assert outcome.stdout.splitlines() == [b"(1048576, 1048576)", b"refused"]


def test_lower_limits_may_follow_in_a_box_higher_ones_need_another(box: Box) -> None:
    true = Command(("true",))
    assert box.run(true, ALLOWED).exit_code == 0
    assert box.run(true, replace(ALLOWED, file_bytes=MEGABYTE)).exit_code == 0
    with pytest.raises(BoxSpoiled):
        box.run(true, ALLOWED)


def test_a_program_that_does_not_exist_failed_to_start(box: Box) -> None:
    outcome = box.run(Command(("no-such-program",)), ALLOWED)
    assert outcome.failed_to_start
    assert b"no-such-program" in outcome.stderr


def test_standard_streams_are_of_the_kind_that_the_program_gets(box: Box) -> None:
    source = (
        "import sys\nprint(*[s.seekable() for s in (sys.stdin, sys.stdout, sys.stderr)], sys.stdin.isatty())"
    )
    assert script(box, source) == b"True False False False\n"


def test_standard_input_can_be_read_twice_over(box: Box) -> None:
    source = "import sys\na = sys.stdin.read()\nsys.stdin.seek(0)\nprint(a == sys.stdin.read(), len(a))"
    assert script(box, source, b"x" * 20000) == b"True 20000\n"


def test_each_run_starts_the_program_anew(box: Box) -> None:
    box.load({"solution.py": b"print(globals().get('seen', 'fresh'))\nseen = input()\n"})
    runs = [box.run(Command(("solution.py",), script="solution.py"), ALLOWED, b"a\n") for _ in range(3)]
    assert [run.stdout for run in runs] == [b"fresh\n"] * 3


def test_other_files_under_the_same_name_are_another_program(box: Box) -> None:
    assert [script(box, f"print({number})") for number in (1, 2)] == [b"1\n", b"2\n"]


def test_a_traceback_has_the_line_also_of_a_later_run(box: Box) -> None:
    box.load({"solution.py": b"\n\nraise ValueError(input())\n"})
    for _ in range(2):
        outcome = box.run(Command(("solution.py",), script="solution.py"), ALLOWED, b"no\n")
        assert (
            b"line 3, in <module>\n    raise ValueError(input())\nValueError: no"
            in outcome.stderr.replace(b"    ^^^^^^^^^^^^^^^^^^^^^^^^^\n", b"")
        )
