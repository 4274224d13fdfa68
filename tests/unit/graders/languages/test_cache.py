from __future__ import annotations

import os
from pathlib import Path

import pytest

from graders.languages import LANGUAGES, cache

C = LANGUAGES["c"]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "runtime_directory", lambda: tmp_path)
    return tmp_path / "builds"


def remember_at(time: int, key: str, size: int, place: Path) -> None:
    cache.remember(key, b"x" * size)
    if (place / key).exists():
        os.utime(place / key, (time, time))


def test_what_is_remembered_is_recalled() -> None:
    cache.remember("key", b"program")
    assert cache.recall("key") == b"program"
    assert cache.recall("another") is None


def test_the_cache_never_keeps_more_than_its_bound(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MAX_TOTAL", 250)
    for number in range(6):
        remember_at(number, f"key-{number}", 100, place)
        assert sum(path.stat().st_size for path in place.iterdir()) <= 250


def test_what_was_not_used_for_longest_goes_first(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MAX_TOTAL", 250)
    remember_at(1, "old", 100, place)
    remember_at(2, "older but used", 100, place)
    os.utime(place / "old", (1, 1))
    cache.recall("older but used")
    cache.remember("new", b"x" * 100)
    assert sorted(path.name for path in place.iterdir()) == ["new", "older but used"]


def test_another_source_standard_or_language_has_another_key() -> None:
    keys = [
        cache.build_key(C, b"a"),
        cache.build_key(C, b"b"),
        cache.build_key(LANGUAGES["cpp"], b"a"),
        cache.build_key(LANGUAGES["cpp20"], b"a"),
    ]
    assert len(set(keys)) == len(keys)
    assert cache.build_key(C, b"a") == keys[0]


def test_a_cache_that_cannot_be_written_does_not_fail_the_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(cache, "_directory", lambda: tmp_path / "file")
    cache.remember("key", b"program")
    assert cache.recall("key") is None
