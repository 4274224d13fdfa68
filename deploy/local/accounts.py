"""The accounts of the local stack: one per role, with random passwords that only the owner of the checkout can read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from deploy.local.places import write_private

FILE = "accounts.txt"
ROLES = ("admin", "author", "learner")
HEADER = (
    "# Accounts of this checkout's local stack: user name, e-mail, password. The user name is the role.\n"
)


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `username` is also its role."""

    username: str
    email: str
    password: str


def demo_accounts(var: Path) -> list[Account]:
    """Those in the file `accounts.txt`, which is written once."""
    path = var / FILE
    if not path.exists():
        made = [Account(role, f"{role}@example.com", secrets.token_urlsafe(12)) for role in ROLES]
        write_private(path, HEADER + "".join(f"{a.username:8} {a.email:20} {a.password}\n" for a in made))
    return [
        Account(*line.split()) for line in path.read_text().splitlines() if line and not line.startswith("#")
    ]
