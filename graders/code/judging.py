"""From what a run did to its verdict, and to the sentence that says why. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from core.errors import InfrastructureError
from core.grading import Limits, Verdict
from graders.languages.base import Language
from graders.sandbox.values import Allowance, Outcome, Stop

SIGNAL_MEANINGS = {
    signal.SIGSEGV: "invalid memory access",
    signal.SIGFPE: "division by zero or another arithmetic error",
    signal.SIGABRT: "the program gave up",
    signal.SIGILL: "invalid instruction",
    signal.SIGBUS: "invalid memory access",
    signal.SIGPIPE: "wrote to a closed pipe",
    signal.SIGSYS: "forbidden system call",
}
NO_MEMORY = b"Cannot allocate memory"
OUT_OF_MEMORY = (
    NO_MEMORY,
    b"std::bad_alloc",
    b"java.lang.OutOfMemoryError",
    b"JavaScript heap out of memory",
    b"Out of memory!",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and its reason in words. ACCEPTED here means: it ended well, its output is yet to be checked."""

    verdict: Verdict
    reason: str | None = None


def judge(outcome: Outcome, allowed: Allowance, limits: Limits, language: Language) -> Judgement:
    """The verdict on how a run ended. Raises InfrastructureError when it never began."""
    if judgement := _over_time(outcome, allowed):
        return judgement
    if outcome.stopped is Stop.OUTPUT or outcome.signal == signal.SIGXFSZ:
        return Judgement(Verdict.OUTPUT_LIMIT_EXCEEDED, f"printed more than {limits.output_kb} KB")
    if outcome.stopped is Stop.FILES:
        return Judgement(Verdict.OUTPUT_LIMIT_EXCEEDED, "made too many files")
    if _out_of_memory(outcome, allowed, language):
        return Judgement(Verdict.MEMORY_LIMIT_EXCEEDED, f"needs more memory; limit {limits.memory_mb} MB")
    if outcome.failed_to_start:
        raise InfrastructureError(f"A program did not start: {outcome.stderr[:200].decode(errors='replace')}")
    return _ended(outcome)


def _over_time(outcome: Outcome, allowed: Allowance) -> Judgement | None:
    cpu, wall = allowed.cpu_seconds, allowed.wall_seconds
    if outcome.stopped is Stop.CPU or outcome.signal == signal.SIGXCPU or outcome.cpu_seconds > cpu:
        done = "killed after" if outcome.stopped else "used"
        reason = f"{done} {outcome.cpu_seconds:.2f} s of CPU; limit {_seconds(cpu)} s"
    elif outcome.stopped is Stop.WALL:
        reason = f"killed after {outcome.wall_seconds:.2f} s on the clock; limit {_seconds(wall)} s"
    elif outcome.stopped is Stop.BUDGET:
        reason = "no time left: all tests of a submission together took too long"
    else:
        return None
    return Judgement(Verdict.TIME_LIMIT_EXCEEDED, reason)


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value == round(value, 1) else f"{value:g}"


def _out_of_memory(outcome: Outcome, allowed: Allowance, language: Language) -> bool:
    if outcome.stopped is Stop.MEMORY or outcome.peak_kb > allowed.memory_bytes // 1024:
        return True
    if outcome.exit_code == 0:
        return False
    last_line = outcome.stderr.rstrip().rpartition(b"\n")[2]
    if language.warm and (last_line.startswith(b"MemoryError") or NO_MEMORY in last_line):
        return True
    started_python = language.warm and not outcome.failed_to_start  # its last line has said it already
    return not started_python and any(sign in outcome.stderr for sign in OUT_OF_MEMORY)


def _ended(outcome: Outcome) -> Judgement:
    if outcome.signal is not None:
        return Judgement(Verdict.RUNTIME_ERROR, f"killed by signal {_signal_name(outcome.signal)}")
    if outcome.exit_code:
        return Judgement(Verdict.RUNTIME_ERROR, f"ended with exit code {outcome.exit_code}")
    return Judgement(Verdict.ACCEPTED)


def _signal_name(number: int) -> str:
    try:
        known = signal.Signals(number)
    except ValueError:
        return str(number)
    meaning = SIGNAL_MEANINGS.get(known)
    return f"{number} ({known.name}: {meaning})" if meaning else f"{number} ({known.name})"
