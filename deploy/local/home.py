"""Where the embedded servers keep their data.

For an ordinary user that is a folder in `var/`. Root's servers run as another user, who may not be able to enter
the checkout: their home is a folder of root's under /var/lib (or /var/tmp), named after the checkout, which only that
user may pass through. A token in `var/` ties the two together, so that a new clone never inherits old data.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.identity import ServiceUser, service_user
from deploy.local.leftovers import end_servers_in
from deploy.local.places import kept_secret, private_directory, write_private
from deploy.local.programs import Programs, copied_programs, installed_programs

OUTSIDE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - ownership is checked before anything is used
MARKER = "belongs-to"
TEMPORARY = "creathon-temporary-"
IN_USE = "in-use"
BEING_MADE = 60.0  # seconds a new folder may be without its lock
TOKEN = "home-token"  # noqa: S105 - the name of a file


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of the two servers, the programs they run and the user they become (None: stay as we are)."""

    path: Path
    programs: Programs
    user: ServiceUser | None

    def folder(self, name: str) -> Path:
        """A folder inside, which the servers' user owns alone."""
        path = self.path / name
        path.mkdir(mode=0o700, exist_ok=True)
        if self.user:
            os.chown(path, self.user.uid, self.user.gid, follow_symlinks=False)
        return path

    def write(self, name: str, text: str) -> Path:
        """A file inside, which the servers' user owns alone."""
        path = self.path / name
        write_private(path, text, (self.user.uid, self.user.gid) if self.user else None)
        return path


def open_home(var: Path) -> Home:
    """The home of the servers of the checkout that `var` lies in, made when missing. Raises StackError."""
    user = service_user()
    if user is None:
        return Home(private_directory(var / "servers"), installed_programs(), None)
    return _furnished(_outside_home(var, user), user)


@contextmanager
def temporary_home() -> Iterator[Home]:
    """A home in a new folder, removed when the block ends. Raises StackError.

    Those that killed processes left behind are removed on this occasion.
    """
    user = service_user()
    parent = _outside() if user else Path(tempfile.gettempdir())
    _remove_abandoned(parent)
    path = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=parent))
    with _lived_in(path):
        try:
            if user:
                _let_pass(path, user)
            yield _furnished(path, user) if user else Home(path, installed_programs(), None)
        finally:
            _remove_with_servers(path)


def remove_outside_home(var: Path) -> Path | None:
    """Remove what this checkout keeps outside of itself; returns the folder, None when there was none of ours."""
    for parent in OUTSIDE:
        path = parent / _outside_name(var)
        if os.geteuid() == 0 and path.is_dir() and not path.is_symlink() and _is_ours(path, var):
            _remove_with_servers(path)
            return path
    return None


def _furnished(path: Path, user: ServiceUser) -> Home:
    return Home(path, copied_programs(path / "programs"), user)


def _outside_home(var: Path, user: ServiceUser) -> Path:
    path = _outside() / _outside_name(var)
    token = kept_secret(var / TOKEN)
    if path.exists() and not _has_token(path, var, token):
        _remove_with_servers(path)
    if not path.exists():
        path.mkdir(mode=0o700)
        write_private(path / MARKER, str(var.resolve()))
        write_private(path / TOKEN, token)
    _let_pass(path, user)
    return path


def _has_token(path: Path, var: Path, token: str) -> bool:
    """Whether `path` is the home of this very clone. Raises StackError when it is not ours to touch."""
    if path.is_symlink() or not path.is_dir() or path.lstat().st_uid != 0:
        raise StackError(
            f"{path} is not a folder of root's. Somebody put it in our way: look at it and remove it."
        )
    if (path / MARKER).exists() and not _is_ours(path, var):
        raise StackError(f"{path} belongs to another checkout. Remove it if that one is gone.")
    return (path / TOKEN).exists() and secrets.compare_digest((path / TOKEN).read_text(), token)


def _is_ours(path: Path, var: Path) -> bool:
    marker = path / MARKER
    return path.lstat().st_uid == 0 and marker.is_file() and marker.read_text() == str(var.resolve())


def _remove_with_servers(path: Path) -> None:
    end_servers_in(path)
    shutil.rmtree(path)


def _outside_name(var: Path) -> str:
    return "creathon-" + hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]


def _outside() -> Path:
    for parent in OUTSIDE:
        if parent.is_dir() and os.access(parent, os.W_OK) and _is_safe(parent):
            return parent
    raise StackError("Neither /var/lib nor /var/tmp can be written: set DATABASE_URL and REDIS_URL instead.")


def _is_safe(parent: Path) -> bool:
    """Root's, and others cannot replace our folder in it."""
    found = parent.stat()
    return found.st_uid == 0 and (not found.st_mode & stat.S_IWOTH or bool(found.st_mode & stat.S_ISVTX))


@contextmanager
def _lived_in(path: Path) -> Iterator[None]:
    """Hold the lock that keeps others from taking the folder for an abandoned one."""
    descriptor = os.open(path / IN_USE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_abandoned(parent: Path) -> None:
    for path in parent.glob(f"{TEMPORARY}*"):
        with suppress(OSError):  # in use, somebody else's, or just being removed
            _remove_unless_lived_in(path)


def _remove_unless_lived_in(path: Path) -> None:
    found = path.lstat()
    if (
        found.st_uid != os.geteuid()
        or not stat.S_ISDIR(found.st_mode)
        or time.time() - found.st_mtime < BEING_MADE
    ):
        return
    descriptor = os.open(path / IN_USE, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove_with_servers(path)
    finally:
        os.close(descriptor)


def _let_pass(path: Path, user: ServiceUser) -> None:
    os.chown(path, 0, user.gid, follow_symlinks=False)
    path.chmod(0o710)
