"""Every program of the sample content, and of the examples to begin with, gets in the real sandbox the verdict that its
file name promises."""

from pathlib import Path

import pytest

from api.cli.templates import EXAMPLES, template_kinds
from core.content import ChallengeContent, Solution
from core.exchange.creathon_reader import read_content
from core.exchange.tree import Tree
from core.grading import GradeReport, Verdict
from core.plain_yaml import read_yaml
from graders.registry import grader_for

CONTENT = read_content(Path(__file__).parents[3] / "content")


def example(kind: str) -> list[ChallengeContent]:
    """What `flask content new` writes for that kind."""
    texts = read_yaml((EXAMPLES / f"{kind}.yaml").read_text())
    files = {f"new/{kind.replace('.', '-').replace('_', '-')}/{path}": text for path, text in texts.items()}
    return read_content(
        Tree({path: text.encode() for path, text in {"categories.yaml": "new: {name: New}", **files}.items()})
    ).challenges


NEW = [challenge for kind in template_kinds() for challenge in example(kind)]
PROGRAMS = [
    pytest.param(challenge, solution, id=solution.file.removesuffix(".py"))
    for challenge in [*CONTENT.challenges, *NEW]
    for solution in challenge.solutions
]


def grade(challenge: ChallengeContent, solution: Solution) -> GradeReport:
    grader, spec = grader_for(challenge.body["kind"]), challenge.body["spec"]
    grader.check_spec(spec)
    grader.check_answer(spec, solution.answer)
    return grader.summarise(spec, list(grader.validate_submission(spec, solution.answer)))


@pytest.mark.parametrize(("challenge", "solution"), PROGRAMS)
def test_a_program_gets_the_verdict_that_its_name_promises(challenge, solution):
    report = grade(challenge, solution)
    assert report.verdict is solution.verdict, [result.as_dict() for result in report.results]
    assert (report.score == 1.0) == (solution.verdict is Verdict.ACCEPTED)
    assert (0 < report.score < 1) == (solution.verdict is Verdict.PARTIALLY_ACCEPTED)


@pytest.mark.parametrize(
    ("challenge", "solution"), [case for case in PROGRAMS if case.values[1].verdict is Verdict.WRONG_ANSWER]
)
def test_a_wrong_program_passes_the_samples_so_that_the_hidden_tests_catch_it(challenge, solution):
    groups = challenge.body["spec"].get("groups", [{"name": "sample", "sample": True}])
    samples = {group["name"] for group in groups if group.get("sample")}
    results = [result for result in grade(challenge, solution).results if result.group in samples]
    assert results
    assert all(result.verdict is Verdict.ACCEPTED for result in results)
