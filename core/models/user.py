"""People, the sessions they logged in with, and the Telegram chats they linked."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, now, words
from core.words import Role


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_username_lower", text("lower(username)"), unique=True),
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
        # The few that lists of people leave out.
        Index("ix_users_closed", "id", postgresql_where="NOT is_active"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(32))
    email: Mapped[str] = mapped_column(String(254))
    display_name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(words(Role, "role"), default=Role.LEARNER)
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    # The id of this user's newest event. Counting here makes the ids dense and their commits ordered.
    last_event_id: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")

    @property
    def is_author(self) -> bool:
        """May write challenges and see everybody's submissions."""
        return self.role in (Role.AUTHOR, Role.ADMIN)

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


class AuthSession(Base):
    """One log-in: a family of refresh tokens, each used once. Revoking it ends its access tokens too."""

    __tablename__ = "auth_sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    # The only refresh token of this family that still works.
    refresh_id: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4)

    user: Mapped[User] = relationship()


class TelegramAccount(Base):
    """The chat that belongs to a user: one each, and what it is busy with, which a restart of the bot must not lose."""

    __tablename__ = "telegram_accounts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    linked_at: Mapped[datetime] = mapped_column(default=now)
    # The challenge that the chat's next message answers.
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenges.id", ondelete="SET NULL"))
    # A program that waits for its author to say in which language it is.
    draft: Mapped[str | None] = mapped_column(Text)

    user: Mapped[User] = relationship()


class TelegramLinkCode(Base):
    """A one-time code of a deep link; only its hash is kept."""

    __tablename__ = "telegram_link_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
