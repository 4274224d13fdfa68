"""Content into the database, for the command line and the API alike: each item wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy.exc import DataError
from sqlalchemy.orm.exc import StaleDataError

from api import authoring
from api.extensions import session
from core.content import DEFAULTS, CategoryContent, ChallengeContent, Content, Problem
from core.content_fields import CHALLENGE, field_errors
from core.errors import CoreError, NotFound, ValidationFailed
from core.grading import Queue
from core.models.challenge import Challenge
from core.models.user import User
from core.services import categories, challenges
from core.services.publication import running_check
from core.words import ChallengeState, Difficulty, Rejudging, Resubmission
from graders.registry import grader_for

# What a new challenge has where its format says nothing of it.
NEW = DEFAULTS | {"difficulty": "intermediate", "points": 10, "description": ""}
# Fields of content that are stored as something else than they are written.
STORED: Mapping[str, Callable[[Any], Any]] = {
    "difficulty": Difficulty,
    "state": ChallengeState,
    "on_resubmit": Resubmission,
    "on_rejudge": Rejudging,
    "publish_at": lambda at: datetime.fromisoformat(at) if at else None,
}


WAITS = "goes live when its check has passed."


class Outcome(StrEnum):
    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one item; `message` says why where it was refused or skipped."""

    outcome: Outcome
    item: str
    message: str = ""
    challenge_id: int | None = None

    def __str__(self) -> str:
        return f"{self.item}: {self.message}" if self.message else self.item


@dataclass(frozen=True, slots=True)
class Saving:
    """How to save: who is the author, and whether what is published must first pass its check."""

    author: User | None = None
    checked: bool = True


def save_content(content: Content, saving: Saving) -> Iterator[Line]:
    """Save each item in a savepoint of its own and tell what became of it. The caller commits, or rolls back."""
    yield from (_told(Outcome.REFUSED, problem) for problem in content.problems)
    yield from (_told(Outcome.SKIPPED, note) for note in content.skipped)
    names = {category.slug: category.name for category in content.categories}
    for category in content.categories:
        yield _attempt(f"category {category.slug}", partial(_save_category, category))
    for challenge in _prerequisites_first(content.challenges):
        category_name = names.get(challenge.category, "")
        yield _attempt(
            f"challenge {challenge.slug}", partial(_save_challenge, challenge, category_name, saving)
        )


def check_references(kind: str, spec: dict[str, Any], references: list[dict[str, Any]]) -> None:
    """Raises ValidationFailed when an answer does not fit, or a question's gets another verdict than it promises."""
    grader = grader_for(kind)
    errors: dict[str, list[str]] = {}
    for one in references:
        place = f"solutions.{one['name']}"
        try:
            grader.check_answer(spec, one["answer"])
        except ValidationFailed as error:
            errors[place] = [message for messages in error.errors.values() for message in messages]
            continue
        if grader.queue is Queue.KNOWLEDGE and not grader.manual:
            report = grader.summarise(spec, list(grader.validate_submission(spec, one["answer"])))
            if report.verdict != one["verdict"]:
                errors[place] = [f"Gets {report.verdict}, not {one['verdict']}; mend the key or the example."]
    if errors:
        raise ValidationFailed(errors)


def _told(outcome: Outcome, problem: Problem) -> Line:
    place = ": ".join(filter(None, (problem.file, problem.key)))
    return Line(outcome, place, problem.message)


def _attempt(item: str, save: Callable[[], tuple[Outcome, Challenge | None]]) -> Line:
    try:
        with session().begin_nested():
            outcome, challenge = save()
    except CoreError as error:
        return Line(Outcome.REFUSED, item, _reason(error))
    except StaleDataError:
        return Line(Outcome.REFUSED, item, "Somebody changed it at the same moment; load it again.")
    except DataError:
        return Line(Outcome.REFUSED, item, "Holds a value that is out of range.")
    if challenge is None:
        return Line(outcome, item)
    waits = running_check(session(), challenge) is not None and outcome is not Outcome.UNCHANGED
    return Line(outcome, item, WAITS if waits else "", challenge.id)


def _reason(error: CoreError) -> str:
    if not isinstance(error, ValidationFailed):
        return error.message
    fields = [f"{name}: {' '.join(messages)}" for name, messages in error.errors.items()]
    return "; ".join(fields) or error.message


def _save_category(item: CategoryContent) -> tuple[Outcome, None]:
    known = categories.find_category(session(), item.name)
    if known is None:
        categories.create_category(session(), item.name, item.description or "")
        return Outcome.IMPORTED, None
    if item.description is None:
        return Outcome.UNCHANGED, None
    changes = {"name": item.name, "description": item.description}
    changed = categories.update_category(session(), known, changes)
    return (Outcome.UPDATED if changed else Outcome.UNCHANGED), None


def _save_challenge(item: ChallengeContent, category_name: str, saving: Saving) -> tuple[Outcome, Challenge]:
    fields = _fields(item, category_name)
    grader_for(fields["kind"]).check_spec(fields["spec"])
    if saving.checked:
        check_references(fields["kind"], fields["spec"], item.references)
    known = challenges.find_challenge(session(), item.slug)
    if known is None:
        create = authoring.create if saving.checked else challenges.create_challenge
        made = create(session(), saving.author, _stored(NEW | fields) | {"slug": item.slug})
        return Outcome.IMPORTED, made
    changes = _stored(fields)
    if known.state is ChallengeState.PUBLISHED and changes.get("publish_at"):
        # It was published when its time came; the folder still says that it waits for it.
        changes = {name: value for name, value in changes.items() if name not in ("state", "publish_at")}
    change = authoring.change if saving.checked else challenges.update_challenge
    changed = change(session(), known, changes, saving.author)
    return (Outcome.UPDATED if changed else Outcome.UNCHANGED), known


def _fields(item: ChallengeContent, category_name: str) -> dict[str, Any]:
    """What the item says, by the challenge's fields. Raises ValidationFailed, NotFound."""
    body = item.body
    checked = {key: value for key, value in body.items() if key in CHALLENGE and key not in DEFAULTS}
    checked |= {key: value for key, value in body.items() if key in DEFAULTS and value != DEFAULTS[key]}
    checked.pop("editorial", None)
    if errors := field_errors(CHALLENGE, NEW_ENOUGH | checked):
        raise ValidationFailed({key: [message] for key, message in errors.items()})
    fields: dict[str, Any] = dict(body)
    if category_name:
        category = categories.find_category(session(), category_name)
        if category is None:
            raise NotFound(f"its category {category_name} was refused.")
        fields["category_id"] = category.id
    if item.references or body.keys() >= DEFAULTS.keys():
        fields["solutions"] = item.references
    if "prerequisites" in fields:
        fields["prerequisites"] = _with_ids(fields["prerequisites"])
    return fields


# What every challenge must have; a format that lacks one of these gets the default.
NEW_ENOUGH = {"difficulty": NEW["difficulty"], "points": NEW["points"]}


def _stored(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: STORED[name](value) if name in STORED else value for name, value in fields.items()}


def _with_ids(tree: Any) -> Any:
    """The tree with the ids of the challenges that it names. Raises ValidationFailed."""
    if isinstance(tree, list):
        return [_with_ids(branch) for branch in tree]
    if not isinstance(tree, dict):
        return tree
    if "challenge" in tree:
        known: Challenge | None = challenges.find_challenge(session(), tree["challenge"])
        if known is None:
            message = f"There is no challenge {tree['challenge']}; load it first, or together with this one."
            raise ValidationFailed({"prerequisites": [message]})
        return {"challenge": known.id}
    return {key: _with_ids(value) for key, value in tree.items()}


def _prerequisites_first(items: list[ChallengeContent]) -> list[ChallengeContent]:
    """`items` so that each comes after those that it names; circles stay as they are, and are refused where new."""
    by_slug = {item.slug: item for item in items}
    order: dict[str, ChallengeContent] = {}
    for item in items:
        pending, opened = [item], set()
        while pending:
            one = pending[-1]
            needed = [by_slug[slug] for slug in _named(one.body.get("prerequisites")) if slug in by_slug]
            waiting = [other for other in needed if other.slug not in order and other.slug not in opened]
            opened.add(one.slug)
            if waiting:
                pending.append(waiting[0])
            else:
                order.setdefault(one.slug, one)
                pending.pop()
    return list(order.values())


def _named(tree: Any) -> list[str]:
    if isinstance(tree, list):
        return [name for branch in tree for name in _named(branch)]
    if not isinstance(tree, dict):
        return []
    return [tree["challenge"]] if "challenge" in tree else _named(list(tree.values()))
