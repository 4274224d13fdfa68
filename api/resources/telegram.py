"""Linking a Telegram chat."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask.views import MethodView

from api.auth import current_user, learner_required
from api.blueprint import Blueprint
from api.extensions import commit, session
from api.schemas.progress import TelegramLinkSchema
from core.errors import Conflict
from core.services import telegram

blp = Blueprint("telegram", __name__, description="Answer challenges, and hear verdicts, in Telegram.")


@blp.route("/telegram/link")
class TelegramLink(MethodView):
    @learner_required
    @blp.response(201, TelegramLinkSchema)
    def post(self) -> dict[str, Any]:
        """Make a one-time link that connects your Telegram chat; it works for 10 minutes"""
        username = current_app.extensions["creathon_settings"].telegram_bot_username
        if username is None:
            raise Conflict("This server has no Telegram bot: its operator must set TELEGRAM_BOT_USERNAME.")
        code, expires_at = telegram.create_link_code(session(), current_user())
        commit()
        return {"url": f"https://t.me/{username}?start={code}", "expires_at": expires_at}

    @learner_required
    @blp.response(204)
    def delete(self) -> None:
        """Disconnect your Telegram chat"""
        telegram.unlink(session(), current_user())
        commit()
