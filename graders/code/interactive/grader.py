"""`code.interactive`: the learner's program talks to the author's interactor, each in a box of its own.

The interactor is started as a custom checker is (input file, answer file, feedback directory) and ends as one: 42
accepts, 43 rejects. At the end of its input the program has ended; it should then reject, not crash.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from core.errors import InfrastructureError
from core.grading import CaseResult, GradeReport, TestCase, Verdict
from graders.code import feedback
from graders.code.custom import ACCEPTED, FEEDBACK, Ruling, read_ruling, verdict_of
from graders.code.hints import with_hint
from graders.code.interactive.dialogue import Dialogue, converse
from graders.code.interactive.spec import SPEC_SCHEMA, plan, redact, spec_errors
from graders.code.judging import Judgement, judge
from graders.code.limits import limits_for, read_limits
from graders.code.program import ProgramGrader, compile_error
from graders.code.scores import grouped_report
from graders.code.session import Session, session
from graders.code.spec import Group
from graders.languages import LANGUAGES, PROGRAMS
from graders.languages.base import Language
from graders.languages.build import Program
from graders.sandbox.box import BoxSpoiled

PATIENCE = 2.0  # seconds that the interactor may take longer than the program, to say its verdict
INTERACTOR_CPU = 10.0
INTERACTOR_MB = 512


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that grading one submission needs to know; the two sides are ready to run."""

    spec: Mapping[str, Any]
    language: Language
    source: str
    program: Session
    interactor: Session
    author: Program


class InteractiveGrader(ProgramGrader):
    """Lets the author's interactor question the learner's program."""

    kind = "code.interactive"
    title = "Interactive program"
    spec_schema = SPEC_SCHEMA
    languages = PROGRAMS

    def spec_errors(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return spec_errors(spec)

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return redact(spec)

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield a result per conversation, or one compile error. Raises as `code.batch` does.

        Raises InfrastructureError also when the interactor does not answer by the convention.
        """
        language = LANGUAGES[answer["language"]]
        with session(language, limits_for(spec, language)) as program:
            if complaint := program.build(answer["source"].encode()):
                yield compile_error(complaint.text)
                return
            with _interactor(spec) as interactor:
                task = Task(spec, language, answer["source"], program, interactor, interactor.program)
                yield from _run_groups(task)

    def with_hint(self, spec: Mapping[str, Any], result: CaseResult, attempt: int) -> CaseResult:
        return with_hint(spec, result, attempt)

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        return grouped_report(plan(spec), results)


@contextmanager
def _interactor(spec: Mapping[str, Any]) -> Iterator[Session]:
    """The author's program, built. Raises InfrastructureError when it does not compile."""
    limits = read_limits(spec)
    own = replace(
        limits,
        cpu_seconds=INTERACTOR_CPU,
        wall_seconds=limits.wall + PATIENCE,
        memory_mb=INTERACTOR_MB,
    )
    with session(LANGUAGES[spec["interactor"]["language"]], own) as running:
        if complaint := running.build(spec["interactor"]["source"].encode()):
            raise InfrastructureError(f"The interactor does not compile: {complaint.text[:500]}")
        yield running


def _run_groups(task: Task) -> Iterator[CaseResult]:
    failed: set[str] = set()
    for group in plan(task.spec):
        if failed.intersection(group.dependencies):
            failed.add(group.name)
            continue
        for result in _run_group(task, group):
            yield result
            if result.verdict is Verdict.COMPILE_ERROR:
                return
            if result.verdict is not Verdict.ACCEPTED:
                failed.add(group.name)
                if group.stop_on_failure:
                    break


def _run_group(task: Task, group: Group) -> Iterator[CaseResult]:
    for index, case in enumerate(group.cases, start=1):
        yield _result(task, case, index, _talk(task, case))


def _talk(task: Task, case: TestCase) -> Dialogue:
    files = {"input": case.input.encode(), "answer": case.output.encode()}
    argv = (*task.author.command.argv, *files, FEEDBACK)
    task.interactor.load(Program(task.author.files | files, replace(task.author.command, argv=argv)))
    try:
        return converse(task.program, task.interactor)
    except BoxSpoiled:
        task.program.renew()
        return converse(task.program, task.interactor)


def _result(task: Task, case: TestCase, index: int, dialogue: Dialogue) -> CaseResult:
    outcome = dialogue.program.outcome
    if task.language.warm and outcome.failed_to_start:
        return compile_error(outcome.stderr.decode(errors="replace"))
    end = judge(outcome, task.program.allowed, limits_for(task.spec, task.language), task.language)
    ruling = _ruling(task, dialogue, end)
    verdict = end.verdict if ruling is None else verdict_of(ruling)
    message = ruling.message if ruling else end.reason or ""
    return CaseResult(
        name=case.name,
        verdict=verdict,
        score=ruling.score if ruling else 0.0,
        group=case.group,
        cpu_ms=round(outcome.cpu_seconds * 1000),
        wall_ms=round(outcome.wall_seconds * 1000),
        memory_kb=outcome.peak_kb,
        feedback=None
        if verdict is Verdict.ACCEPTED
        else _explain(task, case, (index, Judgement(verdict, message)), dialogue),
    )


def _ruling(task: Task, dialogue: Dialogue, end: Judgement) -> Ruling | None:
    """What the interactor rules; None when the program failed before it could, or in spite of a good word."""
    contented = dialogue.interactor.outcome.exit_code == ACCEPTED
    if end.verdict is not Verdict.ACCEPTED and (contented or not dialogue.interactor_ended_first):
        return None
    return read_ruling(dialogue.interactor.outcome, task.interactor)


def _explain(task: Task, case: TestCase, failed: tuple[int, Judgement], dialogue: Dialogue) -> str:
    index, judgement = failed
    own_end = judgement.verdict not in (Verdict.WRONG_ANSWER, Verdict.PARTIALLY_ACCEPTED)
    if not case.sample:
        text = feedback.hidden(index, judgement.verdict, judgement.reason if own_end else None)
        trace = feedback.safe_traceback(dialogue.program.outcome.stderr, task.source)
        return f"{text}\n{trace}" if trace and judgement.verdict is Verdict.RUNTIME_ERROR else text
    parts = [
        ("", judgement.reason or ""),
        ("input:\n", case.input),
        ("the program said:\n", dialogue.program.outcome.stdout.decode(errors="replace")),
        ("the interactor said:\n", dialogue.interactor.outcome.stdout.decode(errors="replace")),
        ("", dialogue.program.outcome.stderr.decode(errors="replace") if own_end else ""),
    ]
    return "\n".join(
        f"{title}{feedback.readable(text, feedback.MAX_PART).rstrip()}" for title, text in parts if text
    )
