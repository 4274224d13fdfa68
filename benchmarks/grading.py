"""How fast grading in the sandbox is, beside running the same programs bare: `python -m benchmarks.grading`.

Every row is measured in this one run, its variants in turn, so that a busy machine slows them alike. Figures
are medians in milliseconds; the ratio is to the bare loop (`python3 solution.py`, or compiling plus the runs).
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.grading import Verdict
from graders.code.batch import BatchGrader
from graders.languages import LANGUAGES
from graders.languages.availability import available_languages, prepare_headers
from graders.sandbox.bwrap import bwrap_path
from graders.sandbox.cgroups import children, descendants
from graders.sandbox.pool import close_pool, pool
from graders.sandbox.values import ENVIRONMENT

MOUNTS = ("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
NATIVE_TESTS = 50  # a native test is so short that ten would measure how the box is found, not the tests
WORKERS, MIN_RATE = 2, 30
CASE = {"input": "20 22\n", "output": "42\n"}
PYTHON = "a, b = map(int, input().split())\nprint(a + b)\n"
CPP = "#include <bits/stdc++.h>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; } // "
SOURCES = {name: language.smoke for name, language in LANGUAGES.items()} | {"python": PYTHON, "cpp": CPP}


def spec(tests: int, cpu: float = 10) -> dict[str, Any]:
    cases = [CASE] * tests
    return {"limits": {"cpu_seconds": cpu, "memory_mb": 256}, "groups": [{"name": "main", "cases": cases}]}


def graded(language: str, tests: int, source: str) -> None:
    """One submission through the engine; every test must be accepted, or the time would mean nothing."""
    results = list(BatchGrader().validate_submission(spec(tests), {"language": language, "source": source}))
    assert [r.verdict for r in results] == [Verdict.ACCEPTED] * tests, results[-1]


def milliseconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


class Bare:
    """The same programs with no sandbox at all, in a temporary directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def compile(self, language: str, source: str) -> None:
        known = LANGUAGES[language]
        (self.directory / known.file_name).write_text(source)
        if known.compile:
            subprocess.run(known.compile, cwd=self.directory, check=True, capture_output=True)

    def run(self, language: str, tests: int, before: tuple[str, ...] = ()) -> None:
        run = [part.replace("{memory_mb}", "256") for part in LANGUAGES[language].run]
        command = [*before, *(["/usr/bin/python3"] if language == "python" else []), *run]
        for _ in range(tests):
            done = subprocess.run(
                command,
                input=CASE["input"],
                cwd=self.directory,
                capture_output=True,
                text=True,
                env=ENVIRONMENT,
            )
            assert done.stdout.split() == ["42"], done

    def boxed(self, language: str, tests: int) -> None:
        box = ("--unshare-all", "--die-with-parent", *MOUNTS, "--chdir")
        self.run(language, tests, (bwrap_path(), *box, str(self.directory), "--"))


Variants = dict[str, Callable[[], float]]


def warm(language: str, tests: int, source: Callable[[], str]) -> float:
    pool().warm_up()
    time.sleep(0.2)  # what a box does in its first idle moments belongs to its start
    text = source()
    return milliseconds(lambda: graded(language, tests, text))


def cold(language: str, tests: int, source: Callable[[], str]) -> float:
    close_pool()
    text = source()
    return milliseconds(lambda: graded(language, tests, text))


def bare(place: Bare, language: str, tests: int, source: Callable[[], str]) -> float:
    def work() -> None:
        place.compile(language, source())
        place.run(language, tests)

    return milliseconds(work)


def bare_runs(place: Bare, language: str, tests: int, source: str) -> float:
    place.compile(language, source)
    return milliseconds(lambda: place.run(language, tests))


def fresh(source: str) -> Callable[[], str]:
    """A new text each time, so that no cache knows it."""
    return lambda: f"{source}{time.monotonic_ns()}\n"


def same(source: str) -> Callable[[], str]:
    return lambda: source


@dataclass(frozen=True)
class Row:
    """Ways to do the same work, the bare one first, and the ratio to it that a way may have at most."""

    name: str
    ways: Variants
    goals: dict[str, float]


def rows(place: Bare) -> Iterator[Row]:
    for tests in (1, 10):
        yield python_row(place, tests)
    for tests in (1, 10):
        yield cpp_row(place, tests)
    offered = available_languages()
    for language in ("c", "javascript", "java"):
        if offered[language].version:
            yield built_row(place, language)


def python_row(place: Bare, tests: int) -> Row:
    ways = {
        "bare": lambda: bare(place, "python", tests, same(PYTHON)),
        "bubblewrap per test": lambda: milliseconds(lambda: place.boxed("python", tests)),
        "engine, cold": lambda: cold("python", tests, same(PYTHON)),
        "engine, warm": lambda: warm("python", tests, same(PYTHON)),
    }
    goals = {"engine, warm": 0.60} if tests == 1 else {"engine, cold": 0.45, "engine, warm": 0.20}
    return Row(f"Python, {tests} test(s)", ways, goals)


def cpp_row(place: Bare, tests: int) -> Row:
    ways = {
        "bare": lambda: bare(place, "cpp", tests, fresh(CPP)),
        "engine, new source": lambda: warm("cpp", tests, fresh(CPP)),
        "engine, cached build": lambda: warm("cpp", tests, same(CPP)),
    }
    return Row(
        f"C++ bits/stdc++.h, {tests} test(s)", ways, {"engine, new source": 0.40} if tests == 10 else {}
    )


def built_row(place: Bare, language: str) -> Row:
    tests = NATIVE_TESTS if language == "c" else 10
    ways = {
        "bare": lambda: bare_runs(place, language, tests, SOURCES[language]),
        "engine, cached build": lambda: warm(language, tests, same(SOURCES[language])),
    }
    return Row(f"{LANGUAGES[language].title}, {tests} tests", ways, {"engine, cached build": 1.3})


def lateness() -> float:
    """Milliseconds between a limit of 0.3 s of CPU and the end of a program that never ends by itself."""
    pool().warm_up()
    answer = {"language": "c", "source": "int main(void) { volatile int on = 1; while (on) {} }"}
    result = next(BatchGrader().validate_submission(spec(1, 0.3), answer))
    assert result.verdict is Verdict.TIME_LIMIT_EXCEEDED
    return (result.cpu_ms or 0) - 300.0


def idle_megabytes() -> float:
    """Proportional memory of one idle box: its supervisor and bubblewrap."""
    close_pool()  # so that no used box is still dying
    pool().warm_up()
    time.sleep(0.5)  # it goes on importing when it idles
    boxes = [child for child in children(os.getpid()) if "bwrap" in Path(f"/proc/{child}/comm").read_text()]
    shares = []
    for pid in descendants(boxes[0]):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        shares += [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
    return sum(shares) / 1024


THROUGHPUT = """
import sys, time
from benchmarks.grading import PYTHON, graded, pool
pool().warm_up()
end, done = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < end:
    graded("python", 10, PYTHON)
    done += 1
print(done)
"""


def throughput(workers: int, seconds: float = 5.0) -> float:
    """Python submissions of ten tests a second, through that many worker processes."""
    command = [sys.executable, "-c", THROUGHPUT, str(seconds)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
    return sum(int(process.communicate()[0]) for process in running) / seconds


def measured(row: Row, times: int) -> Iterator[str]:
    """A line per way: milliseconds, ratio to the first way, and what the ratio should be."""
    taken: dict[str, list[float]] = {way: [] for way in row.ways}
    for _ in range(times):
        for way, measure in row.ways.items():
            taken[way].append(measure())
    base = statistics.median(taken["bare"])
    for way, values in taken.items():
        middle = statistics.median(values)
        yield f"  {way:24}{middle:9.1f} ms   ratio {middle / base:5.2f}{_goal(middle / base, row.goals.get(way))}"


def _goal(figure: float, most: float | None) -> str:
    return "" if most is None else f"   goal {most:.2f}: {'met' if figure <= most else 'MISSED'}"


def single_figures() -> Iterator[str]:
    """Figures that are compared with nothing."""
    late = statistics.median(lateness() for _ in range(10))
    yield f"kill after the limit: {late:.1f} ms late{_goal(late, 100)}"
    memory = idle_megabytes()
    yield f"idle warm box: {memory:.1f} MB{_goal(memory, 15)}"
    close_pool()
    rate = throughput(WORKERS)
    verdict = "met" if rate >= MIN_RATE else "MISSED"
    yield (
        f"throughput: {rate:.0f} Python submissions of 10 tests a second, {WORKERS} workers"
        f"   goal {MIN_RATE}: {verdict}"
    )
    yield "DMOJ's judge: skipped, it is not part of this benchmark's environment"


def machine() -> str:
    """What the figures were measured on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    model = names[0].partition(":")[2].strip() if names else platform.machine()
    return f"{os.cpu_count()} x {model}, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often each way is measured")
    times = parser.parse_args().times
    prepare_headers(name for name, found in available_languages().items() if found.version)
    print(machine())
    directory = tempfile.mkdtemp()
    try:
        for row in rows(Bare(Path(directory))):
            print(f"\n{row.name}")
            for line in measured(row, times):
                print(line, flush=True)
        print()
        for line in single_figures():
            print(line, flush=True)
    finally:
        shutil.rmtree(directory)
        close_pool()


if __name__ == "__main__":
    main()
