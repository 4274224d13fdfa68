"""`code.batch`: a program that reads standard input and writes standard output, test by test."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import InfrastructureError
from core.grading import CaseResult, GradeReport, TestCase, TrialResult, Verdict
from graders.checkers import CHECKERS
from graders.code import feedback
from graders.code.custom import CustomChecker, Exhibit, Ruling, verdict_of
from graders.code.hints import with_hint
from graders.code.judging import judge
from graders.code.limits import limits_for
from graders.code.program import ProgramGrader, compile_error
from graders.code.scores import grouped_report
from graders.code.session import Session, session
from graders.code.spec import CUSTOM, SPEC_SCHEMA, read_groups, redact, spec_errors
from graders.code.trial import OWN_INPUT, own_case, trial_limits, with_output
from graders.languages import LANGUAGES, PROGRAMS
from graders.languages.base import Language
from graders.sandbox.values import Allowance, Outcome


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that grading one submission needs to know."""

    spec: Mapping[str, Any]
    language: Language
    source: str
    custom: CustomChecker | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What the test with this number in its group did, and what it was allowed to do."""

    index: int
    outcome: Outcome
    allowed: Allowance


class BatchGrader(ProgramGrader):
    """Runs a learner's program on each test case and compares what it prints."""

    kind = "code.batch"
    title = "Program on standard input and output"
    has_trials = True
    spec_schema = SPEC_SCHEMA
    languages = PROGRAMS

    def spec_errors(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return spec_errors(spec)

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return redact(spec)

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield a result per test that ran, or one compile error.

        Raises SandboxUnavailable, LanguageUnavailable, InfrastructureError when we fail, GradingCancelled
        when somebody calls `kill_running`. Closing the iterator early destroys the box.
        """
        if not any(group.cases for group in read_groups(spec)):
            raise InfrastructureError("The challenge has no test case.")
        with (
            prepared(spec, answer) as task,
            session(task.language, limits_for(spec, task.language)) as running,
        ):
            if complaint := running.build(task.source.encode()):
                yield compile_error(complaint.text)
            else:
                yield from _run_groups(task, running)

    def try_answer(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any], stdin: str | None
    ) -> Generator[TrialResult, None, None]:
        """Yield a result per sample test, or one for `stdin`. Raises as validate_submission."""
        narrow = {**spec, "limits": asdict(trial_limits(limits_for(spec, LANGUAGES[answer["language"]])))}
        samples = [case for group in read_groups(spec) if group.sample for case in group.cases]
        cases = samples if stdin is None else [own_case(stdin)]
        with (
            prepared(narrow, answer) as task,
            session(task.language, limits_for(narrow, task.language)) as running,
        ):
            if complaint := running.build(task.source.encode()):
                yield with_output(compile_error(complaint.text), b"", b"")
                return
            for index, case in enumerate(cases, start=1):
                ran = _run(running, case, index)
                yield with_output(_result(task, case, ran), ran.outcome.stdout, ran.outcome.stderr)

    def with_hint(self, spec: Mapping[str, Any], result: CaseResult, attempt: int) -> CaseResult:
        return with_hint(spec, result, attempt)

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        return grouped_report(read_groups(spec), results)


@contextmanager
def prepared(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[Task]:
    """The task of grading an answer; the box of its checker, should it need one, goes with it."""
    options = spec.get("checker", {})
    custom = CustomChecker(options) if options.get("name") == CUSTOM else None
    try:
        yield Task(spec, LANGUAGES[answer["language"]], answer["source"], custom)
    finally:
        if custom is not None:
            custom.close()


def _run_groups(task: Task, running: Session) -> Generator[CaseResult, None, None]:
    failed: set[str] = set()
    for group in read_groups(task.spec):
        if failed.intersection(group.dependencies):
            failed.add(group.name)
            continue
        for index, case in enumerate(group.cases, start=1):
            result = _result(task, case, _run(running, case, index))
            yield result
            if result.verdict is Verdict.COMPILE_ERROR:
                return
            if result.verdict is not Verdict.ACCEPTED:
                failed.add(group.name)
                if group.stop_on_failure:
                    break


def _run(running: Session, case: TestCase, index: int) -> Ran:
    return Ran(index, running.run(case.input), running.allowed)


def _result(task: Task, case: TestCase, ran: Ran) -> CaseResult:
    outcome = ran.outcome
    if task.language.warm and outcome.failed_to_start:
        return compile_error(outcome.stderr.decode(errors="replace"))
    judgement = judge(outcome, ran.allowed, limits_for(task.spec, task.language), task.language)
    verdict, reason = judgement.verdict, judgement.reason
    ruling = Ruling(1.0 if verdict is Verdict.ACCEPTED else 0.0)
    if verdict is Verdict.ACCEPTED and case.group != OWN_INPUT:
        ruling = _checked(task, case, outcome)
        verdict = verdict_of(ruling)
    return CaseResult(
        name=case.name,
        verdict=verdict,
        score=ruling.score,
        group=case.group,
        cpu_ms=round(outcome.cpu_seconds * 1000),
        wall_ms=round(outcome.wall_seconds * 1000),
        memory_kb=outcome.peak_kb,
        feedback=None
        if verdict is Verdict.ACCEPTED
        else _explain(
            task,
            case,
            (ran.index, verdict, ruling.message if case.sample and ruling.message else reason),
            outcome,
        ),
    )


def _checked(task: Task, case: TestCase, outcome: Outcome) -> Ruling:
    expected = case.output.encode()
    if task.custom is not None:
        return task.custom.rule(Exhibit(case.input.encode(), expected, outcome.stdout))
    options = task.spec.get("checker", {"name": "tokens"})
    return Ruling(float(CHECKERS[options["name"]].accepts(expected, outcome.stdout, options)))


def _explain(task: Task, case: TestCase, failed: tuple[int, Verdict, str | None], outcome: Outcome) -> str:
    index, verdict, reason = failed
    if case.sample:
        if verdict is Verdict.WRONG_ANSWER:
            if task.custom is not None:  # many outputs may be right, so there is none to compare with
                return feedback.not_accepted(case, outcome.stdout, reason or "")
            return feedback.wrong_answer(case, outcome.stdout)
        return feedback.failure(reason, outcome.stderr)
    text = feedback.hidden(index, verdict, reason)
    if task.language.warm and verdict is Verdict.RUNTIME_ERROR:
        trace = feedback.safe_traceback(outcome.stderr, task.source)
        return f"{text}\n{trace}" if trace else text
    return text
