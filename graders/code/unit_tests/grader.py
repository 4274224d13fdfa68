"""`code.unit_tests`: the author's tests against the learner's Python module, each in a process of its own.

Tests and learner's code do not share an interpreter: the tests hold stand-ins for the module and what it returns
(docs/adr/0004-unit-tests.md says why and what that costs).
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import InfrastructureError
from core.grading import CaseResult, GradeReport, Limits, Verdict
from graders.code import feedback
from graders.code.harness import JSON_TEXT, SCRIPT, Harness, harness_files
from graders.code.judging import Judgement, judge
from graders.code.limits import limits_for
from graders.code.program import ProgramGrader, compile_error
from graders.code.session import Session, session
from graders.code.unit_tests.spec import SPEC_SCHEMA, TestFile, module_name, redact, spec_errors, test_files
from graders.languages import LANGUAGES
from graders.languages.build import Program
from graders.sandbox.values import MEGABYTE, Command, Outcome
from graders.scoring import overall, summarise

PYTHON = LANGUAGES["python"]
INSIDE = Path(__file__).with_name("inside")
MODULES = ("wire", "learner", "stand_ins", "proxies", "runner", "harness")
HARNESS = Harness((JSON_TEXT, *(INSIDE / f"{name}.py" for name in MODULES)))
MAX_RESULTS = 4 * MEGABYTE
TESTS_MB = 48  # what the process of the tests takes; it is not the learner's
MAX_TESTS = 500
LOADING = "import"
OVER_LIMIT = (Verdict.TIME_LIMIT_EXCEEDED, Verdict.MEMORY_LIMIT_EXCEEDED, Verdict.OUTPUT_LIMIT_EXCEEDED)


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that running one file of tests needs to know."""

    spec: Mapping[str, Any]
    source: str
    file: TestFile


@dataclass(frozen=True, slots=True)
class Run:
    """The records of one run. `tests` is None when they did not load; `begun` has begun and not ended."""

    tests: list[str] | None
    unloaded: dict[str, Any] | None
    ended: dict[str, dict[str, Any]]
    skipped: list[str]
    begun: str | None


def read_run(results: bytes) -> Run:
    """What the process of the tests wrote. Only it can write there, so nonsense would be our own."""
    records = [json.loads(line) for line in results.split(b"\n")[:-1]]
    if not records or "tests" not in records[0]:
        return Run(None, records[0] if records else None, {}, [], None)
    begun: str | None = None
    skipped: list[str] = []
    ended: dict[str, dict[str, Any]] = {}
    for record in records[1:]:
        if "begin" in record:
            begun = record["begin"]
        elif "skipped" in record:
            skipped.append(record["skipped"])
            begun = None
        elif begun is not None and "ended" not in record:
            ended[begun] = record
            begun = None
    return Run(records[0]["tests"], None, ended, skipped, begun)


@dataclass(frozen=True, slots=True)
class Told:
    """What the process of the tests told of one test."""

    name: str
    judgement: Judgement
    text: str = ""
    where: str = ""
    trace: str = ""


class UnitTestsGrader(ProgramGrader):
    """Runs an author's tests against the learner's module."""

    kind = "code.unit_tests"
    title = "Unit tests"
    spec_schema = SPEC_SCHEMA
    languages = ("python",)

    def spec_errors(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return spec_errors(spec)

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return redact(spec)

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield a result per test, or one compile error. Raises as `code.batch` does."""
        with session(PYTHON, box_limits(spec)) as running:
            files = harness_files(HARNESS, running.box) | {PYTHON.file_name: answer["source"].encode()}
            argv = (SCRIPT, module_name(spec))
            running.load(Program(files, Command(argv, script=SCRIPT, results=MAX_RESULTS)))
            for file in test_files(spec):
                loaded = yield from _run_file(Task(spec, answer["source"], file), running)
                if not loaded:
                    return

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        report = summarise(results)
        if results[0].verdict is Verdict.COMPILE_ERROR:
            return report
        scores = [result.score for result in results if result.group == "main"] or [0.0]
        score = min(scores) if spec.get("scoring") == "min" else round(sum(scores) / len(scores), 6)
        return replace(report, score=score, verdict=overall(results, score))


def box_limits(spec: Mapping[str, Any]) -> Limits:
    """The learner's limits and what the process of the tests needs beside."""
    limits = limits_for(spec, PYTHON)
    return replace(limits, memory_mb=limits.memory_mb + TESTS_MB, processes=limits.processes + 1)


def _run_file(task: Task, running: Session) -> Generator[CaseResult, None, bool]:
    """All tests in one pair of processes (a sample test in its own), the rest in a new one whenever a test ends it.

    Returns whether the learner's module loads.
    """
    done: list[str] = []
    while True:
        outcome = running.run(_request(task, done))
        run = read_run(outcome.results)
        told = _told(task, run, judge(outcome, running.allowed, box_limits(task.spec), PYTHON))
        for one in told:
            done.append(one.name)
            yield _result(task, one, len(done), outcome)
        if run.tests is None or len(done) + len(run.skipped) >= len(run.tests):
            return run.tests is not None
        done += run.skipped
        if not told and not run.skipped:
            raise InfrastructureError("The tests do not come to an end.")


def _request(task: Task, done: list[str]) -> str:
    return json.dumps(
        {
            "module": module_name(task.spec),
            "tests": task.file.source,
            "done": done,
            "most": 1 if task.file.sample else MAX_TESTS,
            "objects": task.spec.get("objects", "named"),
            "operators": task.spec.get("operators", False),
        }
    )


def _told(task: Task, run: Run, end: Judgement) -> list[Told]:
    """What the run says of each test; of the one during which it ended, what the sandbox says."""
    if run.tests is None:
        return [_unloaded(task, run, end)]
    if not run.tests:
        raise InfrastructureError("The tests hold no test.")
    told = [_judged(task, name, record) for name, record in run.ended.items()]
    if run.begun is not None:
        told.append(Told(run.begun, _stopped(task, end, "the program ended itself during the test")))
    elif told and end.verdict in OVER_LIMIT:
        told[-1] = replace(told[-1], judgement=_stopped(task, end, ""))
    return told


def _stopped(task: Task, end: Judgement, otherwise: str) -> Judgement:
    if end.verdict is Verdict.MEMORY_LIMIT_EXCEEDED:
        return _out_of_memory(task)
    return end if end.verdict in OVER_LIMIT else Judgement(Verdict.RUNTIME_ERROR, otherwise)


def _out_of_memory(task: Task) -> Judgement:
    limit = limits_for(task.spec, PYTHON).memory_mb
    return Judgement(Verdict.MEMORY_LIMIT_EXCEEDED, f"needs more memory; limit {limit} MB")


def _unloaded(task: Task, run: Run, end: Judgement) -> Told:
    """Why no test ran: the learner's module does not load, or not as the tests need it."""
    record = run.unloaded
    if record is None:
        return Told(LOADING, _stopped(task, end, "the program ended itself when it was loaded"))
    kind, trace = str(record.get("kind")), str(record.get("learners") or "")
    if "asked" in record:
        if not record["asked"]:
            raise InfrastructureError(f"The tests do not load: {record.get('text')}")
        return Told(LOADING, Judgement(Verdict.RUNTIME_ERROR, str(record.get("text")).strip()), trace=trace)
    if record.get("gone"):
        return Told(LOADING, _stopped(task, end, "the program ended itself when it was loaded"))
    if kind in ("SyntaxError", "IndentationError", "TabError") and "Traceback" not in trace:
        return Told(LOADING, Judgement(Verdict.COMPILE_ERROR), text=trace)
    if kind == "MemoryError":
        return Told(LOADING, _out_of_memory(task))
    return Told(
        LOADING, Judgement(Verdict.RUNTIME_ERROR, "raised an exception when it was loaded"), trace=trace
    )


def _judged(task: Task, name: str, record: Mapping[str, Any]) -> Told:
    if "passed" in record:
        return Told(name, Judgement(Verdict.ACCEPTED))
    trace = record.get("learners")
    text, where = str(record.get("text")).strip(), str(record.get("where"))
    if trace is None:
        return Told(name, Judgement(Verdict.WRONG_ANSWER), text, where)
    if record.get("kind") == "MemoryError":
        return Told(name, _out_of_memory(task), text, where)
    return Told(name, Judgement(Verdict.RUNTIME_ERROR, "raised an exception"), "", where, str(trace))


def _result(task: Task, told: Told, index: int, outcome: Outcome) -> CaseResult:
    verdict = told.judgement.verdict
    if verdict is Verdict.COMPILE_ERROR:
        return compile_error(told.text)
    accepted = verdict is Verdict.ACCEPTED
    group = task.file.group if told.name != LOADING else "main"
    # Times and memory are the run's, which all its tests share: that is what the limits are for.
    return CaseResult(
        name=told.name if task.file.sample else f"{group} {index}",
        verdict=verdict,
        score=1.0 if accepted else 0.0,
        group=group,
        cpu_ms=round(outcome.cpu_seconds * 1000),
        wall_ms=round(outcome.wall_seconds * 1000),
        memory_kb=outcome.peak_kb,
        feedback=None if accepted else _explain(task, told, index, outcome),
    )


def _explain(task: Task, told: Told, index: int, outcome: Outcome) -> str:
    reason = told.judgement.reason
    if not task.file.sample and told.name != LOADING:
        text = feedback.hidden(index, told.judgement.verdict, reason)
        trace = feedback.safe_traceback(told.trace.encode(errors="replace"), task.source)
        return f"{text}\n{trace}" if trace else text
    printed = outcome.stdout.decode(errors="replace").rstrip()
    where = f"in: {told.where}" if told.where else ""
    lines = [reason or "", where, told.text, told.trace.strip(), f"printed:\n{printed}" if printed else ""]
    return "\n".join(feedback.readable(line, feedback.MAX_PART) for line in lines if line)
