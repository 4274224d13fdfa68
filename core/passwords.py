"""Passwords, hashed with argon2id; one-time codes, stored only as a hash."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Verified when there is no such user, so that the answer takes as long as for one that exists.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the hash `stored`; takes as long when `stored` is None."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def one_time_code() -> str:
    """A code with 192 bits of randomness, of letters that a URL and a Telegram deep link take."""
    return secrets.token_urlsafe(24)


def hash_code(code: str) -> str:
    """What is stored of a one-time code."""
    return hashlib.sha256(code.encode()).hexdigest()
