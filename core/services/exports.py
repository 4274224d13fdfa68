"""Challenges of the database as content that a format can write. Authors only: it holds the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from core.content import (
    LANGUAGES,
    CategoryContent,
    ChallengeContent,
    Content,
    Example,
    Problem,
    Solution,
    promised,
)
from core.errors import NotFound, ValidationFailed
from core.exchange.slugs import Slugs, slug_of
from core.grading import Verdict
from core.models.challenge import Category, Challenge
from core.services.revisions import CONTENT, head_of

FIELDS = (
    "title", "description", "difficulty", "points", "kind", "spec", "tags", "state", "attempts_max", "on_resubmit",
    "locale", "on_rejudge", "cooldown_seconds", "attempt_penalty", "hints", "editorial", "translations",
)  # fmt: skip
WITHOUT_CATEGORY = "uncategorised"
EXPORT_MAX = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which challenges: slugs or ids, and names or ids of categories; nothing means all."""

    challenges: Sequence[str] = ()
    categories: Sequence[str] = ()


def find_wanted(session: Session, wanted: Wanted) -> list[Challenge]:
    """The challenges, by category and slug. Raises NotFound for one that is missing, ValidationFailed for too many."""
    query = _wanted(wanted).options(
        joinedload(Challenge.category), undefer(Challenge.solutions), undefer(Challenge.editorial)
    )
    found = list(session.scalars(query.limit(EXPORT_MAX + 1)))
    if len(found) > EXPORT_MAX:
        raise ValidationFailed({"challenge": [f"More than {EXPORT_MAX} at once; name a category."]})
    known = {str(one.id) for one in found} | {one.slug for one in found}
    if missing := [name for name in wanted.challenges if name not in known]:
        raise NotFound(f"There is no challenge {missing[0]}.")
    for name in wanted.categories:
        if not session.scalar(select(exists().where(_is_category([name])))):
            raise NotFound(f"There is no category {name}.")
    return found


def content_of(session: Session, challenges: Iterable[Challenge]) -> Content:
    """`challenges` as they are now; what has no slug gets one from its title."""
    return _Gathering(session, list(challenges)).content()


def _wanted(wanted: Wanted) -> Select[Challenge]:
    query = select(Challenge).outerjoin(Category)
    if wanted.challenges:
        ids = [int(name) for name in wanted.challenges if _is_id(name)]
        query = query.where(or_(Challenge.slug.in_(wanted.challenges), Challenge.id.in_(ids)))
    if wanted.categories:
        query = query.where(_is_category(wanted.categories))
    return query.order_by(func.lower(Category.name).nulls_last(), Challenge.slug.nulls_last(), Challenge.id)


def _is_category(wanted: Sequence[str]) -> ColumnElement[bool]:
    ids = [int(name) for name in wanted if _is_id(name)]
    return or_(Category.id.in_(ids), func.lower(Category.name).in_([name.lower() for name in wanted]))


def _is_id(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= 9


@dataclass(slots=True)
class _Gathering:
    """Gives names and collects what they stand for."""

    session: Session
    challenges: list[Challenge]
    folders: dict[str, CategoryContent] = field(default_factory=dict)
    leaves: dict[str, Slugs] = field(default_factory=dict)

    def content(self) -> Content:
        content = Content()
        slugs = self._slugs()
        for challenge in self.challenges:
            slug = slugs[challenge.id] or self._new_slug(challenge, slugs)
            # What authors wrote last, though learners may not see it yet.
            head = head_of(self.session, challenge)
            body = {name: _plain(getattr(head if name in CONTENT else challenge, name)) for name in FIELDS}
            at = challenge.publish_at
            body["publish_at"] = at.astimezone(UTC).isoformat() if at else None
            body["prerequisites"] = _with_slugs(challenge.prerequisites, slugs)
            group = self._category(challenge, slug)
            solutions, examples = _references(slug, head.solutions)
            if group is None:
                message = f"Its folder {slug.partition('/')[0]} holds challenges of another category."
                content.problems.append(Problem(slug, "category", message))
            else:
                content.challenges.append(ChallengeContent(slug, group, body, solutions, examples))
        content.categories = list(self.folders.values())
        return content

    def _slugs(self) -> dict[int, str]:
        """By id: of what is exported and of what it names as prerequisites."""
        named = {one for challenge in self.challenges for one in _named(challenge.prerequisites)}
        wanted = named | {challenge.id for challenge in self.challenges}
        query = select(Challenge.id, Challenge.slug).where(Challenge.id.in_(wanted))
        return {number: slug or "" for number, slug in self.session.execute(query)}

    def _new_slug(self, challenge: Challenge, slugs: dict[int, str]) -> str:
        group = slug_of(challenge.category.name) if challenge.category else WITHOUT_CATEGORY
        leaves = self.leaves.setdefault(group, Slugs())
        slug = f"{group}/{leaves.make(challenge.title)}"
        while self._is_taken(slug):
            slug = f"{group}/{leaves.make(challenge.title)}"
        slugs[challenge.id] = slug
        return slug

    def _is_taken(self, slug: str) -> bool:
        return self.session.scalar(select(Challenge.id).where(Challenge.slug == slug)) is not None

    def _category(self, challenge: Challenge, slug: str) -> str | None:
        """The folder that stands for its category, "" for none; None when the folder is another category's."""
        if challenge.category is None:
            return ""
        folder = slug.partition("/")[0]
        wanted = CategoryContent(folder, challenge.category.name, challenge.category.description)
        return folder if self.folders.setdefault(folder, wanted) == wanted else None


def _plain(value: Any) -> Any:
    return value.value if hasattr(value, "value") else value


def _named(tree: Any) -> set[int]:
    if isinstance(tree, list):
        return set().union(*map(_named, tree))
    if not isinstance(tree, Mapping):
        return set()
    return {tree["challenge"]} if "challenge" in tree else set().union(*map(_named, tree.values()))


def _with_slugs(tree: Any, slugs: Mapping[int, str]) -> Any:
    if isinstance(tree, list):
        return [_with_slugs(branch, slugs) for branch in tree]
    if not isinstance(tree, Mapping):
        return tree
    if "challenge" in tree:
        return {"challenge": slugs.get(tree["challenge"]) or str(tree["challenge"])}
    return {key: _with_slugs(value, slugs) for key, value in tree.items()}


def _references(
    slug: str, solutions: Sequence[Mapping[str, Any]]
) -> tuple[tuple[Solution, ...], tuple[Example, ...]]:
    """What is a program in a file of its own, and what is an example."""
    programs, examples = [], []
    for one in solutions:
        name, verdict, answer = _verdict_first(one), Verdict(one["verdict"]), one["answer"]
        language = LANGUAGES.get(PurePosixPath(name).suffix)
        if language and answer.keys() == {"language", "source"} and answer["language"] == language:
            programs.append(Solution(f"{slug}/solutions/{name}", verdict, language, answer["source"]))
        else:
            examples.append(Example(verdict, dict(answer), name))
    return tuple(sorted(programs, key=lambda program: program.file)), tuple(examples)


def _verdict_first(one: Mapping[str, Any]) -> str:
    name: str = one["name"]
    if promised(PurePosixPath(name).stem) == one["verdict"]:
        return name
    return f"{one['verdict']}_{name}"
