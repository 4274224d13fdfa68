from __future__ import annotations

import signal
from typing import Any

import pytest

from core.errors import InfrastructureError
from core.grading import Limits, Verdict
from graders.code.judging import judge
from graders.languages import LANGUAGES
from graders.sandbox.values import MEGABYTE, Allowance, Outcome, Stop

LIMITS = Limits(cpu_seconds=1.0, memory_mb=64, output_kb=64)
ALLOWED = Allowance(cpu_seconds=1.0, wall_seconds=4.0, memory_bytes=64 * MEGABYTE, output_bytes=65536)


def outcome(**fields: Any) -> Outcome:
    usual: dict[str, Any] = {
        "exit_code": 0,
        "signal": None,
        "cpu_seconds": 0.1,
        "wall_seconds": 0.1,
        "peak_kb": 9000,
        "stopped": None,
        "failed_to_start": False,
        "stdout": b"",
        "stderr": b"",
    }
    if fields.get("signal"):
        usual["exit_code"] = None
    return Outcome(**{**usual, **fields})


@pytest.mark.parametrize(
    ("fields", "verdict", "reason"),
    [
        ({}, Verdict.ACCEPTED, None),
        (
            {"signal": 9, "stopped": Stop.CPU, "cpu_seconds": 1.004},
            Verdict.TIME_LIMIT_EXCEEDED,
            "killed after 1.00 s of CPU; limit 1.0 s",
        ),
        ({"cpu_seconds": 1.2}, Verdict.TIME_LIMIT_EXCEEDED, "used 1.20 s of CPU; limit 1.0 s"),
        (
            {"signal": 9, "stopped": Stop.WALL, "wall_seconds": 4.001},
            Verdict.TIME_LIMIT_EXCEEDED,
            "killed after 4.00 s on the clock; limit 4.0 s",
        ),
        ({"signal": signal.SIGXCPU, "cpu_seconds": 1.3}, Verdict.TIME_LIMIT_EXCEEDED, None),
        (
            {"signal": 9, "stopped": Stop.MEMORY},
            Verdict.MEMORY_LIMIT_EXCEEDED,
            "needs more memory; limit 64 MB",
        ),
        ({"peak_kb": 65 * 1024}, Verdict.MEMORY_LIMIT_EXCEEDED, None),
        ({"exit_code": 1, "stderr": b"Traceback\nMemoryError\n"}, Verdict.MEMORY_LIMIT_EXCEEDED, None),
        ({"signal": 9, "stopped": Stop.OUTPUT}, Verdict.OUTPUT_LIMIT_EXCEEDED, "printed more than 64 KB"),
        ({"signal": signal.SIGXFSZ}, Verdict.OUTPUT_LIMIT_EXCEEDED, None),
        ({"signal": 9, "stopped": Stop.FILES}, Verdict.OUTPUT_LIMIT_EXCEEDED, "made too many files"),
        ({"exit_code": 3}, Verdict.RUNTIME_ERROR, "ended with exit code 3"),
        ({"signal": 11}, Verdict.RUNTIME_ERROR, "killed by signal 11 (SIGSEGV: invalid memory access)"),
        ({"signal": 44}, Verdict.RUNTIME_ERROR, "killed by signal 44"),
        ({"exit_code": 1, "stderr": b"MemoryError: no\nValueError\n"}, Verdict.RUNTIME_ERROR, None),
    ],
)
def test_the_end_of_a_run_decides_the_verdict(
    fields: dict[str, Any], verdict: Verdict, reason: str | None
) -> None:
    judgement = judge(outcome(**fields), ALLOWED, LIMITS, LANGUAGES["python"])
    assert judgement.verdict is verdict
    assert reason is None or judgement.reason == reason


def test_an_uncaught_bad_alloc_is_a_lack_of_memory() -> None:
    died = outcome(signal=signal.SIGABRT, stderr=b"terminate called after throwing 'std::bad_alloc'")
    assert judge(died, ALLOWED, LIMITS, LANGUAGES["cpp"]).verdict is Verdict.MEMORY_LIMIT_EXCEEDED


def test_the_words_of_memory_errors_mean_nothing_when_the_program_ends_well() -> None:
    fine = outcome(stderr=b"std::bad_alloc\nMemoryError")
    assert judge(fine, ALLOWED, LIMITS, LANGUAGES["python"]).verdict is Verdict.ACCEPTED


def test_a_program_that_never_started_is_our_failure() -> None:
    with pytest.raises(InfrastructureError):
        judge(outcome(exit_code=127, failed_to_start=True), ALLOWED, LIMITS, LANGUAGES["c"])
