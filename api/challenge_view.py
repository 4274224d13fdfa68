"""A challenge as one reader sees it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from api.auth import current_user
from api.extensions import session
from api.languages import answer_in, wanted
from core.locales import Rendition, render
from core.models.batch import Batch
from core.models.challenge import Challenge, Revision
from core.models.progress import UserProgress
from core.models.user import User
from core.services import challenges, hints
from core.services.carry_over import finished_parts
from core.services.prerequisites import Seen, locks
from core.services.progress import attempts_left, points_available, resets_at
from core.services.publication import latest_check
from core.services.revisions import CONTENT, head_of
from graders.registry import grader_for
from graders.translation import translated

# Whatever the schema says, learners do not get these.
AUTHORS_ONLY = frozenset(
    {"solutions", "check", "head", "revision", "publish_at", "editorial", "translations"}
    | {"prerequisites", "locale", "on_rejudge"}
)


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """The challenge's own fields, and what depends on the reader: how much of the spec, limits and progress.

    `rendition` is in the reader's language (None: the original), `missing` what holds the reader back.
    `content` is where the fields of a revision come from, where that is not the live one.
    """

    reader: User
    challenge: Challenge
    progress: UserProgress | None
    rendition: Rendition | None = None
    missing: dict[str, Any] | None = None
    finished_parts: tuple[str, ...] = ()
    content: Challenge | Revision | None = None
    latest: Batch | None = None

    def __getattr__(self, name: str) -> Any:
        if name in AUTHORS_ONLY and not self.reader.is_author:
            raise AttributeError(name)
        if name == "check":
            return self._check()
        return getattr(self._content if name in CONTENT else self.challenge, name)

    @property
    def _content(self) -> Challenge | Revision:
        return self.content or self.challenge

    @property
    def title(self) -> str:
        return self._word("title") or self._content.title

    @property
    def description(self) -> str:
        return self._word("description") or self._content.description

    @property
    def spec(self) -> dict[str, Any]:
        """Everything for authors; for learners what the grader says that they may see."""
        if self.reader.is_author:
            return self._content.spec
        seed = f"{self.reader.id}:{self.challenge.id}"
        shown = grader_for(self.challenge.kind).show(self.challenge.spec, seed)
        return translated(shown, texts) if (texts := self._word("texts")) else shown

    @property
    def limits(self) -> dict[str, Any]:
        return {
            "attempts_max": self.challenge.attempts_max,
            "attempts_left": attempts_left(self.challenge, self.progress),
            "resets_at": resets_at(self.challenge, self.progress),
            "points_available": points_available(self.challenge, self.progress),
        }

    @property
    def locked(self) -> bool:
        return self.missing is not None

    @property
    def hints(self) -> Any:
        """The hints for authors; for learners how many there are and what the next one costs."""
        if self.reader.is_author:
            return self._content.hints
        count, bought = len(self.challenge.hints), hints.count_bought(session(), self.reader, self.challenge)
        cost = hints.price(self.challenge, self.progress, bought + 1) if bought < count else None
        return {"count": count, "bought": bought, "next_cost": cost}

    @property
    def has_editorial(self) -> bool:
        return bool(self._content.editorial)

    @property
    def locales(self) -> list[str]:
        return [self.challenge.locale, *self._content.translations]

    @property
    def reader_state(self) -> str:
        """What makes this view another one than the challenge's version alone says; see api.etags."""
        changed = self.progress and self.progress.updated_at
        locale = self.rendition and self.rendition.locale
        check = self.latest and (self.latest.id, self.latest.status.value)
        state = (self.reader.is_author, changed, self.missing, locale, self.finished_parts, check)
        return f"{zlib.crc32(repr(state).encode()):08x}"

    def _word(self, name: str) -> Any:
        return self.rendition.words.get(name) if self.rendition else None

    def _check(self) -> dict[str, Any] | None:
        if self.latest is None:
            return None
        href = url_for("checks.CheckById", check_id=self.latest.id)
        return {"id": self.latest.id, "status": self.latest.status, "href": href}


def view_of(challenge: Challenge, lang: str | None = None) -> ChallengeView:
    """The challenge as this request's user sees it, in the language that they want.

    Authors see the original of its latest revision, and the check that this has had.
    """
    user, author = current_user(), current_user().is_author
    progress = challenges.progress_in(session(), user, challenge)
    return ChallengeView(
        user,
        challenge,
        progress,
        rendition=rendition_of(challenge, lang),
        missing=locks(session(), user, [(challenge, progress)]).get(challenge.id),
        finished_parts=finished_parts(session(), user.id, challenge, grader_for(challenge.kind)),
        content=head_of(session(), challenge) if author else None,
        latest=latest_check(session(), challenge) if author else None,
    )


def rendition_of(challenge: Challenge, lang: str | None) -> Rendition:
    """The challenge's texts for this request, whose answer says in which language it is."""
    asked = () if current_user().is_author else wanted(lang)
    rendition = render(challenge.locale, challenge.translations if asked else {}, asked)
    answer_in([rendition.locale])
    return rendition


def views_of(rows: Sequence[Seen], lang: str | None) -> list[ChallengeView]:
    """As `view_of`, of a list and in few queries."""
    user, seen = current_user(), [(challenge, progress) for challenge, progress in rows]
    asked = () if user.is_author else wanted(lang)
    known = challenges.translated_lines(session(), [one.id for one, _ in seen]) if asked else {}
    left = locks(session(), user, seen)
    renditions = [render(one.locale, known.get(one.id, {}), asked) for one, _ in seen]
    answer_in(rendition.locale for rendition in renditions)
    return [
        ChallengeView(user, challenge, progress, rendition, left.get(challenge.id))
        for (challenge, progress), rendition in zip(seen, renditions, strict=True)
    ]
