"""Several questions in one: each part is judged by its own kind and earns its points."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from core.errors import ValidationFailed
from core.grading import CaseResult, GradeReport, Verdict
from graders.base import Grader
from graders.knowledge.question import Errors, QuestionGrader, unusable_values
from graders.scoring import summarise

POINTS = {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000}
UNANSWERED = "Not answered."


@dataclass(frozen=True, slots=True)
class Part:
    """One question. `path` is where its spec stands in the whole one."""

    id: str
    grader: QuestionGrader
    spec: Mapping[str, Any]
    points: float
    path: str


class PartsGrader(Grader):
    """A kind made of parts. Subclasses say which there are, and what an answer says to each of them."""

    @abstractmethod
    def parts(self, spec: Mapping[str, Any]) -> list[Part]:
        """The parts of a spec that has passed its schema, in order."""

    @abstractmethod
    def answers(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        """By part, the answer as the part's own kind takes it. A part may be left out."""

    @abstractmethod
    def answer_path(self, part: Part) -> str:
        """Where the answer to `part` stands in the whole one."""

    def spec_errors(self, spec: Mapping[str, Any]) -> Errors:
        return unusable_values(spec, "spec") or _moved(
            (partial(part.grader.check_spec, part.spec), "spec", part.path) for part in self.parts(spec)
        )

    def answer_errors(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        if errors := unusable_values(answer, "answer"):
            return errors
        given = self.answers(spec, answer)
        return _moved(
            (
                partial(part.grader.check_answer, part.spec, given[part.id]),
                "answer",
                self.answer_path(part),
            )
            for part in self.parts(spec)
            if part.id in given
        )

    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield one result per part, named as the part. Raises InvalidAnswer when `answer` does not fit `spec`."""
        self.check_answer(spec, answer)
        given = self.answers(spec, answer)
        for part in self.parts(spec):
            if part.id in given:
                (result,) = part.grader.validate_submission(part.spec, given[part.id])
                yield replace(result, name=part.id, group=part.id)
            else:
                yield CaseResult(part.id, Verdict.WRONG_ANSWER, group=part.id, feedback=UNANSWERED)

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        """Those of each part under `part.name`."""
        given = self.answers(spec, answer)
        return {
            f"{part.id}.{name}": values
            for part in self.parts(spec)
            if part.id in given
            for name, values in part.grader.answer_values(part.spec, given[part.id]).items()
        }

    def offered_values(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        return {
            f"{part.id}.{name}": values
            for part in self.parts(spec)
            for name, values in part.grader.offered_values(part.spec).items()
        }

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        return summarise(results, {part.id: part.points for part in self.parts(spec)})


def _moved(checks: Iterable[tuple[Callable[[], None], str, str]]) -> Errors:
    """The errors of all checks, each with its root (a check's second) replaced by its path (its third)."""
    errors: Errors = {}
    for check, root, path in checks:
        try:
            check()
        except ValidationFailed as failure:
            errors |= {
                path + field.removeprefix(root): messages for field, messages in failure.errors.items()
            }
    return errors
