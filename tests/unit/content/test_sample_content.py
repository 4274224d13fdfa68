"""The sample content is read whole, covers what it promises, and its knowledge examples get their verdicts."""

import re
from itertools import chain
from pathlib import Path

import pytest

from core.content import ChallengeContent, read_content
from core.grading import Verdict
from core.plain_yaml import read_yaml
from core.words import Difficulty
from graders.knowledge.choice import ChoiceGrader
from graders.knowledge.numeric import NumericGrader
from graders.knowledge.question import QuestionGrader
from graders.knowledge.text import TextGrader

FOLDER = Path(__file__).parents[3] / "content"
CONTENT = read_content(FOLDER)
SNIPPETS = re.findall(r"^```yaml\n(.*?)^```", (FOLDER / "README.md").read_text(), re.DOTALL | re.MULTILINE)
GRADERS: dict[str, QuestionGrader] = {
    grader.kind: grader for grader in (ChoiceGrader(), TextGrader(), NumericGrader())
}
KNOWLEDGE = [challenge for challenge in CONTENT.challenges if challenge.body["kind"] in GRADERS]
CODING = [challenge for challenge in CONTENT.challenges if challenge.body["kind"].startswith("code.")]
EXAMPLES = [(challenge, example) for challenge in KNOWLEDGE for example in challenge.examples]


def by_slug(challenge: ChallengeContent) -> str:
    return challenge.slug


def test_nothing_is_wrong_with_the_sample_content():
    assert [str(problem) for problem in CONTENT.problems] == []


def test_there_are_challenges_of_every_kind_and_difficulty_in_every_category():
    assert len(CONTENT.categories) == 4
    assert {challenge.category for challenge in CONTENT.challenges} == {c.slug for c in CONTENT.categories}
    assert {challenge.body["difficulty"] for challenge in CONTENT.challenges} == set(Difficulty)
    assert {challenge.body["kind"] for challenge in KNOWLEDGE} == set(GRADERS)
    assert len(CODING) >= 9
    assert len(KNOWLEDGE) >= 6


def test_the_solutions_show_every_verdict_that_a_program_can_get():
    promised = {solution.verdict for challenge in CODING for solution in challenge.solutions}
    assert promised == set(Verdict) - {Verdict.INTERNAL_ERROR}


@pytest.mark.parametrize("challenge", CODING, ids=by_slug)
def test_a_coding_challenge_has_an_accepted_program_and_a_wrong_one(challenge):
    assert {solution.verdict for solution in challenge.solutions} >= {Verdict.ACCEPTED, Verdict.WRONG_ANSWER}


@pytest.mark.parametrize("challenge", CODING, ids=by_slug)
def test_the_statement_shows_each_sample_output(challenge):
    samples = [group for group in challenge.body["spec"]["groups"] if group.get("sample")]
    for case in chain.from_iterable(group["cases"] for group in samples):
        assert case["output"].strip() in challenge.body["description"]


@pytest.mark.parametrize("challenge", KNOWLEDGE, ids=by_slug)
def test_a_knowledge_challenge_fits_its_grader_and_has_a_right_and_a_wrong_example(challenge):
    GRADERS[challenge.body["kind"]].check_spec(challenge.body["spec"])
    assert {example.verdict for example in challenge.examples} >= {Verdict.ACCEPTED, Verdict.WRONG_ANSWER}


@pytest.mark.parametrize(
    ("challenge", "example"), EXAMPLES, ids=[f"{c.slug}-{e.verdict.value}" for c, e in EXAMPLES]
)
def test_an_example_answer_gets_the_verdict_that_it_stands_under(challenge, example):
    grader = GRADERS[challenge.body["kind"]]
    (result,) = grader.validate_submission(challenge.body["spec"], example.answer)
    assert result.verdict is example.verdict


def test_the_snippets_of_the_readme_are_valid_and_their_examples_right():
    snippets = [snippet for snippet in map(read_yaml, SNIPPETS) if snippet["kind"] in GRADERS]
    assert {snippet["kind"] for snippet in snippets} == set(GRADERS)
    for snippet in snippets:
        grader = GRADERS[snippet["kind"]]
        grader.check_spec(snippet["spec"])
        for verdict, answer in snippet["examples"].items():
            (result,) = grader.validate_submission(snippet["spec"], answer)
            assert result.verdict == verdict
