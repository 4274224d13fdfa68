"""Value objects of grading: what graders yield, what the pipeline stores, what clients read."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol


class Verdict(StrEnum):
    """What became of the learner's program or answer."""

    ACCEPTED = "accepted"
    PARTIALLY_ACCEPTED = "partially_accepted"
    WRONG_ANSWER = "wrong_answer"
    COMPILE_ERROR = "compile_error"
    RUNTIME_ERROR = "runtime_error"
    TIME_LIMIT_EXCEEDED = "time_limit_exceeded"
    MEMORY_LIMIT_EXCEEDED = "memory_limit_exceeded"
    OUTPUT_LIMIT_EXCEEDED = "output_limit_exceeded"
    INTERNAL_ERROR = "internal_error"


def promised(name: str) -> Verdict | None:
    """The verdict at the beginning of a solution's name: wrong_answer, wrong_answer.py or wrong_answer_greedy.py."""
    stem = name.rpartition("/")[2].partition(".")[0]
    return next((verdict for verdict in Verdict if stem == verdict or stem.startswith(f"{verdict}_")), None)


class Queue(StrEnum):
    """The kinds of grading work; a worker subscribes to those that it can serve."""

    KNOWLEDGE = "knowledge"
    CODE = "code"
    RUNS = "runs"
    REJUDGES = "rejudges"


@dataclass(frozen=True, slots=True)
class Lane:
    """Work that the same workers can do: a queue and, for programs, their language. Its name is a broker queue's."""

    queue: Queue
    language: str | None = None

    @property
    def name(self) -> str:
        """`knowledge`, `code.python`, `rejudges`, ..."""
        return f"{self.queue}.{self.language}" if self.language else self.queue.value

    @classmethod
    def parse(cls, name: str) -> Lane:
        """The lane of that name. Raises ValueError."""
        queue, _, language = name.partition(".")
        return cls(Queue(queue), language or None)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one test may use. Seconds of CPU and of wall clock, megabytes, kilobytes, processes."""

    cpu_seconds: float = 2.0
    wall_seconds: float | None = None
    memory_mb: int = 256
    output_kb: int = 1024
    processes: int = 64

    @property
    def wall(self) -> float:
        """Wall clock allowance in seconds: as given, else three times the CPU limit plus one second."""
        return self.wall_seconds if self.wall_seconds is not None else 3 * self.cpu_seconds + 1.0


@dataclass(frozen=True, slots=True)
class TestCase:
    """One input and the output that is expected. `group` names the test group that it belongs to."""

    __test__ = False  # not a pytest class

    name: str
    input: str
    output: str
    group: str = "main"
    sample: bool = False


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The outcome of one test case (or of one question). `score` is 0..1, times are milliseconds."""

    name: str
    verdict: Verdict
    score: float = 0.0
    group: str = "main"
    cpu_ms: int | None = None
    wall_ms: int | None = None
    memory_kb: int | None = None
    feedback: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict.value}


@dataclass(frozen=True, slots=True)
class TrialResult(CaseResult):
    """The outcome of one test of a trial run, with what the program printed."""

    stdout: str | None = None
    stderr: str | None = None


@dataclass(frozen=True, slots=True)
class GradeReport:
    """The whole outcome: `score` is 0..1, `results` in the order they were graded."""

    verdict: Verdict
    score: float
    results: tuple[CaseResult, ...] = field(default_factory=tuple)
    compile_output: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "score": self.score,
            "results": [result.as_dict() for result in self.results],
            "compile_output": self.compile_output,
        }


class Grader(Protocol):
    """What the rest of the house knows of a grader; `graders.base` holds the working class."""

    kind: ClassVar[str]
    queue: ClassVar[Queue]
    has_trials: ClassVar[bool]
    manual: ClassVar[bool]
    carries_over: ClassVar[bool]

    def check_spec(self, spec: Any) -> None:
        """Raise InvalidSpec unless `spec` describes a challenge of this kind."""

    def check_answer(self, spec: Mapping[str, Any], answer: Any) -> None:
        """Raise InvalidAnswer unless `answer` can be graded against `spec`."""

    def completed(
        self, spec: Mapping[str, Any], answer: Any, earlier: Mapping[str, Any], finished: Collection[str]
    ) -> Any:
        """`answer` with what an `earlier` one had right. Only where `carries_over`."""

    def show(self, spec: Mapping[str, Any], seed: str) -> dict[str, Any]:
        """What the learner whom `seed` stands for may see of `spec`."""

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Grade, one result at a time. Raises InfrastructureError when we fail, never for the learner's fault."""

    def try_answer(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any], stdin: str | None
    ) -> Generator[TrialResult, None, None]:
        """Run on the sample tests, or on `stdin` alone. Only where `has_trials`; raises as validate_submission."""

    def with_hint(self, spec: Mapping[str, Any], result: CaseResult, attempt: int) -> CaseResult:
        """`result` with what the challenge tells a learner at this attempt (1 is the first)."""

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        """The report that `results` add up to."""
