"""Trial runs of programs: on the sample tests or on an input of the learner's own, under lower limits."""

from __future__ import annotations

from dataclasses import fields, replace

from core.grading import CaseResult, Limits, TestCase, TrialResult
from graders.code.feedback import readable

OWN_INPUT = "your input"
MAX_OUTPUT = 32_000  # characters
# A trial never takes more than this, whatever the challenge allows a submission.
MOST = Limits(cpu_seconds=2.0, wall_seconds=5.0, memory_mb=512, output_kb=64)


def trial_limits(limits: Limits) -> Limits:
    """The challenge's limits, or the trials' own where those are lower."""
    return replace(
        limits,
        cpu_seconds=min(limits.cpu_seconds, MOST.cpu_seconds),
        wall_seconds=min(limits.wall, MOST.wall),
        memory_mb=min(limits.memory_mb, MOST.memory_mb),
        output_kb=min(limits.output_kb, MOST.output_kb),
    )


def own_case(stdin: str) -> TestCase:
    """A test case without an expected output."""
    return TestCase(OWN_INPUT, stdin, "", group=OWN_INPUT, sample=True)


def with_output(result: CaseResult, stdout: bytes, stderr: bytes) -> TrialResult:
    """The result with what the program printed, bounded and readable."""
    shared = {field.name: getattr(result, field.name) for field in fields(CaseResult)}
    return TrialResult(**shared, stdout=readable(stdout, MAX_OUTPUT), stderr=readable(stderr, MAX_OUTPUT))
