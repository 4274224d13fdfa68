"""The working base class of every grader: schema checks once, so that a grader only grades."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Generator, Mapping, Sequence
from typing import Any, ClassVar

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import CaseResult, GradeReport, Queue, TrialResult
from graders.rubric import Criterion
from graders.scoring import summarise
from graders.time_use import TimeUse

MAX_MESSAGES = 20


class Grader(ABC):
    """One kind of challenge. Subclasses are stateless: one instance serves every submission."""

    kind: ClassVar[str]
    title: ClassVar[str]
    queue: ClassVar[Queue] = Queue.KNOWLEDGE
    has_trials: ClassVar[bool] = False
    # True: a person decides. The answer is checked, never passed to validate_submission.
    manual: ClassVar[bool] = False
    # True: parts that an earlier answer had right need no answering again; see `completed`.
    carries_over: ClassVar[bool] = False
    spec_schema: ClassVar[dict[str, Any]]
    answer_schema: ClassVar[dict[str, Any]]

    def check_spec(self, spec: Any) -> None:
        """Raise InvalidSpec, with one message list per field path, unless `spec` fits."""
        if errors := schema_errors(self.spec_schema, spec, "spec") or self.spec_errors(spec):
            raise InvalidSpec(errors)

    def check_answer(self, spec: Mapping[str, Any], answer: Any) -> None:
        """Raise InvalidAnswer unless `answer` is complete, well-formed and fits `spec`."""
        if errors := schema_errors(self.answer_schema, answer, "answer") or self.answer_errors(spec, answer):
            raise InvalidAnswer(errors)

    def spec_errors(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        """What the schema cannot say: {"spec.field": [messages]}."""
        return {}

    def answer_errors(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        """What the schema cannot say: {"answer.field": [messages]}."""
        return {}

    def completed(
        self, spec: Mapping[str, Any], answer: Any, earlier: Mapping[str, Any], finished: Collection[str]
    ) -> Any:
        """`answer` as it came in, with what it leaves out taken from the learner's `earlier` one.

        `finished` names the accepted results of `earlier`, which fits `spec`. Kinds that set `carries_over` override
        this; whoever takes an answer calls it before `check_answer`, and stores what it returns.
        """
        return answer

    @abstractmethod
    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """The part of `spec` that a learner may see: an allow-list, never the spec minus something."""

    def arrange(self, shown: Mapping[str, Any], seed: str) -> dict[str, Any]:
        """`shown`, which redact gave, in the order for one learner: the same for ever for the same `seed`.

        `seed` names the learner and the challenge, say "17:4". Only the order of lists changes.
        """
        return dict(shown)

    def show(self, spec: Mapping[str, Any], seed: str) -> dict[str, Any]:
        """The spec as the learner whom `seed` stands for sees it: redacted, in their own order."""
        return self.arrange(self.redact(spec), seed)

    @abstractmethod
    def validate_submission(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> Generator[CaseResult, None, None]:
        """Yield one CaseResult per test. Raises InfrastructureError when we fail."""

    def try_answer(
        self, spec: Mapping[str, Any], answer: Mapping[str, Any], stdin: str | None
    ) -> Generator[TrialResult, None, None]:
        """Run on the sample tests, or on `stdin` alone; kinds that set `has_trials` override this."""
        raise NotImplementedError(f"{self.kind} has no trial runs")

    def answer_values(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, list[str]]:
        """What `answer` says, by part of it, for counting: answers that mean the same have equal values. Pure.

        Empty for kinds whose answers nobody would count. `answer` has passed its check.
        """
        return {}

    def offered_values(self, spec: Mapping[str, Any]) -> dict[str, list[str]]:
        """The values that learners choose among, by part of the answer; parts that they write freely are left out."""
        return {}

    def with_hint(self, spec: Mapping[str, Any], result: CaseResult, attempt: int) -> CaseResult:
        """`result` with what the challenge tells a learner at this attempt (1 is the first). Pure."""
        return result

    def rubric(self, spec: Mapping[str, Any]) -> tuple[Criterion, ...]:
        """By what a reviewer marks an answer; empty where a reviewer gives one score. For kinds that set `manual`."""
        return ()

    def summarise(self, spec: Mapping[str, Any], results: list[CaseResult]) -> GradeReport:
        """The report of `results`; a kind with groups or weights overrides this."""
        return summarise(results)

    def time_use(
        self, spec: Mapping[str, Any], language: str, results: Sequence[CaseResult]
    ) -> TimeUse | None:
        """What a program in that language used of its limit; None where nothing runs or nothing was measured."""
        return None


def schema_errors(schema: dict[str, Any], value: Any, root: str) -> dict[str, list[str]]:
    """Messages by dotted path (`spec.groups.0.points`); empty when `value` fits `schema`."""
    errors: dict[str, list[str]] = {}
    for error in list(Draft202012Validator(schema).iter_errors(value))[:MAX_MESSAGES]:
        path = ".".join([root, *map(str, error.absolute_path)])
        errors.setdefault(path, []).append(_message(error))
    return errors


def _message(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        return f"Unknown field: {error.message.split('(')[-1].rstrip(')')}."
    if error.validator in ("minLength", "minItems"):
        return (
            "Must not be empty." if error.validator_value == 1 else f"Needs at least {error.validator_value}."
        )
    text = error.message if len(error.message) <= 200 else f"{error.message[:80]} … {error.message[-100:]}"
    return text[0].upper() + text[1:] + "."
