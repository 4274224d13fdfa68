"""Hints and editorials, read from the database into plain values. Every function runs inside a transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.language import rendition_of, title_of
from bot.views import HintOffer
from core.errors import NotFound
from core.models.challenge import Challenge
from core.models.user import User
from core.services import hints
from core.services.challenges import get_challenge
from core.services.editorials import get_editorial


def hint(session: Session, user: User, challenge_id: int, number: int) -> HintOffer:
    """A hint as the learner has it now. Raises NotFound."""
    challenge = get_challenge(session, user, challenge_id)
    found = next((one for one in hints.list_hints(session, user, challenge) if one.number == number), None)
    if found is None:
        raise NotFound
    return _offer(challenge, found)


def bought_hint(
    session: Session, user: User, challenge_id: int, number: int
) -> tuple[HintOffer, HintOffer | None]:
    """Buy a hint unless it was bought; and the one after it. Raises as `core.services.hints.buy_hint` does."""
    challenge = get_challenge(session, user, challenge_id)
    bought = hints.buy_hint(session, user, challenge, number)
    return _offer(challenge, bought), next_hint(session, user, challenge)


def next_hint(session: Session, user: User, challenge: Challenge) -> HintOffer | None:
    """The first that is not bought."""
    if not challenge.hints:
        return None
    left = (one for one in hints.list_hints(session, user, challenge) if not one.bought)
    return next((_offer(challenge, one) for one in left), None)


def editorial(session: Session, user: User, challenge_id: int) -> tuple[str, str]:
    """The challenge's title and its editorial. Raises NotFound before the learner may read it."""
    challenge = get_challenge(session, user, challenge_id)
    text, rendition = get_editorial(session, user, challenge), rendition_of(challenge)
    return title_of(challenge, rendition), rendition.words.get("editorial") or text


def _offer(challenge: Challenge, one: hints.Hint) -> HintOffer:
    rendition = rendition_of(challenge)
    text = rendition.hint(one.number, one.text) if one.bought and one.text is not None else None
    title = title_of(challenge, rendition)
    return HintOffer(challenge.id, title, one.number, len(challenge.hints), one.cost, text)
