"""What helps with a challenge: hints before it is solved, the editorial afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask.views import MethodView

from api.auth import current_user, learner_required
from api.blueprint import Blueprint
from api.challenge_view import rendition_of
from api.extensions import commit, session
from api.schemas.life import EditorialSchema, HintSchema, LangArgs
from core.locales import Rendition
from core.models.challenge import Challenge
from core.services import challenges, editorials, hints
from core.services.hints import Hint

blp = Blueprint("hints", __name__, description="Hints, bought one after the other, and editorials.")


@blp.route("/challenges/<int:challenge_id>/hints")
class Hints(MethodView):
    @learner_required
    @blp.arguments(LangArgs, location="query")
    @blp.response(200, HintSchema(many=True))
    def get(self, query: dict[str, Any], challenge_id: int) -> list[Hint]:
        """List a challenge's hints; those that you have bought with their texts."""
        challenge = _challenge(challenge_id)
        rendition = rendition_of(challenge, query.get("lang"))
        return [_said(hint, rendition) for hint in hints.list_hints(session(), current_user(), challenge)]


@blp.route("/challenges/<int:challenge_id>/hints/<int:number>")
class HintByNumber(MethodView):
    @learner_required
    @blp.arguments(LangArgs, location="query")
    @blp.response(200, HintSchema)
    def post(self, query: dict[str, Any], challenge_id: int, number: int) -> Hint:
        """Buy a hint

        Its cost comes off what the challenge will pay you, never off points that you have. Buying it again costs
        nothing and answers the same. Hints come in order: 409 while the one before is not bought.
        """
        challenge = _challenge(challenge_id)
        rendition = rendition_of(challenge, query.get("lang"))
        hint = hints.buy_hint(session(), current_user(), challenge, number)
        commit()
        return _said(hint, rendition)


@blp.route("/challenges/<int:challenge_id>/editorial")
class Editorial(MethodView):
    @learner_required
    @blp.arguments(LangArgs, location="query")
    @blp.response(200, EditorialSchema)
    def get(self, query: dict[str, Any], challenge_id: int) -> dict[str, str]:
        """Read the editorial

        It is there once you have solved the challenge, or have no attempts left and no answer that waits for a verdict;
        404 before.
        """
        challenge = _challenge(challenge_id)
        text = editorials.get_editorial(session(), current_user(), challenge)
        return {"text": rendition_of(challenge, query.get("lang")).words.get("editorial") or text}


def _challenge(challenge_id: int) -> Challenge:
    return challenges.get_challenge(session(), current_user(), challenge_id)


def _said(hint: Hint, rendition: Rendition) -> Hint:
    """The hint in the reader's language."""
    return hint if hint.text is None else replace(hint, text=rendition.hint(hint.number, hint.text))
