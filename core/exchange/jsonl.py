"""Programming problems as JSON Lines: HumanEval's fields, and MBPP's.

HumanEval: task_id, prompt, entry_point, canonical_solution, test (with a function `check(candidate)`). MBPP: task_id,
text or prompt, code, test_list, test_setup_code, test_imports. Both become `code.unit_tests`.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.content import CategoryContent, ChallengeContent, Content, Problem, Solution
from core.exchange.slugs import Slugs, slug_of
from core.exchange.values import BadValue, plain_json, required_text
from core.grading import Verdict

LINES_MAX = 5_000
FIELD_MAX = 256 * 1024
LIMITS = {"cpu_seconds": 10, "memory_mb": 256}
KIND = "code.unit_tests"
STUB = "    return None\n"
_IMPORT = "from solution import *\n"
_CALL = re.compile(r"\ndef test_problem\(\):\n    check\(([A-Za-z_]\w*)\)\n\Z")
_FENCED = re.compile(r"\A(`{3,})python\n(.*?)\n\1\Z", re.DOTALL)
_FUNCTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


@dataclass(slots=True)
class _Reading:
    """What was read so far; names are given in the order of the lines."""

    name: str
    content: Content = field(default_factory=Content)
    slugs: dict[str, Slugs] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


def read_jsonl(text: str, name: str = "problems") -> Content:
    """The problems in `text`; those whose task_id has no part before a slash go to the category `name`.

    Bad lines raise nothing: each is told in `Content.problems`, by its number.
    """
    reading = _Reading(name)
    lines = text.removeprefix("\ufeff").split("\n")
    for number, line in enumerate(lines[:LINES_MAX], 1):
        if line.strip():
            _read_line(reading, f"line {number}", line)
    if len(lines) > LINES_MAX and any(line.strip() for line in lines[LINES_MAX:]):
        message = f"At most {LINES_MAX} lines are read; split the file."
        reading.content.problems.append(Problem(f"line {LINES_MAX + 1}", "", message))
    reading.content.categories = [CategoryContent(s, title, None) for s, title in reading.titles.items()]
    return reading.content


def _read_line(reading: _Reading, place: str, line: str) -> None:
    try:
        problem = plain_json(line)
        if not isinstance(problem, dict):
            raise BadValue("", "Must be a JSON object.")
        read = _humaneval if "entry_point" in problem else _mbpp
        _add(reading, problem, read)
    except BadValue as error:
        reading.content.problems.append(Problem(place, error.key, error.message))


def _add(reading: _Reading, problem: Mapping[str, Any], read: Callable[..., ChallengeContent]) -> None:
    task = _task_id(problem)
    group, _, rest = task.rpartition("/")
    group = group or reading.name
    category = slug_of(group)
    challenge = read(problem, task)
    slugs = reading.slugs.setdefault(category, Slugs())
    slug = f"{category}/{slugs.make(rest)}"
    reading.titles.setdefault(category, group[:64])
    reading.content.challenges.append(_placed(challenge, slug, category))


def _placed(challenge: ChallengeContent, slug: str, category: str) -> ChallengeContent:
    solutions = tuple(
        Solution(f"{slug}/solutions/{one.file}", one.verdict, one.language, one.source)
        for one in challenge.solutions
    )
    return ChallengeContent(slug, category, challenge.body, solutions)


def _task_id(problem: Mapping[str, Any]) -> str:
    task = problem.get("task_id")
    if isinstance(task, int) and not isinstance(task, bool):
        task = str(task)
    if not isinstance(task, str) or not 0 < len(task.strip()) <= 100 or not task.rpartition("/")[2].strip():
        raise BadValue("task_id", "Must be a number or a text of 1 to 100 characters, such as HumanEval/0.")
    return task


def _humaneval(problem: Mapping[str, Any], task: str) -> ChallengeContent:
    prompt, solution, test = (
        required_text(problem, key, FIELD_MAX) for key in ("prompt", "canonical_solution", "test")
    )
    function = required_text(problem, "entry_point", 100)
    if not _FUNCTION.fullmatch(function):
        raise BadValue("entry_point", "Must be the name of a Python function.")
    body = {
        "title": f"{task}: {function}"[:200],
        "description": _fenced(prompt.removesuffix("\n")),
        "kind": KIND,
        "spec": {"tests": _tests(prompt, function, test), "limits": dict(LIMITS)},
    }
    right = Solution("accepted.py", Verdict.ACCEPTED, "python", prompt + solution)
    stub = Solution("wrong_answer_stub.py", Verdict.WRONG_ANSWER, "python", prompt + STUB)
    return ChallengeContent("", "", body, (right, stub))


def _tests(prompt: str, function: str, test: str) -> str:
    """The tests, with what the prompt defines beside the function that is asked for.

    Of the learner's module they take that function alone: a program shall not bring an `abs` of its own, or the helper
    by which it is checked, and so decide what is right.
    """
    called = f"def test_problem():\n    check({function})\n"
    return f"{_given(prompt, function)}{_asked(function)}{test}\n{called}"


def _asked(function: str) -> str:
    return f"from solution import {function}\n"


def _given(prompt: str, function: str) -> str:
    """The prompt's lines without the function. Raises BadValue."""
    source = prompt + STUB if prompt.endswith("\n") else f"{prompt}\n{STUB}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadValue("prompt", "Is not the beginning of a Python function.") from None
    wanted = [node for node in nodes if isinstance(node, ast.FunctionDef) and node.name == function]
    if not wanted:
        raise BadValue("entry_point", "Must be a function that the prompt begins.")
    node = wanted[-1]
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    lines = prompt.split("\n")
    kept = [*lines[: first - 1], *lines[node.end_lineno or first :]]
    text = "\n".join(kept).strip("\n")
    return f"{text}\n\n\n" if text else ""


def _mbpp(problem: Mapping[str, Any], task: str) -> ChallengeContent:
    asked = required_text(problem, "prompt" if "prompt" in problem else "text", FIELD_MAX)
    code = required_text(problem, "code", FIELD_MAX)
    tests = _lines(problem, "test_list")
    if not tests:
        raise BadValue("test_list", "Must be a list with at least one assertion.")
    setup = [*_lines(problem, "test_imports"), str(problem.get("test_setup_code") or "")]
    cases = "".join(f"\ndef test_{i}():\n{_indented(test)}\n" for i, test in enumerate(tests, 1))
    body = {
        "title": f"{task}: {asked.strip().splitlines()[0]}"[:200].strip(),
        "description": f"{asked.strip()}\n\nOne of the tests:\n\n{_fenced(tests[0].strip())}",
        "kind": KIND,
        "spec": {
            "tests": _IMPORT + "".join(f"{line}\n" for line in setup if line) + cases,
            "limits": dict(LIMITS),
        },
    }
    return ChallengeContent("", "", body, (Solution("accepted.py", Verdict.ACCEPTED, "python", code),))


def _lines(problem: Mapping[str, Any], key: str) -> list[str]:
    value = problem.get(key) or []
    if isinstance(value, list) and len(value) <= 500 and all(isinstance(item, str) for item in value):
        return value
    raise BadValue(key, "Must be a list of at most 500 texts.")


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.split("\n"))


def _fenced(code: str) -> str:
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{code}\n{fence}"


def write_jsonl(challenges: list[ChallengeContent]) -> tuple[str, list[Problem]]:
    """HumanEval's lines of `challenges`, and why the others cannot be written so."""
    problems: list[Problem] = []
    lines = list(_written(challenges, problems))
    return "".join(f"{line}\n" for line in lines), problems


def _written(challenges: list[ChallengeContent], problems: list[Problem]) -> Iterator[str]:
    for challenge in challenges:
        try:
            yield json.dumps(_problem(challenge), ensure_ascii=False)
        except BadValue as error:
            problems.append(Problem(challenge.slug, error.key, error.message))


def _problem(challenge: ChallengeContent) -> dict[str, str]:
    spec, body = challenge.body["spec"], challenge.body
    if body["kind"] != KIND:
        raise BadValue("kind", f"JSON Lines hold {KIND} only.")
    call = _CALL.search(spec["tests"])
    if call is None or "sample_tests" in spec:
        raise BadValue("spec.tests", "Must be one file that calls check(function), as HumanEval's.")
    shown = _FENCED.match(body["description"].strip())
    if shown is None:
        raise BadValue("description", "Must be one fenced block of Python, the prompt.")
    function = call[1]
    prompt, solution = _split(challenge, shown[2])
    start = len(_given(prompt, function) + _asked(function))
    test = spec["tests"][start : call.start()]
    if _tests(prompt, function, test) != spec["tests"]:
        raise BadValue("spec.tests", "Must begin with what the prompt defines and import the function alone.")
    return {
        "task_id": _task_of(challenge, function),
        "prompt": prompt,
        "entry_point": function,
        "canonical_solution": solution,
        "test": test,
    }


def _split(challenge: ChallengeContent, shown: str) -> tuple[str, str]:
    """The accepted program as prompt and the rest."""
    for one in challenge.solutions:
        if one.verdict is Verdict.ACCEPTED and one.source.startswith(shown):
            prompt = shown + "\n" if one.source.startswith(shown + "\n") else shown
            return prompt, one.source[len(prompt) :]
    raise BadValue("solutions", "Needs an accepted program that begins with the prompt.")


def _task_of(challenge: ChallengeContent, function: str) -> str:
    title: str = challenge.body["title"]
    return title.removesuffix(f": {function}") if title.endswith(f": {function}") else challenge.slug
