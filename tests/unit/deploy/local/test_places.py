import stat
from pathlib import Path

import pytest

from deploy.local.errors import StackError
from deploy.local.places import kept_secret, open_log, private_directory, read_json, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_folder_is_closed_to_others_even_when_it_was_open(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir(mode=0o755)
    assert mode(private_directory(tmp_path / "var")) == 0o700


def test_a_link_is_not_taken_for_a_folder(tmp_path: Path) -> None:
    (tmp_path / "var").symlink_to(tmp_path)
    with pytest.raises(StackError, match="must be a folder"):
        private_directory(tmp_path / "var")


def test_somebody_elses_folder_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(StackError, match="not to you"):
        private_directory(tmp_path)


def test_a_private_file_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old and readable")
    write_private(path, "new")
    assert path.read_text() == "new"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_at_the_place_of_a_private_file_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "secret").symlink_to(victim)
    write_private(tmp_path / "secret", "new")
    assert victim.read_text() == "untouched"
    assert not (tmp_path / "secret").is_symlink()


def test_a_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "key")
    assert len(first) >= 48
    assert kept_secret(tmp_path / "key") == first
    assert kept_secret(tmp_path / "other") != first


@pytest.mark.parametrize("text", ["", "{", "[1]"])
def test_a_spoiled_note_reads_as_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "note").write_text(text)
    assert read_json(tmp_path / "note") == {}


def test_a_missing_note_reads_as_empty(tmp_path: Path) -> None:
    assert read_json(tmp_path / "note") == {}


def test_a_log_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        open_log(tmp_path / "log")
