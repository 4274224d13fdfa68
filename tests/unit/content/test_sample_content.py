"""The sample content is read whole, covers what it promises, and its knowledge examples get their verdicts."""

import re
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from core.content import ChallengeContent
from core.exchange.creathon_reader import read_content
from core.grading import GradeReport, Queue, Verdict
from core.plain_yaml import read_yaml
from core.words import Difficulty
from graders.registry import GRADERS

FOLDER = Path(__file__).parents[3] / "content"
CONTENT = read_content(FOLDER)
KINDS_PAGE = (FOLDER.parent / "docs/kinds.md").read_text()
SNIPPETS = re.findall(r"^```yaml\n(.*?)^```", KINDS_PAGE, re.DOTALL | re.MULTILINE)
QUESTIONS = {kind: grader for kind, grader in GRADERS.items() if grader.queue is Queue.KNOWLEDGE}
# An essay is read by a person, so no answer has a verdict that could be checked here.
GRADED = {kind: grader for kind, grader in QUESTIONS.items() if not grader.manual}
KNOWLEDGE = [challenge for challenge in CONTENT.challenges if challenge.body["kind"] in QUESTIONS]
CODING = [challenge for challenge in CONTENT.challenges if challenge.body["kind"].startswith("code.")]
BATCH = [challenge for challenge in CODING if challenge.body["kind"] == "code.batch"]
EXAMPLES = [(challenge, example) for challenge in KNOWLEDGE for example in challenge.examples]


def grade(kind: str, spec: dict[str, Any], answer: dict[str, Any]) -> GradeReport:
    return GRADERS[kind].summarise(spec, list(GRADERS[kind].validate_submission(spec, answer)))


def by_slug(challenge: ChallengeContent) -> str:
    return challenge.slug


def test_nothing_is_wrong_with_the_sample_content():
    assert [str(problem) for problem in CONTENT.problems] == []


def test_there_are_challenges_of_every_kind_and_difficulty_in_every_category():
    assert len(CONTENT.categories) == 4
    assert {challenge.category for challenge in CONTENT.challenges} == {c.slug for c in CONTENT.categories}
    assert {challenge.body["difficulty"] for challenge in CONTENT.challenges} == set(Difficulty)
    assert {challenge.body["kind"] for challenge in CONTENT.challenges} == set(GRADERS)
    assert len(CODING) >= 9
    assert len(KNOWLEDGE) >= 6


def test_the_solutions_show_every_verdict_that_a_program_can_get():
    promised = {solution.verdict for challenge in CODING for solution in challenge.solutions}
    assert promised == set(Verdict) - {Verdict.INTERNAL_ERROR}


@pytest.mark.parametrize("challenge", CODING, ids=by_slug)
def test_a_coding_challenge_has_an_accepted_program_and_a_wrong_one(challenge):
    assert {solution.verdict for solution in challenge.solutions} > {Verdict.ACCEPTED}


@pytest.mark.parametrize("challenge", BATCH, ids=by_slug)
def test_the_statement_shows_each_sample_output(challenge):
    samples = [group for group in challenge.body["spec"]["groups"] if group.get("sample")]
    for case in chain.from_iterable(group["cases"] for group in samples):
        assert case["output"].strip() in challenge.body["description"]


@pytest.mark.parametrize("challenge", KNOWLEDGE, ids=by_slug)
def test_a_knowledge_challenge_fits_its_grader_and_has_a_right_and_a_wrong_example(challenge):
    GRADERS[challenge.body["kind"]].check_spec(challenge.body["spec"])
    if challenge.body["kind"] in GRADED:
        assert {example.verdict for example in challenge.examples} >= {Verdict.ACCEPTED, Verdict.WRONG_ANSWER}


@pytest.mark.parametrize(
    ("challenge", "example"), EXAMPLES, ids=[f"{c.slug}-{e.verdict.value}" for c, e in EXAMPLES]
)
def test_an_example_answer_gets_the_verdict_that_it_stands_under(challenge, example):
    report = grade(challenge.body["kind"], challenge.body["spec"], example.answer)
    assert report.verdict is example.verdict


def test_the_snippets_of_the_kinds_page_are_valid_and_their_examples_right():
    snippets = [snippet for snippet in map(read_yaml, SNIPPETS) if snippet["kind"] in QUESTIONS]
    assert {snippet["kind"] for snippet in snippets} == set(QUESTIONS)
    for snippet in snippets:
        kind, spec = snippet["kind"], snippet["spec"]
        QUESTIONS[kind].check_spec(spec)
        assert ("examples" in snippet) == (kind in GRADED)
        for verdict, answer in snippet.get("examples", {}).items():
            assert grade(kind, spec, answer).verdict == verdict, snippet
