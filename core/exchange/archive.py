"""Zip files that strangers made, read into memory: nothing is written, and what is read is counted, never believed."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from core.exchange.values import BadValue

MEGABYTE = 2**20
ARCHIVE_MAX = 32 * MEGABYTE
MEMBERS_MAX = 10_000
DEPTH_MAX = 12
NAME_MAX = 240
FILE_MAX = 16 * MEGABYTE
TOTAL_MAX = 64 * MEGABYTE
# Text rarely gets a tenth of its size; this much only what was made to burst.
RATIO_MAX = 200
RATIO_FROM = MEGABYTE
_CHUNK = 64 * 1024
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY = b"PK\x01\x02"
_BAD_CHARS = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\ud800-\udfff]')
_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, ValueError, struct.error, OSError,
    OverflowError, IndexError, KeyError,
)  # fmt: skip
_DATE = (1980, 1, 1, 0, 0, 0)


def is_zip(data: bytes) -> bool:
    """Whether `data` begins as a zip does, an empty one too."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read_zip(data: bytes) -> dict[str, bytes]:
    """The files in a zip by path. Raises BadValue, with the member's name, when any of it must not be trusted."""
    if len(data) > ARCHIVE_MAX:
        raise BadValue("", f"Has more than {ARCHIVE_MAX // MEGABYTE} MB; split it.")
    # Counted before zipfile makes an object of each.
    if data.count(_ENTRY) > MEMBERS_MAX:
        raise BadValue("", f"Holds more than {MEMBERS_MAX} members; split it.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return dict(_members(archive))
    except BadValue:
        raise
    except _BROKEN as error:
        raise BadValue("", f"Is no zip that can be read: {str(error)[:200]}.") from None


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files`, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    names = _Names()
    total = 0
    for entry in archive.infolist():
        path = _checked_path(entry)
        _check_kind(entry, path)
        names.take(path, entry.is_dir())
        if entry.is_dir():
            continue
        data = _inflated(archive, entry, TOTAL_MAX - total)
        total += len(data)
        yield path, data


class _Names:
    """Paths seen so far, as a file system that ignores case and composes letters would see them."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._spelt: dict[str, str] = {}

    def take(self, path: str, is_folder: bool) -> None:
        key = _folded(path)
        if key in self._files or (not is_folder and key in self._spelt):
            raise BadValue(path, "Stands in the zip twice, or differs from another member only in case.")
        steps = PurePosixPath(path).parts
        for depth in range(1, len(steps) + 1):
            part = "/".join(steps[:depth])
            if _folded(part) in self._files:
                raise BadValue(path, f"{part} is a file as well; a name is a file or a folder.")
            if self._spelt.setdefault(_folded(part), part) != part:
                raise BadValue(path, "Differs from another member only in case; use one spelling.")
        if not is_folder:
            self._files.add(key)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _checked_path(entry: zipfile.ZipInfo) -> str:
    # orig_filename: zipfile cuts a name at a NUL.
    path, steps = entry.orig_filename, PurePosixPath(entry.orig_filename).parts
    shown = repr(path[:80])
    if not steps or path.startswith("/") or ".." in steps:
        raise BadValue(shown, "Leads out of the zip; use paths inside it, without '..'.")
    if _BAD_CHARS.search(path):
        raise BadValue(shown, "Has characters that not every system takes in a name; rename it.")
    if len(path) > NAME_MAX:
        raise BadValue(shown, f"Has more than {NAME_MAX} characters; rename it.")
    if len(steps) > DEPTH_MAX:
        raise BadValue(shown, f"Lies more than {DEPTH_MAX} folders deep.")
    return "/".join(steps)


def _check_kind(entry: zipfile.ZipInfo, path: str) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        raise BadValue(path, "Is a symbolic link; put the file itself there.")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadValue(path, "Is a device or the like; only files and folders are taken.")
    if entry.flag_bits & _ENCRYPTED:
        raise BadValue(path, "Is encrypted; make the zip without a password.")
    if entry.compress_type not in _METHODS:
        raise BadValue(path, "Is compressed in an unusual way; use deflate, as zip does by itself.")


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    allowed = min(FILE_MAX, left)
    chunks, size = [], 0
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > allowed:
                raise BadValue(entry.filename, _too_big(allowed < FILE_MAX))
            if size > RATIO_FROM and size > RATIO_MAX * max(entry.compress_size, 1):
                raise BadValue(
                    entry.filename, f"Grows to more than {RATIO_MAX} times its size; it looks like a bomb."
                )
            chunks.append(chunk)
    return b"".join(chunks)


def _too_big(together: bool) -> str:
    if together:
        return f"With it the zip's files exceed {TOTAL_MAX // MEGABYTE} MB together; split it."
    return f"Is larger than {FILE_MAX // MEGABYTE} MB."
