"""Passwords, hashed with argon2id; one-time codes, stored only as a hash."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import TooManyRequests

_hasher = PasswordHasher()
# Verified when there is no such user, so that the answer takes as long as for one that exists.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


# Each takes 64 MB and a processor for a tenth of a second: a crowd that logs in waits, instead of filling the memory.
_slots = BoundedSemaphore(max(2, os.cpu_count() or 2))
PATIENCE = 10.0  # seconds


def hash_password(password: str) -> str:
    """What is stored of `password`. Raises TooManyRequests."""
    with _slot():
        return _hasher.hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the hash `stored`; takes as long when `stored` is None. Raises TooManyRequests."""
    try:
        with _slot():
            return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=PATIENCE):
        raise TooManyRequests("Many people are logging in at this moment; try again shortly.", retry_after=5)
    try:
        yield
    finally:
        _slots.release()


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def one_time_code() -> str:
    """A code with 192 bits of randomness, of letters that a URL and a Telegram deep link take."""
    return secrets.token_urlsafe(24)


def hash_code(code: str) -> str:
    """What is stored of a one-time code."""
    return hashlib.sha256(code.encode()).hexdigest()
