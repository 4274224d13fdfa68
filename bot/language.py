"""The language of the app that the update at hand comes from. Like the log's context, it is known all the way down."""

from __future__ import annotations

from contextvars import ContextVar

from telegram import Update

from core.locales import Rendition, render
from core.models.challenge import Challenge

_language: ContextVar[str | None] = ContextVar("language", default=None)


def speak(update: Update) -> None:
    """From now on, in this task, texts are in the language of this update's app, where it tells one."""
    _language.set(update.effective_user.language_code if update.effective_user else None)


def wanted() -> tuple[str, ...]:
    """The language ranges that texts are looked up for; none: the original."""
    language = _language.get()
    return (language,) if language else ()


def rendition_of(challenge: Challenge) -> Rendition:
    """The challenge's texts in that language."""
    return render(challenge.locale, challenge.translations, wanted())


def title_of(challenge: Challenge, rendition: Rendition) -> str:
    """The title, translated where it is."""
    return rendition.words.get("title") or challenge.title
