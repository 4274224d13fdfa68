"""Linking a Telegram chat to an account by a one-time deep link, and what the chat is busy with."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db import now
from core.errors import NotFound
from core.models.event import IdempotencyRecord
from core.models.user import TelegramAccount, TelegramLinkCode, User
from core.passwords import hash_code, one_time_code

CODE_LIFE = timedelta(minutes=10)


def create_link_code(session: Session, user: User) -> tuple[str, datetime]:
    """A new one-time code and when it expires. Older codes of the user stop working; only the hash is stored."""
    session.execute(delete(TelegramLinkCode).where(TelegramLinkCode.user_id == user.id))
    code, expires_at = one_time_code(), now() + CODE_LIFE
    session.add(TelegramLinkCode(code_hash=hash_code(code), user_id=user.id, expires_at=expires_at))
    return code, expires_at


def link_chat(session: Session, code: str, chat_id: int) -> User:
    """Spend `code` and link the chat to its user; both drop their earlier link. Raises NotFound."""
    spend = delete(TelegramLinkCode).where(TelegramLinkCode.code_hash == hash_code(code))
    row = session.execute(
        spend.returning(TelegramLinkCode.user_id, TelegramLinkCode.expires_at)
    ).one_or_none()
    if row is None or row.expires_at < now():
        raise NotFound("This link was used already or is older than 10 minutes. Make a new one.")
    session.execute(
        delete(TelegramAccount).where(
            (TelegramAccount.chat_id == chat_id) | (TelegramAccount.user_id == row.user_id)
        )
    )
    session.add(TelegramAccount(user_id=row.user_id, chat_id=chat_id))
    session.flush()
    return session.get_one(User, row.user_id)


def unlink(session: Session, user: User) -> bool:
    """Forget the user's chat and open codes. False when none was linked."""
    session.execute(delete(TelegramLinkCode).where(TelegramLinkCode.user_id == user.id))
    gone = delete(TelegramAccount).where(TelegramAccount.user_id == user.id)
    return session.scalar(gone.returning(TelegramAccount.user_id)) is not None


def user_of_chat(session: Session, chat_id: int) -> User | None:
    """The active user who linked this chat."""
    query = select(User).join(TelegramAccount).where(TelegramAccount.chat_id == chat_id, User.is_active)
    return session.scalar(query)


def first_time(session: Session, user: User, update_id: int) -> bool:
    """Whether this Telegram update is new; Telegram repeats updates that it believes were lost."""
    row = insert(IdempotencyRecord).values(
        user_id=user.id, key=_update_key(update_id), fingerprint="", status=0, headers={}, body=None
    )
    return session.scalar(row.on_conflict_do_nothing().returning(IdempotencyRecord.key)) is not None


def seen_before(session: Session, user: User, update_id: int) -> bool:
    """Whether `first_time` was committed for this update. Takes no lock: `first_time` still decides."""
    return session.get(IdempotencyRecord, (user.id, _update_key(update_id))) is not None


def open_in_chat(session: Session, chat_id: int, challenge_id: int | None) -> None:
    """The chat's next message answers this challenge; None: no challenge. An earlier draft is dropped."""
    _keep(session, chat_id, challenge_id=challenge_id, draft=None)


def opened_in_chat(session: Session, chat_id: int) -> int | None:
    """The id of the challenge that the chat's next message answers."""
    return session.scalar(select(TelegramAccount.challenge_id).where(TelegramAccount.chat_id == chat_id))


def close_in_chat(session: Session, chat_id: int, challenge_id: int) -> None:
    """The chat is done with this challenge. One that was opened since stays open."""
    opened = update(TelegramAccount).where(TelegramAccount.challenge_id == challenge_id)
    session.execute(opened.where(TelegramAccount.chat_id == chat_id).values(challenge_id=None, draft=None))


def keep_draft(session: Session, chat_id: int, source: str) -> None:
    """Keep a program for the chat's open challenge until its language is known; it replaces an earlier one."""
    _keep(session, chat_id, draft=source)


def drop_draft(session: Session, chat_id: int) -> None:
    """The program was handed in."""
    _keep(session, chat_id, draft=None)


def draft_of(session: Session, chat_id: int, challenge_id: int) -> str | None:
    """The program that waits for its language, None when there is none for this challenge."""
    mine = select(TelegramAccount.draft).where(TelegramAccount.chat_id == chat_id)
    return session.scalar(mine.where(TelegramAccount.challenge_id == challenge_id))


def _keep(session: Session, chat_id: int, **values: int | str | None) -> None:
    session.execute(update(TelegramAccount).where(TelegramAccount.chat_id == chat_id).values(**values))


def _update_key(update_id: int) -> str:
    return f"telegram:{update_id}"
