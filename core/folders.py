"""Read files that somebody else wrote, out of one folder and never from outside it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a FIFO must not wait for its writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_REASONS = {
    errno.ENOENT: "There is no such file.",
    errno.ELOOP: "Is a symbolic link; put the file itself there.",
    errno.ENOTDIR: "Leads through a symbolic link or a file; use real folders only.",
    errno.EACCES: "May not be read; mend its permissions.",
    errno.ENAMETOOLONG: "The path is too long.",
}


class UnreadableFile(ValueError):
    """A file of a folder cannot be taken; the message says why and how to mend it."""


class Folder:
    """The text files below `root`/`inside`; those that are read may have at most `budget` bytes together."""

    def __init__(self, root: Path, budget: int, inside: tuple[str, ...] = ()) -> None:
        self.root = root
        self.inside = inside
        self.left = self.budget = budget

    def read(self, relative: str, limit: int) -> str:
        """The UTF-8 text of the regular file `relative`, of at most `limit` bytes. Raises UnreadableFile."""
        parts = parts_of(relative)
        if not parts:
            raise UnreadableFile("Must name a file.")
        with _explained(), ExitStack() as stack:
            data = self._bytes(self._enter(parts[:-1], stack), parts[-1], min(limit, self.left))
        self.left -= len(data)
        return text_of(data)

    def folders(self, relative: str = ".") -> list[str]:
        """The names of the folders in `relative`, sorted, hidden ones left out. Raises UnreadableFile.

        Symbolic links are among them, as among `files`: whoever reads one is told, it is not passed over.
        """
        modes = self._modes(relative)
        return [name for name, mode in modes.items() if stat.S_ISDIR(mode) or stat.S_ISLNK(mode)]

    def files(self, relative: str = ".") -> list[str]:
        """The names of all else in `relative`, sorted; [] when there is no such folder. Raises UnreadableFile."""
        return [name for name, mode in self._modes(relative).items() if not stat.S_ISDIR(mode)]

    def _modes(self, relative: str) -> dict[str, int]:
        with _explained(), ExitStack() as stack:
            try:
                folder = self._enter(parts_of(relative), stack)
            except FileNotFoundError:
                return {}
            names = sorted(name for name in os.listdir(folder) if not name.startswith((".", "__")))
            return {name: os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode for name in names}

    def _enter(self, parts: tuple[str, ...], stack: ExitStack) -> int:
        # Step by step from an open folder: a link swapped in on the way is refused, not followed.
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, folder)
        for part in (*self.inside, *parts):
            folder = os.open(part, _DIRECTORY, dir_fd=folder)
            stack.callback(os.close, folder)
        return folder

    def _bytes(self, folder: int, name: str, limit: int) -> bytes:
        handle = os.open(name, _FILE, dir_fd=folder)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnreadableFile("Is not a regular file.")
            with open(handle, "rb", closefd=False) as file:
                data = file.read(limit + 1)
        finally:
            os.close(handle)
        if len(data) > limit:
            raise UnreadableFile(too_big(limit, limit == self.left, self.budget))
        return data


def too_big(limit: int, together: bool, budget: int) -> str:
    """What to say of a file above its `limit` in bytes, or with which all exceed the `budget` `together`."""
    if together:
        return f"With it the folder's files exceed {budget // 1024} KB together; make them smaller."
    return f"Is larger than {limit // 1024} KB; make it smaller."


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"Cannot be read: {error.strerror}.")
        raise UnreadableFile(reason) from error


def parts_of(relative: str) -> tuple[str, ...]:
    """The steps of a path that stays inside. Raises UnreadableFile."""
    path = PurePosixPath(relative)
    if path.is_absolute() or ".." in path.parts or "\0" in relative or "\\" in relative:
        raise UnreadableFile("Must be a path inside the folder, with / and without '..'.")
    return path.parts


def text_of(data: bytes) -> str:
    """`data` as text. Raises UnreadableFile unless it is UTF-8 without NUL."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Is not UTF-8 text (byte {error.start}).") from error
    if "\0" in text:
        raise UnreadableFile("Contains a NUL character; remove it.")
    return text
