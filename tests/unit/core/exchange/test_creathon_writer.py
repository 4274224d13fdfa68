"""What is written comes back the same, whatever authors put into it."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.content import DEFAULTS, CategoryContent, ChallengeContent, Example, Solution
from core.exchange.creathon_reader import read_content
from core.exchange.creathon_writer import write_content
from core.exchange.tree import Tree
from core.grading import Verdict
from core.plain_yaml import read_yaml

SAMPLES = read_content(Path(__file__).parents[4] / "content")
CATEGORY = CategoryContent("basics", "Basics", "")
PLAIN = DEFAULTS | {
    "title": "Double it",
    "description": "Print twice the number.",
    "difficulty": "beginner",
    "points": 10,
    "kind": "code.batch",
}
CASE = {"input": "1\n", "output": "2\n"}

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
shown = storable.map(str.strip).filter(bool)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
)
keys = storable.filter(lambda key: not key.endswith("_file"))
values = st.recursive(
    scalars | storable,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
bodies = st.fixed_dictionaries(
    {
        "title": shown,
        "description": storable.map(str.strip),
        "editorial": storable.map(str.strip),
        "tags": st.lists(shown, max_size=3, unique=True),
        "points": st.integers(0, 1000),
        "attempt_penalty": st.floats(0, 1),
        "cooldown_seconds": st.none() | st.integers(1, 1000),
        "hints": st.lists(st.fixed_dictionaries({"text": shown, "cost": st.integers(0, 9)}), max_size=2),
        "publish_at": st.sampled_from([None, "2026-09-01T06:00:00+00:00"]),
        "prerequisites": st.sampled_from([None, {"all": [{"challenge": "a/b"}, {"points": 5}]}]),
        "translations": st.sampled_from([{}, {"de": {"title": "Verdopple", "editorial": "Addiere."}}]),
        "spec": st.dictionaries(keys, values, min_size=1, max_size=3),
    }
)


def written(body: dict[str, Any], **more: Any) -> tuple[dict[str, bytes], ChallengeContent]:
    challenge = ChallengeContent("basics/double", "basics", PLAIN | body, **more)
    files, problems = write_content([CATEGORY], [challenge])
    assert [str(problem) for problem in problems] == []
    return files, challenge


def test_the_sample_content_comes_back_whole():
    files, problems = write_content(SAMPLES.categories, SAMPLES.challenges)
    assert problems == []
    assert read_content(Tree(files)) == SAMPLES


@settings(max_examples=60, deadline=None)
@given(bodies)
def test_what_is_written_reads_the_same(body):
    files, challenge = written(body)
    assert read_content(Tree(files)).challenges == [challenge]


@settings(max_examples=60, deadline=None)
@given(storable, storable)
def test_the_texts_of_tests_and_programs_keep_every_character(text, other):
    spec = {"groups": [{"name": "main", "cases": [{"input": text, "output": other}]}]}
    program = Solution("basics/double/solutions/accepted.py", Verdict.ACCEPTED, "python", text)
    example = Example(Verdict.WRONG_ANSWER, {"language": "python", "source": other}, "wrong_answer_x")
    files, challenge = written({"spec": spec}, solutions=(program,), examples=(example,))
    assert read_content(Tree(files)).challenges == [challenge]


def test_short_tests_stand_in_the_yaml_and_long_ones_in_files():
    long = {"input": "1\n2\n3\n", "output": "6\n"}
    spec = {"groups": [{"name": "main", "cases": [CASE, long]}]}
    files, _ = written({"spec": spec})
    assert {path for path in files if "tests/" in path} == {
        "basics/double/tests/02.in",
        "basics/double/tests/02.out",
    }
    head = files["basics/double/challenge.yaml"].decode()
    assert '{input: "1\\n", output: "2\\n"}' in head
    assert read_yaml(head)["spec"]["groups"][0]["cases"][1]["input_file"] == "tests/02.in"


def test_texts_of_several_lines_are_blocks():
    files, _ = written({"spec": {"code": "for x in y:\n    print(x)\n"}})
    assert "  code: |\n    for x in y:\n        print(x)\n" in files["basics/double/challenge.yaml"].decode()


def test_what_everybody_has_is_left_out():
    files, _ = written({"spec": {"a": 1}})
    assert list(read_yaml(files["basics/double/challenge.yaml"].decode())) == [
        "title", "difficulty", "points", "kind", "spec",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"spec": {"input_file": "no file"}},
        {"spec": {"value": 2**70}},
        {"spec": {"a": 1}, "description": " led by white space"},
        {"spec": {"text": "half \ud800"}},
    ],
)
def test_what_would_not_come_back_is_refused(body):
    challenge = ChallengeContent("basics/double", "basics", PLAIN | body)
    files, problems = write_content([CATEGORY], [challenge])
    assert files == {}
    assert problems[0].file == "basics/double"


def test_a_challenge_without_a_category_has_no_folder():
    _, problems = write_content([], [ChallengeContent("x/y", "", PLAIN | {"spec": {"a": 1}})])
    assert "no category" in problems[0].message
