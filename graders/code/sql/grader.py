"""`code.sql`: the learner's SQL on a fresh SQLite database per case; rows are compared by type and value, outside."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import InfrastructureError
from core.grading import CaseResult, GradeReport, TestCase, Verdict
from graders.code import feedback
from graders.code.harness import JSON_TEXT, SCRIPT, Harness, harness_files
from graders.code.judging import Judgement, judge
from graders.code.limits import limits_for
from graders.code.program import ProgramGrader
from graders.code.scores import grouped_report
from graders.code.session import Session, session
from graders.code.sql.spec import SPEC_SCHEMA, Plan, read_plan, redact, spec_errors
from graders.code.sql.tables import (
    MAX_ROWS,
    Answer,
    answers,
    comparison,
    read_table,
    table_difference,
    table_text,
)
from graders.languages.build import Program
from graders.languages.python import PYTHON
from graders.languages.sql import SQL
from graders.sandbox.values import MEGABYTE, Command, Outcome

HARNESS = Harness((JSON_TEXT, Path(__file__).with_name("inside") / "harness.py"))
MAX_RESULTS = 8 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Judged:
    """One case as it went."""

    case: TestCase
    index: int
    judgement: Judgement
    outcome: Outcome
    expected: Answer | None = None
    got: Answer | None = None


class SqlGrader(ProgramGrader):
    """Compares result sets and, after statements that change data, the state of the database."""

    kind = "code.sql"
    title = "SQL"
    spec_schema = SPEC_SCHEMA
    languages = (SQL.name,)

    def spec_errors(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return spec_errors(spec)

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        return redact(spec)

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield a result per case. Raises as `code.batch` does; InfrastructureError also for the author's bad SQL."""
        plan = read_plan(spec)
        expected = _expectations(spec, plan)
        with _prepared(spec, answer["source"]) as running:
            for group in plan.groups:
                for index, case in enumerate(group.cases, start=1):
                    yield _result(_judged(spec, running, (case, index), expected[case.name]))

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        return grouped_report(read_plan(spec).groups, results)


@contextmanager
def _prepared(spec: Mapping[str, Any], source: str) -> Iterator[Session]:
    """A box whose program runs `source` on the database that each request describes."""
    with session(PYTHON, limits_for(spec, SQL)) as running:
        files = harness_files(HARNESS, running.box) | {SQL.file_name: source.encode()}
        running.load(Program(files, Command((SCRIPT,), script=SCRIPT, results=MAX_RESULTS)))
        yield running


def _request(spec: Mapping[str, Any], case: TestCase) -> str:
    setup = [spec["schema"], case.input]
    return json.dumps({"setup": setup, "probes": spec.get("probes", []), "most": MAX_ROWS})


def _expectations(spec: Mapping[str, Any], plan: Plan) -> dict[str, list[Answer]]:
    """What each case should come to: the rows that it names, or what the author's solution does with it."""
    if "solution" not in spec:
        return {name: [Answer(read_table(form))] for name, form in plan.expected.items()}
    found = json.loads(_solved(json.dumps(spec, sort_keys=True)))
    solved = {name: answers(results.encode()) for name, results in found.items()}
    own = {name: Answer(read_table(form)) for name, form in plan.expected.items()}
    return {name: [own.get(name, given[0]), *given[1:]] for name, given in solved.items()}


@lru_cache(maxsize=64)
def _solved(spec_text: str) -> str:
    """What the author's solution comes to, by case: run in a box of its own, once per spec and process."""
    spec = json.loads(spec_text)
    found = {}
    with _prepared(spec, spec["solution"]) as running:
        for case in (case for group in read_plan(spec).groups for case in group.cases):
            outcome = running.run(_request(spec, case))
            given = answers(outcome.results)
            complaint = next((one.error for one in given if one.error), None)
            if complaint or len(given) != 1 + len(spec.get("probes", [])):
                raise InfrastructureError(
                    f"The author's SQL fails on {case.name}: {complaint or 'no result'}"
                )
            found[case.name] = outcome.results.decode()
    return json.dumps(found)


def _judged(
    spec: Mapping[str, Any], running: Session, numbered: tuple[TestCase, int], expected: Sequence[Answer]
) -> Judged:
    case, index = numbered
    outcome = running.run(_request(spec, case))
    end = judge(outcome, running.allowed, limits_for(spec, SQL), PYTHON)
    if end.verdict is not Verdict.ACCEPTED:
        return Judged(case, index, end, outcome)
    got = answers(outcome.results)
    if got and got[0].setup_failed:
        raise InfrastructureError(f"The fixtures of {case.name} fail: {got[0].error}")
    if not got or (got[0].error is None and len(got) != 1 + len(spec.get("probes", []))):
        broken = Judgement(Verdict.RUNTIME_ERROR, "the database cannot be read afterwards")
        return Judged(case, index, broken, outcome)
    if got[0].error is not None:
        reason = "SQLite refused a statement"
        return Judged(case, index, Judgement(Verdict.RUNTIME_ERROR, reason), outcome, got=got[0])
    return _compared(spec, Judged(case, index, end, outcome), (expected, got))


def _compared(
    spec: Mapping[str, Any], so_far: Judged, pair: tuple[Sequence[Answer], Sequence[Answer]]
) -> Judged:
    how = comparison(spec)
    for number, (right, given) in enumerate(zip(*pair, strict=True)):
        if right.table is None:  # the solution selects nothing either: its work is what the probes see
            continue
        found = "nothing was selected"
        if given.error is not None:
            found = given.error
        elif given.table is not None:
            found = table_difference(right.table, given.table, how) or ""
        if found:
            where = "" if number == 0 else f"in the database afterwards ({spec['probes'][number - 1]}): "
            wrong = Judgement(Verdict.WRONG_ANSWER, where + found)
            return replace(so_far, judgement=wrong, expected=right, got=given)
    return so_far


def _result(judged: Judged) -> CaseResult:
    accepted = judged.judgement.verdict is Verdict.ACCEPTED
    return CaseResult(
        name=judged.case.name,
        verdict=judged.judgement.verdict,
        score=1.0 if accepted else 0.0,
        group=judged.case.group,
        cpu_ms=round(judged.outcome.cpu_seconds * 1000),
        wall_ms=round(judged.outcome.wall_seconds * 1000),
        memory_kb=judged.outcome.peak_kb,
        feedback=None if accepted else _explain(judged),
    )


def _explain(judged: Judged) -> str:
    verdict, reason = judged.judgement.verdict, judged.judgement.reason
    if not judged.case.sample:
        return feedback.hidden(judged.index, verdict, reason)
    parts = [reason or ""]
    if judged.got is not None and judged.got.error is not None:
        parts.append(judged.got.error)
    if judged.expected is not None:
        parts.append(f"expected:\n{table_text(judged.expected.table)}")
        parts.append(f"got:\n{table_text(judged.got.table if judged.got else None)}")
    return "\n".join(feedback.readable(part, feedback.MAX_PART) for part in parts if part)
