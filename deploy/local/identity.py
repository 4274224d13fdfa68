"""As root the servers run as an ordinary user: PostgreSQL insists on it and Valkey is better for it."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from deploy.local.errors import StackError

CANDIDATES = ("postgres", "nobody")  # initdb wants a user with a passwd entry


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """The unprivileged user that the embedded servers become."""

    name: str
    uid: int
    gid: int


def service_user() -> ServiceUser | None:
    """The user to become, None when we are an ordinary user already. Raises StackError."""
    if os.geteuid() != 0:
        _demand_passwd_entry()
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(name, entry.pw_uid, entry.pw_gid)
    raise StackError("PostgreSQL does not run as root and there is no user `postgres` or `nobody`: add one.")


def _demand_passwd_entry() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise StackError(
            f"Your user id {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL needs. "
            "Add one, run as another user, or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None
