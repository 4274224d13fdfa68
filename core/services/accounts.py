"""Accounts, and the log-ins (families of refresh tokens) that act for them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from core.db import now
from core.errors import AlreadyExists, Conflict, InvalidCredentials, NotFound, ValidationFailed
from core.models.user import AuthSession, User
from core.passwords import hash_password, needs_rehash, password_fits
from core.services.audit import Act, record_act
from core.words import Role

ACCESS_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=30)

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,31}")
EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
# What every guessing program tries first, of those that are long enough.
COMMON_PASSWORDS = frozenset({
    "password", "password1", "password123", "passw0rd", "12345678", "123456789", "1234567890",
    "11111111", "qwertyui", "qwerty123", "qwertyuiop", "1q2w3e4r", "1qaz2wsx", "iloveyou",
    "sunshine", "princess", "football", "baseball", "superman", "trustno1", "letmein1",
    "welcome1", "admin123", "abc12345", "abcd1234", "00000000", "87654321", "changeme",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What it takes to make an account."""

    username: str
    email: str
    password: str
    display_name: str | None = None
    role: Role = Role.LEARNER


def register(session: Session, new: NewAccount) -> User:
    """Make the account. Raises ValidationFailed, or AlreadyExists when the name or the e-mail is taken."""
    _check_new(new)
    ensure_free(session, "username", new.username)
    ensure_free(session, "email", new.email)
    user = User(
        username=new.username,
        email=new.email,
        display_name=new.display_name or new.username,
        password_hash=hash_password(new.password),
        role=new.role,
    )
    session.add(user)
    session.flush()
    return user


def ensure_free(session: Session, column: str, value: str, but: User | None = None) -> None:
    """Raises AlreadyExists when somebody other than `but` has this user name or e-mail, whatever the case.

    The lock makes two simultaneous claims wait for one another until the transaction ends.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(value.lower(), 0))))
    query = select(User.id).where(func.lower(getattr(User, column)) == func.lower(value))
    if (taken := session.scalar(query)) is not None and (but is None or taken != but.id):
        words = {"username": "user name", "email": "e-mail address"}
        raise AlreadyExists(f"There is an account with this {words[column]} already.")


def authenticate(session: Session, login: str, password: str) -> User:
    """The active user of this e-mail or user name. Raises InvalidCredentials, after the same time in every case."""
    user = find_user(session, login)
    fits = password_fits(password, user.password_hash if user else None)
    if user is None or not fits or not user.is_active:
        raise InvalidCredentials
    if needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    return user


def find_user(session: Session, login: str) -> User | None:
    """The user of this e-mail or user name; neither can look like the other."""
    folded = func.lower(login)
    return session.scalar(
        select(User).where(or_(func.lower(User.username) == folded, func.lower(User.email) == folded))
    )


def get_user(session: Session, username: str) -> User:
    """The user of this name. Raises NotFound."""
    user = session.scalar(select(User).where(func.lower(User.username) == func.lower(username)))
    if user is None:
        raise NotFound
    return user


def open_session(session: Session, user: User) -> AuthSession:
    """A new log-in of `user`."""
    log_in = AuthSession(
        id=uuid.uuid4(), user_id=user.id, refresh_id=uuid.uuid4(), expires_at=now() + SESSION_LIFETIME
    )
    session.add(log_in)
    session.flush()
    return log_in


def session_user(session: Session, user_id: int, session_id: uuid.UUID) -> User | None:
    """The user behind a log-in that still counts; None when it was revoked or expired, or the user is inactive."""
    query = select(User).join(AuthSession, AuthSession.user_id == User.id)
    return session.scalar(
        query.where(User.id == user_id, User.is_active, AuthSession.id == session_id, *_counts())
    )


def counting_sessions(session: Session, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the log-ins that still count."""
    query = select(AuthSession.id).join(User, User.id == AuthSession.user_id)
    return set(session.scalars(query.where(AuthSession.id.in_(ids), User.is_active, *_counts())))


def rotate_session(session: Session, session_id: uuid.UUID, refresh_id: uuid.UUID) -> AuthSession | None:
    """Trade a refresh token for the next one.

    None when the token does not count any more. One that was traded before is stolen, or its successor is: the whole
    log-in is revoked, and the caller must commit that.
    """
    active = select(User.id).where(User.id == AuthSession.user_id, User.is_active).exists()
    trade = (
        update(AuthSession)
        .where(AuthSession.id == session_id, AuthSession.refresh_id == refresh_id, *_counts(), active)
        .values(refresh_id=uuid.uuid4())
        .returning(AuthSession)
    )
    log_in = session.scalars(trade, execution_options={"populate_existing": True}).one_or_none()
    if log_in is None:
        revoke_session(session, session_id)
    return log_in


def revoke_session(session: Session, session_id: uuid.UUID) -> None:
    """End one log-in; ending it again changes nothing."""
    mine = update(AuthSession).where(AuthSession.id == session_id, AuthSession.revoked_at.is_(None))
    session.execute(mine.values(revoked_at=now()))


def revoke_sessions(session: Session, user: User, but: uuid.UUID | None = None) -> None:
    """End the user's log-ins, all but the one named."""
    theirs = update(AuthSession).where(AuthSession.user_id == user.id, AuthSession.revoked_at.is_(None))
    session.execute((theirs.where(AuthSession.id != but) if but else theirs).values(revoked_at=now()))


def change_password(session: Session, user: User, current: str, new: str) -> None:
    """Raises ValidationFailed when `current` is wrong or `new` is too weak."""
    if not password_fits(current, user.password_hash):
        raise ValidationFailed({"current_password": ["This is not your password."]})
    if errors := password_errors(new, user.username, user.email):
        raise ValidationFailed({"new_password": errors})
    user.password_hash = hash_password(new)
    record_act(session, Act("user.password_changed", "user", user.id))


def lock_user(session: Session, user: User) -> User:
    """`user` as it stands now, locked until the transaction ends."""
    session.refresh(user, with_for_update=True)
    return user


def update_profile(session: Session, user: User, changes: Mapping[str, str]) -> None:
    """Change `display_name` or `email`. Raises ValidationFailed or AlreadyExists."""
    if "email" in changes:
        if not is_email(changes["email"]):
            raise ValidationFailed({"email": ["Not a valid e-mail address."]})
        ensure_free(session, "email", changes["email"], but=user)
    for name in ("display_name", "email"):
        setattr(user, name, changes.get(name, getattr(user, name)))
    session.flush()


def administer(session: Session, user: User, role: Role | None = None, is_active: bool | None = None) -> None:
    """Change what is not None. Raises Conflict for the last admin."""
    if role is not None:
        set_role(session, user, role)
    if is_active is not None:
        set_active(session, user, is_active)
    session.flush()


def set_role(session: Session, user: User, role: Role) -> None:
    """Raises Conflict when the last admin would be gone."""
    if role is not Role.ADMIN:
        _ensure_another_admin(session, user)
    if user.role is not role:
        change = {"username": user.username, "from": user.role.value, "to": role.value}
        record_act(session, Act("user.role_changed", "user", user.id, change))
    user.role = role


def set_active(session: Session, user: User, active: bool) -> None:
    """Open or close the account; closing it ends its log-ins. Raises Conflict for the last admin."""
    if not active:
        _ensure_another_admin(session, user)
        revoke_sessions(session, user)
    if user.is_active is not active:
        act = "user.activated" if active else "user.deactivated"
        record_act(session, Act(act, "user", user.id, {"username": user.username}))
    user.is_active = active


def password_errors(password: str, username: str, email: str) -> list[str]:
    """What is wrong with `password`; empty when nothing is."""
    if not 8 <= len(password) <= 128:
        return ["Must have 8 to 128 characters."]
    if password.lower() in COMMON_PASSWORDS:
        return ["This is one of the most common passwords; choose another."]
    if password.lower() in (username.lower(), email.lower(), email.lower().partition("@")[0]):
        return ["Must not be your user name or e-mail address."]
    return []


def _check_new(new: NewAccount) -> None:
    errors = {
        "username": [] if USERNAME.fullmatch(new.username) else [
            "Must have 3 to 32 characters: letters, digits, _ . -, and begin with a letter or a digit."
        ],
        "email": [] if is_email(new.email) else ["Not a valid e-mail address."],
        "password": password_errors(new.password, new.username, new.email),
    }  # fmt: skip
    if found := {name: messages for name, messages in errors.items() if messages}:
        raise ValidationFailed(found)


def is_email(text: str) -> bool:
    """Whether `text` has the shape of an e-mail address that fits our column."""
    return len(text) <= 254 and EMAIL.fullmatch(text) is not None


def _ensure_another_admin(session: Session, user: User) -> None:
    if user.role is not Role.ADMIN:
        return
    admins = (
        select(User.id).where(User.role == Role.ADMIN, User.is_active).order_by(User.id).with_for_update()
    )
    if not set(session.scalars(admins)) - {user.id}:
        raise Conflict("This is the last admin; make another one first.")


def _counts() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AuthSession.revoked_at.is_(None), AuthSession.expires_at > func.now()
