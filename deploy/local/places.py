"""Files and folders that only their owner may read, written so that a crash never leaves half of one."""

from __future__ import annotations

import json
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.local.errors import StackError

CHECKOUT = Path(__file__).resolve().parents[2]
VAR = CHECKOUT / "var"


def private_directory(path: Path) -> Path:
    """Make `path` a folder of ours with mode 0700. Raises StackError for a link or somebody else's folder."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise StackError(f"{path} must be a folder. Move it away and try again.")
    if found.st_uid != os.geteuid():
        raise StackError(
            f"{path} belongs to user id {found.st_uid}, not to you. Run as that user, or remove it."
        )
    path.chmod(0o700)
    return path


def write_private(path: Path, text: str, owner: tuple[int, int] | None = None) -> None:
    """Replace `path` with a file of mode 0600; `owner` is the uid and gid it is given to."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(fresh, flags, 0o600), "w") as file:
        file.write(text)
        if owner:
            os.fchown(file.fileno(), *owner)
    fresh.replace(path)


def kept_secret(path: Path) -> str:
    """The secret in `path`, made on first use."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(36))
    return path.read_text().strip()


def read_json(path: Path) -> dict[str, Any]:
    """The object in `path`, empty when there is none or a crash spoiled it."""
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def open_log(path: Path) -> int:
    """File descriptor to append to `path`; the caller closes it."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
