"""The format is found by name and content, and what the page on formats shows is true."""

import re
from pathlib import Path

import pytest

from core.content import CategoryContent
from core.exchange.archive import read_zip, write_zip
from core.exchange.formats import Format, Given, placed_in, read_given, read_path, write
from graders.registry import GRADERS

PAGE = (Path(__file__).parents[4] / "docs/formats.md").read_text()
BLOCKS = re.findall(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
QUIZ = next(block for block in BLOCKS if block.startswith("$CATEGORY"))
SHEET = next(block for block in BLOCKS if block.startswith("title,"))
FOLDER = {
    "categories.yaml": b"loops: {name: Loops}",
    "loops/one/challenge.yaml": b"{title: A, difficulty: beginner, points: 1, kind: true_false, spec: {correct: true}}",
    "loops/one/statement.md": b"So?",
}
PACKAGE = {"problem.yaml": b"name: x", "problem_statement/problem.en.md": b"x"}


def found(given: Given) -> tuple[list[str], list[str]]:
    content = read_given(given)
    return [one.slug for one in content.challenges], [str(problem) for problem in content.problems]


@pytest.mark.parametrize("text", [QUIZ, SHEET])
def test_the_examples_of_the_page_come_in(text):
    content = read_given(Given(text.encode()))
    assert content.problems == []
    for challenge in content.challenges:
        GRADERS[challenge.body["kind"]].check_spec(challenge.body["spec"])
    assert content.challenges


@pytest.mark.parametrize("top", ["", "backup/", "backup/content/"])
def test_a_zip_may_have_a_folder_around_everything(top):
    data = write_zip(
        {f"{top}{path}": text for path, text in FOLDER.items()}
        | {
            "__MACOSX/x": b"",
        }
    )
    if top.count("/") < 2:
        assert found(Given(data, "backup.zip")) == (["loops/one"], [])
    else:
        assert "Holds neither" in found(Given(data, "backup.zip"))[1][0]


@pytest.mark.parametrize(
    ("top", "slug"), [("", "kattis/sums"), ("adding/", "kattis/adding"), ("a/adding/", "kattis/adding")]
)
def test_a_kattis_package_is_named_by_its_folder_or_its_zip(top, slug):
    tests = {"data/secret/1.in": b"1", "data/secret/1.ans": b"1", ".timelimit": b"1"}
    data = write_zip({f"{top}{path}": text for path, text in (PACKAGE | tests).items()})
    content = read_given(Given(data, "sums.zip"))
    assert [one.slug for one in content.challenges] == [slug], content.problems
    assert content.skipped == []


def test_the_name_says_the_format_and_the_content_where_it_does_not():
    assert found(Given(b"So?{T}", "a.gift"))[0] == ["a/so"]
    assert found(Given(b"So?{T}", "a.txt"))[0] == ["a/so"]
    assert found(Given(b"title,kind,question,answer\nA,true_false,So?,yes", "a.txt"))[0] == ["a/a"]
    assert "test_list" in found(Given(b'{"task_id": 1, "text": "x", "code": "x"}', "a.txt"))[1][0]
    assert "line 1: Is not JSON" in found(Given(b"So?{T}", "a.jsonl"))[1][0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given(b"nothing", "a.txt"), "a.txt: Is in no format that is known"),
        (Given(b"a\0b", "a.gift"), "a.gift: Contains a NUL"),
        (Given(b"\xff", "a.gift"), "a.gift: Is not UTF-8"),
        (Given(b"x", "a", Format.KATTIS), "a: Is no zip, and kattis is a folder"),
        (Given(b"x" * (12 * 2**20 + 1), "a.gift"), "a.gift: Has more than 12 MB"),
        (Given(write_zip({"a": b""}), "a.zip", Format.GIFT), "a.zip: Is a folder, which gift is not"),
        (
            Given(write_zip({f"{n}.yaml": b"a" * 2**20 for n in "abcd"}), "a.zip"),
            "a.zip: Holds more than 1 MB of YAML",
        ),
        (Given(write_zip(FOLDER), "", Format.KATTIS), "problem.yaml: There is no such file"),
    ],
)
def test_what_cannot_be_read_is_one_problem(given, said):
    slugs, problems = found(given)
    assert slugs == []
    assert problems[0].startswith(said)


def test_a_folder_on_disk_reads_as_its_zip(tmp_path):
    for path, data in FOLDER.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    assert read_path(tmp_path).challenges == read_given(Given(write_zip(FOLDER))).challenges
    assert "Holds neither" in str(read_path(tmp_path / "loops").problems[0])


@pytest.mark.parametrize("format", list(Format))
def test_nothing_to_write_makes_no_file(format):
    assert write(format, [], []).files == {}


def test_a_folder_is_written_as_a_zip_where_one_file_is_wanted():
    content = read_given(Given(write_zip(FOLDER)))
    written = write(Format.CREATHON, content.categories, content.challenges)
    assert read_zip(written.data) == written.files
    assert written.file_name == "challenges.zip"


def test_everything_can_be_put_into_one_category():
    moved = placed_in(read_given(Given(QUIZ.encode())), CategoryContent("mine", "Mine", None))
    assert {one.category for one in moved.challenges} == {"mine"}
    assert [one.slug for one in moved.challenges] == ["space/largest"]
