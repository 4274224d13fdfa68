"""One exception tree. The class docstring is the default message; `code` is the stable machine word."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar


class CreathonError(Exception):
    """Something went wrong in Creathon."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        super().__init__(self.message)


class SettingsError(CreathonError):
    """A setting is missing or unsafe."""

    code = "settings"


class InfrastructureError(CreathonError):
    """We failed, not the learner: the submission is queued again."""

    code = "infrastructure"


class SandboxUnavailable(InfrastructureError):
    """This host cannot run untrusted code; `python -m graders doctor` says why."""

    code = "sandbox_unavailable"


class LanguageUnavailable(InfrastructureError):
    """This host has no toolchain for the submission's language."""

    code = "language_unavailable"


class GradingCancelled(CreathonError):
    """The submission was cancelled, or taken over by another worker, while it was graded."""

    code = "grading_cancelled"


class CoreError(CreathonError):
    """The request is wrong; the caller can mend it."""

    code = "bad_request"
    status: ClassVar[int] = HTTPStatus.BAD_REQUEST


class NotFound(CoreError):
    """There is nothing here that you may see."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND


class NotAuthenticated(CoreError):
    """Log in first."""

    code = "not_authenticated"
    status = HTTPStatus.UNAUTHORIZED


class InvalidCredentials(NotAuthenticated):
    """The name or the password is wrong."""

    code = "invalid_credentials"


class InvalidToken(NotAuthenticated):
    """The token is invalid, expired or revoked; log in again."""

    code = "invalid_token"


class NotAllowed(CoreError):
    """Your role does not allow this."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN


class Conflict(CoreError):
    """The request contradicts the present state."""

    code = "conflict"
    status = HTTPStatus.CONFLICT


class AlreadyExists(Conflict):
    """There is one of that name already."""

    code = "already_exists"


class AttemptsExhausted(Conflict):
    """You have no attempts left for this challenge."""

    code = "attempts_exhausted"


class PrerequisitesMissing(Conflict):
    """Other challenges must be solved before this one."""

    code = "prerequisites_missing"


class NotCancellable(Conflict):
    """This submission has its verdict already."""

    code = "not_cancellable"


class ReviewClaimed(Conflict):
    """Another reviewer has claimed this submission."""

    code = "review_claimed"


class RequestInProgress(Conflict):
    """A request with this Idempotency-Key is still being answered; try again shortly."""

    code = "request_in_progress"


class StaleVersion(CoreError):
    """It was changed since you read it; read it again and repeat the change."""

    code = "stale_version"
    status = HTTPStatus.PRECONDITION_FAILED


class ValidationFailed(CoreError):
    """Some fields are invalid; see errors."""

    code = "validation_failed"
    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, errors: dict[str, list[str]], message: str | None = None) -> None:
        super().__init__(message)
        self.errors = errors


class NothingToRejudge(CoreError):
    """No graded submission is in this scope; what could not be graded is for `flask requeue`."""

    code = "nothing_to_rejudge"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotRejudgeable(CoreError):
    """A person graded the answers to this challenge, and no program can do it again."""

    code = "not_rejudgeable"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class InvalidAnswer(ValidationFailed):
    """The answer does not fit this challenge; it was not counted as an attempt."""

    code = "invalid_answer"


class InvalidSpec(ValidationFailed):
    """The spec does not fit this kind of challenge."""

    code = "invalid_spec"


class IdempotencyKeyReused(CoreError):
    """This Idempotency-Key was used with another body; take a new key."""

    code = "idempotency_key_reused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooManyRequests(CoreError):
    """Too many requests; wait a little."""

    code = "too_many_requests"
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, message: str | None = None, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CoolingDown(TooManyRequests):
    """This challenge wants some time between two answers."""

    code = "cooldown"
