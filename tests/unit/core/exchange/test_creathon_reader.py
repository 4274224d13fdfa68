import re
from pathlib import Path

import pytest

from core import content_fields
from core.content import DEFAULTS, Content, Example, Solution
from core.exchange.creathon_reader import read_content
from core.grading import Verdict
from core.plain_yaml import read_yaml

CATEGORIES = "basics:\n  name: Basics\n  description: Where it begins.\n"
CHALLENGE = """
title: Double it
difficulty: beginner
points: 10
kind: code.batch
tags: [loops]
state: published
attempts_max: 5
spec:
  groups:
    - name: sample
      sample: true
      cases:
        - {input: "2\\n", output: "4\\n"}
        - {input_file: tests/01.in, output_file: tests/01.out}
examples:
  wrong_answer: {language: python, source: "print(0)"}
"""


@pytest.fixture
def root(tmp_path):
    write(tmp_path, "categories.yaml", CATEGORIES)
    write(tmp_path, "basics/double/challenge.yaml", CHALLENGE)
    write(tmp_path, "basics/double/statement.md", "Print *twice* the number.\n")
    write(tmp_path, "basics/double/tests/01.in", "21\n")
    write(tmp_path, "basics/double/tests/01.out", "42\n")
    write(tmp_path, "basics/double/solutions/accepted.py", "print(2 * int(input()))\n")
    write(tmp_path, "basics/double/solutions/wrong_answer_square.cpp", "int main() {}\n")
    return tmp_path


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def change(root: Path, old: str, new: str) -> Content:
    assert old in CHALLENGE
    write(root, "basics/double/challenge.yaml", CHALLENGE.replace(old, new))
    return read_content(root)


def only_problem(content: Content) -> str:
    assert content.challenges == []
    (problem,) = content.problems
    return str(problem)


def test_a_folder_is_read_whole(root):
    content = read_content(root)
    assert content.problems == []
    (category,) = content.categories
    assert (category.slug, category.name, category.description) == ("basics", "Basics", "Where it begins.")
    (challenge,) = content.challenges
    assert (challenge.slug, challenge.category) == ("basics/double", "basics")
    assert challenge.body == DEFAULTS | {
        "title": "Double it",
        "description": "Print *twice* the number.",
        "difficulty": "beginner",
        "points": 10,
        "kind": "code.batch",
        "tags": ["loops"],
        "state": "published",
        "attempts_max": 5,
        "spec": {
            "groups": [
                {
                    "name": "sample",
                    "sample": True,
                    "cases": [{"input": "2\n", "output": "4\n"}, {"input": "21\n", "output": "42\n"}],
                }
            ]
        },
    }


def test_solutions_promise_a_verdict_by_their_name(root):
    (challenge,) = read_content(root).challenges
    folder = "basics/double/solutions"
    assert challenge.solutions == (
        Solution(f"{folder}/accepted.py", Verdict.ACCEPTED, "python", "print(2 * int(input()))\n"),
        Solution(f"{folder}/wrong_answer_square.cpp", Verdict.WRONG_ANSWER, "cpp", "int main() {}\n"),
    )
    assert challenge.solutions[1].answer == {"language": "cpp", "source": "int main() {}\n"}


def test_examples_are_answers_with_their_verdicts(root):
    (challenge,) = read_content(root).challenges
    answer = {"language": "python", "source": "print(0)"}
    assert challenge.examples == (Example(Verdict.WRONG_ANSWER, answer, "wrong_answer"),)
    assert "examples" not in challenge.body


def test_what_may_be_left_out_has_a_default(root):
    (challenge,) = change(root, "tags: [loops]\nstate: published\nattempts_max: 5\n", "").challenges
    assert {key: challenge.body[key] for key in ("tags", "state", "attempts_max")} == {
        "tags": [],
        "state": "draft",
        "attempts_max": None,
    }


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("title: Double it\n", "", "title: Is missing"),
        ("title: Double it", "title: 5", "title: Must be text"),
        ("title: Double it", "title: ' '", "title: Must be text"),
        ("title: Double it", f"title: {'x' * 201}", "title: Must be text"),
        ("beginner", "easy", "difficulty: Must be one of beginner"),
        ("beginner", "[beginner]", "difficulty: Must be one of beginner"),
        ("points: 10", "points: ten", "points: Must be a whole number"),
        ("points: 10", "points: true", "points: Must be a whole number"),
        ("points: 10", "points: -1", "points: Must be a whole number"),
        ("attempts_max: 5", "attempts_max: 0", "attempts_max: Must be"),
        ("tags: [loops]", "tags: loops", "tags: Must be a list"),
        ("tags: [loops]", "tags: [[loops]]", "tags: Must be a list"),
        ("tags: [loops]", "tags: [a, a]", "tags: Must be a list"),
        ("state: published", "state: secret", "state: Must be one of draft"),
        ("attempts_max: 5", "cooldown_seconds: 0", "cooldown_seconds: Must be a whole number"),
        ("attempts_max: 5", "attempt_penalty: 1.5", "attempt_penalty: Must be a number from 0 to 1"),
        ("attempts_max: 5", "on_rejudge: maybe", "on_rejudge: Must be one of keep, adjust"),
        ("attempts_max: 5", "publish_at: 2026-09-01", "publish_at: Must be a time with an offset"),
        ("attempts_max: 5", "publish_at: 2026-09-01T08:00", "publish_at: Must be a time with an offset"),
        ("attempts_max: 5", "publish_at: 9999-12-31T23:59:59-23:59", "publish_at: Must be a time"),
        ("attempts_max: 5", "hints: [Think]", "hints: Must be a list of at most 20 hints"),
        ("attempts_max: 5", "hints: [{text: Think, cost: free}]", "hints: In a hint, cost: Must be a whole"),
        ("attempts_max: 5", "prerequisites: [a]", "prerequisites: Each condition is one of"),
        ("attempts_max: 5", "prerequisites: {all: []}", "prerequisites: 'all' is wrong"),
        ("attempts_max: 5", "prerequisites: {challenge: ../x}", "prerequisites: 'challenge' is wrong"),
        ("attempts_max: 5", "prerequisites: {points: -3}", "prerequisites: 'points' is wrong"),
        ("attempts_max: 5", f"prerequisites: {'{all: [' * 9}{{points: 1}}{']}' * 9}", "at most 8 levels"),
        ("attempts_max: 5", f"prerequisites: {{any: [{'{points: 1},' * 60}]}}", "at most 50 conditions"),
        ("attempts_max: 5", "translations: {de_AT: {title: x}}", "translations: 'de_AT' is no locale"),
        ("attempts_max: 5", "translations: {de: {name: x}}", "translations: de: Must be a mapping"),
        ("attempts_max: 5", "translations: {de: {texts: {a: 1}}}", "translations: de: texts: Must map"),
        ("kind: code.batch", "kind: code.batch\nhint: none", "hint: Unknown key"),
        (
            "tests/01.in",
            "tests/02.in",
            "spec.groups.0.cases.1.input_file: tests/02.in: There is no such file",
        ),
        ("tests/01.in", "../../categories.yaml", "Must be a path inside the folder"),
        ("tests/01.in", "/etc/passwd", "Must be a path inside the folder"),
        ("tests/01.in", "5", "Must be the path of a file"),
        ("{input_file:", "{input: x, input_file:", "Give input or input_file, not both"),
        ("wrong_answer:", "bad_answer:", "examples.bad_answer: Must be `verdict: answer`"),
        ("title: Double it", "title: [", "challenge.yaml: Line"),
        (CHALLENGE, "- a list", "challenge.yaml: Must be a mapping"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_key(root, old, new, place):
    problem = only_problem(change(root, old, new))
    assert problem.startswith("basics/double/challenge.yaml: ")
    assert place in problem


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("solutions/good.py", "must begin with a verdict"),
        ("solutions/accepted.exe", "must end with one of"),
        ("solutions/accepted", "must end with one of"),
    ],
)
def test_a_solution_with_a_name_that_says_nothing_is_refused(root, path, reason):
    write(root, f"basics/double/{path}", "")
    problem = only_problem(read_content(root))
    assert problem.startswith(f"basics/double/{path}: ")
    assert reason in problem


@pytest.mark.parametrize("path", ["statement.md", "challenge.yaml"])
def test_a_missing_file_is_named(root, path):
    (root / "basics/double" / path).unlink()
    assert only_problem(read_content(root)) == f"basics/double/{path}: There is no such file."


def test_several_mistakes_are_told_at_once(root):
    write(root, "basics/double/solutions/good.py", "")
    (root / "basics/double/statement.md").unlink()
    content = change(root, "points: 10", "points: ten")
    assert len(content.problems) == 3


def test_a_challenge_with_a_mistake_does_not_keep_the_others_out(root):
    write(root, "basics/broken/challenge.yaml", "title: Broken\n")
    content = read_content(root)
    assert [challenge.slug for challenge in content.challenges] == ["basics/double"]
    assert all(problem.file.startswith("basics/broken/") for problem in content.problems)
    assert content.problems


@pytest.mark.parametrize("name", ["Double", "double_it", "double it", "-double", "x" * 61])
def test_a_folder_name_that_makes_no_good_address_is_refused(root, name):
    (root / "basics/double").rename(root / "basics" / name)
    assert "at most 60 of a-z" in only_problem(read_content(root))


def test_a_folder_that_is_no_listed_category_is_told(root):
    write(root, "extras/other/challenge.yaml", CHALLENGE)
    content = read_content(root)
    assert [str(problem) for problem in content.problems] == [
        "extras: Is not in categories.yaml; add it there."
    ]
    assert len(content.challenges) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- basics", "categories.yaml: Must map"),
        ("Basics:\n  name: Basics", "categories.yaml: Basics: A folder name"),
        ("basics: Basics", "categories.yaml: basics: Must be a mapping"),
        ("basics:\n  description: x", "categories.yaml: basics.name: Is missing"),
        ("basics:\n  name: Basics\n  icon: x", "categories.yaml: basics.icon: Unknown key"),
        ("basics: [", "categories.yaml: Line 1"),
    ],
)
def test_a_mistake_in_the_categories_is_told(root, text, reason):
    write(root, "categories.yaml", text)
    assert str(read_content(root).problems[0]).startswith(reason)


def test_a_linked_challenge_is_refused(root, tmp_path):
    (root / "basics/linked").symlink_to(root / "basics/double")
    problems = read_content(root).problems
    assert problems
    assert all("symbolic link" in str(problem) for problem in problems)


def test_a_folder_that_is_not_there_is_a_problem_not_a_traceback(tmp_path):
    content = read_content(tmp_path / "nowhere")
    assert [str(problem) for problem in content.problems] == ["categories.yaml: There is no such file."]


def test_life_and_help_are_read_from_their_keys_and_files(root):
    write(root, "basics/double/editorial.md", "Add it to itself.\n")
    write(root, "basics/double/statement.de.md", "Gib das *Doppelte* aus.\n")
    keys = """
cooldown_seconds: 60
attempt_penalty: 0.1
on_rejudge: adjust
publish_at: 2026-09-01T08:00:00+02:00
hints: [{text: Multiply., cost: 2}]
prerequisites: {any: [{challenge: first}, {challenge: other/second}, {all: [{points: 50}]}]}
translations: {de: {title: Verdopple, texts: {a: b}}, fr: {title: Double}}
"""
    (challenge,) = change(root, "attempts_max: 5\n", keys.lstrip()).challenges
    body = challenge.body
    assert body["editorial"] == "Add it to itself."
    assert (body["cooldown_seconds"], body["attempt_penalty"], body["on_rejudge"]) == (60, 0.1, "adjust")
    assert body["publish_at"] == "2026-09-01T06:00:00+00:00"
    assert body["hints"] == [{"text": "Multiply.", "cost": 2}]
    assert body["prerequisites"] == {
        "any": [{"challenge": "basics/first"}, {"challenge": "other/second"}, {"all": [{"points": 50}]}]
    }
    assert body["translations"] == {
        "de": {"title": "Verdopple", "texts": {"a": "b"}, "description": "Gib das *Doppelte* aus."},
        "fr": {"title": "Double"},
    }


def test_a_file_in_no_language_is_refused(root):
    write(root, "basics/double/statement.German.md", "Gib das Doppelte aus.\n")
    assert "Must name a locale" in only_problem(read_content(root))


def test_the_snippets_of_the_page_are_valid():
    page = (Path(__file__).parents[4] / "content/README.md").read_text()
    snippets = [
        read_yaml(text) for text in re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    ]
    fields = content_fields.CHALLENGE
    shown = {key: value for snippet in snippets for key, value in snippet.items()}
    assert {"prerequisites", "translations"} <= shown.keys()
    assert [message for key, value in shown.items() if (message := fields[key].check(value))] == []
    for key in fields:
        assert f"| `{key}` |" in page
