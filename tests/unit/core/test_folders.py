import os

import pytest

from core.folders import Folder, UnreadableFile


@pytest.fixture
def root(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    inner = tmp_path / "root"
    (inner / "sub").mkdir(parents=True)
    (inner / "a.txt").write_text("hello\r\n")
    (inner / "sub" / "b.txt").write_text("grüße")
    return inner


def refusal(folder: Folder, relative: str, limit: int = 100) -> str:
    with pytest.raises(UnreadableFile) as refused:
        folder.read(relative, limit)
    return str(refused.value)


def test_a_file_is_read_to_the_byte(root):
    assert Folder(root, 100).read("a.txt", 100) == "hello\r\n"
    assert Folder(root, 100, ("sub",)).read("./b.txt", 100) == "grüße"


@pytest.mark.parametrize(
    "path", ["../secret.txt", "sub/../../secret.txt", "/etc/passwd", "sub\\b.txt", "a\0.txt"]
)
def test_a_path_that_leaves_the_folder_is_refused(root, path):
    assert "inside the folder" in refusal(Folder(root, 100), path)


def test_a_link_to_a_file_is_refused(root):
    (root / "link.txt").symlink_to(root / "a.txt")
    assert "symbolic link" in refusal(Folder(root, 100), "link.txt")


def test_a_way_through_a_linked_folder_is_refused(root):
    (root / "link").symlink_to(root / "sub")
    assert "symbolic link" in refusal(Folder(root, 100), "link/b.txt")
    with pytest.raises(UnreadableFile, match="symbolic link"):
        Folder(root, 100).files("link")


def test_a_fifo_is_refused_without_waiting_for_its_writer(root):
    os.mkfifo(root / "fifo")
    assert "not a regular file" in refusal(Folder(root, 100), "fifo")


@pytest.mark.parametrize(
    ("path", "reason"), [("none.txt", "no such file"), ("sub", "not a regular"), ("", "name a file")]
)
def test_what_is_no_file_is_refused(root, path, reason):
    assert reason in refusal(Folder(root, 100), path)


def test_a_file_over_its_limit_is_refused(root):
    (root / "big.txt").write_bytes(b"x" * 2049)
    assert "larger than 2 KB" in refusal(Folder(root, 10_000), "big.txt", 2048)
    assert Folder(root, 10_000).read("big.txt", 2049)


def test_files_over_the_budget_together_are_refused(root):
    (root / "big.txt").write_bytes(b"x" * 1500)
    folder = Folder(root, 2048)
    folder.read("big.txt", 2000)
    assert "exceed 2 KB together" in refusal(folder, "big.txt", 2000)


@pytest.mark.parametrize(("data", "reason"), [(b"\xff\xfe", "not UTF-8"), (b"a\0b", "NUL")])
def test_what_is_no_text_is_refused(root, data, reason):
    (root / "odd.txt").write_bytes(data)
    assert reason in refusal(Folder(root, 100), "odd.txt")


def test_listings_are_sorted_and_leave_hidden_names_out(root):
    (root / ".hidden").mkdir()
    (root / "__pycache__").mkdir()
    (root / "Z.txt").write_text("")
    folder = Folder(root, 100)
    assert (folder.folders(), folder.files(), folder.files("none")) == (["sub"], ["Z.txt", "a.txt"], [])


def test_a_link_is_listed_both_as_folder_and_as_file_so_that_reading_it_tells(root):
    (root / "link").symlink_to("/etc")
    folder = Folder(root, 100)
    assert "link" in folder.folders()
    assert "link" in folder.files()


def test_nothing_stays_open(root):
    folder = Folder(root, 100)
    before = os.listdir("/proc/self/fd")
    for path in ("a.txt", "sub/b.txt", "sub", "none", "sub/none"):
        try:
            folder.read(path, 3)
        except UnreadableFile:
            folder.files("sub")
    assert os.listdir("/proc/self/fd") == before
