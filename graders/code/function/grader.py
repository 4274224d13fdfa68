"""`code.function`: calls one function of the learner's program and compares what it returns."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import InfrastructureError
from core.grading import CaseResult, GradeReport, TestCase, Verdict
from graders.code import feedback
from graders.code.function.calls import Record, program, records, request
from graders.code.function.spec import LANGUAGES as SUPPORTED
from graders.code.function.spec import (
    SPEC_SCHEMA,
    call_of,
    expected_of,
    plan,
    read_rules,
    redact,
    spec_errors,
)
from graders.code.function.values import NotAValue, difference, read, shown
from graders.code.judging import Judgement, judge
from graders.code.limits import limits_for
from graders.code.program import ProgramGrader, compile_error
from graders.code.scores import grouped_report
from graders.code.session import Session, session
from graders.code.spec import Group
from graders.languages import LANGUAGES
from graders.languages.base import Language
from graders.sandbox.values import Outcome

OVER_LIMIT = (Verdict.TIME_LIMIT_EXCEEDED, Verdict.MEMORY_LIMIT_EXCEEDED, Verdict.OUTPUT_LIMIT_EXCEEDED)


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that grading one submission needs to know."""

    spec: Mapping[str, Any]
    language: Language
    source: str


@dataclass(frozen=True, slots=True)
class Call:
    """One case as it went: its number in the group, its verdict and why, and the process that it ran in."""

    case: TestCase
    index: int
    judgement: Judgement
    record: Record
    outcome: Outcome


class FunctionGrader(ProgramGrader):
    """Calls a function in the box, where only its arguments are known; compares its results outside."""

    kind = "code.function"
    title = "Function"
    spec_schema = SPEC_SCHEMA
    languages = SUPPORTED

    def spec_errors(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return spec_errors(spec)

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return redact(spec)

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield a result per call that was made, or one compile error. Raises as `code.batch` does."""
        task = Task(spec, LANGUAGES[answer["language"]], answer["source"])
        groups = plan(spec)
        if not any(group.cases for group in groups):
            raise InfrastructureError("The challenge has no test case.")
        with session(task.language, limits_for(spec, task.language)) as running:
            running.load(program(task.language, task.source, running.box))
            yield from _run_groups(task, running, groups)

    def runs(
        self, spec: Mapping[str, Any], results: Sequence[CaseResult]
    ) -> list[tuple[int | None, int | None]]:
        """All calls of a group share a process, those of samples have one each."""
        shared = {group.name: 0 for group in plan(spec) if not group.sample}
        for result in results:
            if result.group in shared:
                shared[result.group] += result.cpu_ms or 0
        alone = [(result.cpu_ms, None) for result in results if result.group not in shared]
        return [*alone, *((cpu_ms, None) for cpu_ms in shared.values())]

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        return grouped_report(plan(spec), results)


def _run_groups(task: Task, running: Session, groups: Sequence[Group]) -> Iterator[CaseResult]:
    failed: set[str] = set()
    for group in groups:
        if failed.intersection(group.dependencies):
            failed.add(group.name)
            continue
        for result in _run_group(task, running, group):
            yield result
            if result.verdict is Verdict.COMPILE_ERROR:
                return
            if result.verdict is not Verdict.ACCEPTED:
                failed.add(group.name)
                if group.stop_on_failure:
                    break


def _run_group(task: Task, running: Session, group: Group) -> Iterator[CaseResult]:
    """One process for all calls (one each for samples, whose prints are shown); another after it ended early."""
    done = 0
    while done < len(group.cases):
        cases = group.cases[done : done + 1] if group.sample else group.cases[done:]
        outcome = running.run(request(task.spec["function"], task.language, cases))
        found = list(records(outcome.results, len(cases)))
        if found and found[0].refused is not None:
            yield compile_error(found[0].refused)
            return
        judged = _judged(task, running, cases, (outcome, found))
        for index, (case, judgement, record) in enumerate(judged, start=done + 1):
            yield _result(task, Call(case, index, judgement, record, outcome))
        done += len(judged)


def _judged(
    task: Task, running: Session, cases: Sequence[TestCase], ran: tuple[Outcome, list[Record]]
) -> list[tuple[TestCase, Judgement, Record]]:
    """The cases that the process answered, and the one during which it ended or passed a limit."""
    outcome, found = ran
    end = judge(outcome, running.allowed, limits_for(task.spec, task.language), task.language)
    if found and (found[0].missing is not None or found[0].broken):
        found = [found[0]] * len(cases)  # the module does not load: no call can succeed
    judged = [(case, _judge(task, case, r), r) for case, r in zip(cases, found, strict=False)]
    if len(found) < len(cases):
        if end.verdict is Verdict.ACCEPTED:
            end = Judgement(Verdict.RUNTIME_ERROR, "the program ended itself during the call")
        judged.append((cases[len(found)], end, Record()))
    elif end.verdict in OVER_LIMIT:
        judged[-1] = (cases[-1], end, found[-1])
    return judged


def _judge(task: Task, case: TestCase, record: Record) -> Judgement:
    wanted = expected_of(case.output)
    if record.missing is not None:
        return Judgement(Verdict.RUNTIME_ERROR, f"the program defines no function {task.spec['function']}")
    if record.raised is None:
        return _compared(task, wanted, record)
    if not record.broken and wanted in record.raised:
        return Judgement(Verdict.ACCEPTED)
    if record.raised[0] == "MemoryError":
        limit = limits_for(task.spec, task.language).memory_mb
        return Judgement(Verdict.MEMORY_LIMIT_EXCEEDED, f"needs more memory; limit {limit} MB")
    name = feedback.readable(record.raised[0], 80)
    if isinstance(wanted, str) and not record.broken:
        return Judgement(Verdict.WRONG_ANSWER, f"raised {name}, not {wanted}")
    where = "when it was loaded" if record.broken else "during the call"
    return Judgement(Verdict.RUNTIME_ERROR, f"raised an exception {where}")


def _compared(task: Task, wanted: Any, record: Record) -> Judgement:
    if isinstance(wanted, str):
        return Judgement(Verdict.WRONG_ANSWER, f"raised nothing, expected {wanted}")
    try:
        found = difference(wanted, read(record.returned), read_rules(task.spec, task.language.name))
    except NotAValue as error:
        found = str(error)
    return Judgement(Verdict.WRONG_ANSWER, found) if found else Judgement(Verdict.ACCEPTED)


def _result(task: Task, call: Call) -> CaseResult:
    accepted = call.judgement.verdict is Verdict.ACCEPTED
    cpu = call.outcome.cpu_seconds
    if call.record.cpu_seconds is not None:  # its own word, so within what the process really used
        cpu = min(cpu, call.record.cpu_seconds)
    return CaseResult(
        name=call.case.name,
        verdict=call.judgement.verdict,
        score=1.0 if accepted else 0.0,
        group=call.case.group,
        cpu_ms=round(cpu * 1000),
        memory_kb=call.outcome.peak_kb,
        feedback=None if accepted else _explain(task, call),
    )


def _explain(task: Task, call: Call) -> str:
    verdict, reason = call.judgement.verdict, call.judgement.reason
    if call.case.sample:
        return _explain_sample(task, call)
    text = feedback.hidden(call.index, verdict, reason)
    if verdict is Verdict.RUNTIME_ERROR and task.language.warm:
        trace = feedback.safe_traceback((call.record.trace or "").encode(errors="replace"), task.source)
        return f"{text}\n{trace}" if trace else text
    return text


def _explain_sample(task: Task, call: Call) -> str:
    wanted = expected_of(call.case.output)
    lines = [f"call: {call_of(task.spec, call.case.input)}"]
    lines.append(f"expected: {f'raises {wanted}' if isinstance(wanted, str) else shown(wanted)}")
    if call.judgement.verdict is Verdict.WRONG_ANSWER and call.record.raised is None:
        lines.append(f"returned: {_shown(call.record.returned)}")
    said = call.record.trace or call.outcome.stderr.decode(errors="replace")
    printed = call.outcome.stdout.decode(errors="replace")
    lines += [call.judgement.reason or "", said.strip(), f"printed:\n{printed.rstrip()}" if printed else ""]
    return "\n".join(feedback.readable(line, feedback.MAX_PART) for line in lines if line)


def _shown(form: Any) -> str:
    try:
        return shown(read(form))
    except NotAValue:
        return "(something nested without end)"
