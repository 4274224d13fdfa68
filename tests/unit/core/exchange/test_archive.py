"""Hostile zips are refused before they cost much; ours are the same bytes each time."""

import io
import stat
import struct
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange import archive
from core.exchange.archive import read_zip, write_zip
from core.exchange.values import BadValue

LETTERS = st.text("abcxyz019_-", min_size=1, max_size=8)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


def special(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = mode << 16
    return entry


def refused(data: bytes) -> str:
    with pytest.raises(BadValue) as caught:
        read_zip(data)
    return str(caught.value)


def test_files_come_out_as_they_went_in():
    files = {"a/b.txt": b"text", "c": b"", "a/d/e.bin": bytes(range(256))}
    assert read_zip(write_zip(files)) == files


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(LETTERS, st.binary(max_size=50), max_size=5))
def test_the_same_files_make_the_same_bytes(files):
    backwards = dict(reversed(files.items()))
    assert write_zip(files) == write_zip(backwards)
    assert read_zip(write_zip(files)) == files


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "a/.."])
def test_a_path_that_leads_out_is_refused(name):
    assert "Leads out of the zip" in refused(zipped((name, b"x")))


@pytest.mark.parametrize("name", ["C:\\x", "a\\..\\b", "a:b", "line\nbreak", "bell\x07"])
def test_a_name_that_some_systems_read_otherwise_is_refused(name):
    assert "characters" in refused(zipped((name, b"x")))


def test_a_nul_in_a_name_does_not_hide_what_follows():
    data = zipped(("ab.txt", b"x")).replace(b"ab.txt", b"a\0.txt")
    assert "characters" in refused(data)


@pytest.mark.parametrize(
    ("mode", "what"),
    [
        (stat.S_IFLNK | 0o777, "symbolic link"),
        (stat.S_IFCHR | 0o666, "device"),
        (stat.S_IFIFO | 0o666, "device"),
    ],
)
def test_what_is_no_file_is_refused(mode, what):
    assert what in refused(zipped((special("x", mode), b"/etc/passwd")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names", [("a", "a"), ("a", "A"), ("x/a", "X/b"), ("a", "a/b"), ("a/b", "a"), ("é", "é")]
)
def test_names_that_some_systems_take_for_one_are_refused(names):
    assert "member" in refused(zipped(*((name, b"") for name in names))) or "folder" in refused(
        zipped(*((name, b"") for name in names))
    )


def test_an_encrypted_member_is_refused():
    data = bytearray(zipped(("a", b"secret")))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    assert "encrypted" in refused(bytes(data))


def test_an_unusual_compression_is_refused():
    assert "deflate" in refused(zipped(("a", b"x" * 99), method=zipfile.ZIP_BZIP2))


def test_a_path_too_deep_or_too_long_is_refused():
    assert "deep" in refused(zipped(("/".join("a" * 13), b"")))
    assert "characters" in refused(zipped(("a" * 241, b"")))


def test_too_many_members_are_refused_before_they_are_looked_at(monkeypatch):
    monkeypatch.setattr(archive, "MEMBERS_MAX", 3)
    assert "more than 3 members" in refused(zipped(*((str(i), b"") for i in range(4))))


def test_a_bomb_is_stopped_by_its_ratio():
    began = time.monotonic()
    assert "bomb" in refused(zipped(("zeros", bytes(15 * 2**20))))
    assert time.monotonic() - began < 2


def test_the_files_together_are_counted(monkeypatch):
    monkeypatch.setattr(archive, "TOTAL_MAX", 100)
    assert "together" in refused(zipped(("a", b"x" * 60), ("b", b"x" * 60)))


def test_a_header_that_lies_about_the_size_hides_nothing(monkeypatch):
    monkeypatch.setattr(archive, "FILE_MAX", 1000)
    data = bytearray(zipped(("a", b"x" * 5000)))
    central = data.index(b"PK\x01\x02")
    assert "larger" in refused(bytes(data))
    data[central + 24 : central + 28] = struct.pack("<I", 10)
    assert "no zip that can be read" in refused(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_zip_is_a_message_not_a_traceback(place, byte):
    data = bytearray(write_zip({"a/b": b"some text " * 9, "c": b"more"}))
    data[place % len(data)] = byte
    with suppress(BadValue):
        read_zip(bytes(data))


def test_what_is_no_zip_is_said_so():
    assert "no zip" in refused(b"PK\x03\x04 nonsense")
    assert "no zip" in refused(b"")
