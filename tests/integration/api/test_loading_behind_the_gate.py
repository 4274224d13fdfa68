"""`flask content load` of what workers check before it is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from api.cli import waiting
from core.grading import Verdict
from core.models.challenge import Challenge
from core.words import ChallengeState
from tests.factories import rows

SPEC = """
  groups: [{name: main, points: 100, cases: [{input: "1 2", output: "3"}]}]
"""
SUM = f"title: Sum\ndifficulty: beginner\npoints: 10\nkind: code.batch\nstate: published\nspec:{SPEC}"
QUIZ = "::Sky::It is blue.{T}\n"


@pytest.fixture
def course(tmp_path) -> Path:
    """One challenge, to be published, with a right and a wrong solution."""
    folder = tmp_path / "course" / "sums" / "sum"
    (folder / "solutions").mkdir(parents=True)
    (tmp_path / "course" / "categories.yaml").write_text("sums: {name: Sums}\n")
    (folder / "challenge.yaml").write_text(SUM)
    (folder / "statement.md").write_text("Add them.\n")
    (folder / "solutions" / "accepted.py").write_text("right")
    (folder / "solutions" / "wrong_answer.py").write_text("wrong")
    return tmp_path / "course"


@pytest.fixture
def load(app, monkeypatch, workshop):
    """`load(path, options, **verdicts)`: a worker gives the programs these verdicts while the command waits."""

    def run(path: Path, *options: str, **verdicts: Verdict) -> tuple[int, list[str]]:
        monkeypatch.setattr(waiting, "sleep", lambda seconds: verdicts and workshop.pretend(verdicts))
        done = app.test_cli_runner().invoke(args=["content", "load", str(path), *options])
        return done.exit_code, done.output.splitlines()

    return run


GOOD = {"right": Verdict.ACCEPTED, "wrong": Verdict.WRONG_ANSWER}
BAD = {"right": Verdict.ACCEPTED, "wrong": Verdict.ACCEPTED}


def state(database, slug):
    database.rollback()
    return database.scalars(select(Challenge.state).where(Challenge.slug == slug)).one()


def test_what_passes_is_published(load, database, course):
    code, said = load(course, "--wait", **GOOD)
    assert (code, said[-1]) == (0, "published challenge sums/sum, revision 1")
    assert state(database, "sums/sum") is ChallengeState.PUBLISHED


def test_what_is_refused_stays_a_draft_and_is_explained(load, database, course):
    code, said = load(course, "--wait", **BAD)
    assert code == 1
    assert "refused   challenge sums/sum, revision 1" in said
    assert (
        "           It is known to be wrong (wrong_answer), but the tests accept it: add a test that it fails."
        in said
    )
    assert said[-1] == "  It stays a draft."
    assert state(database, "sums/sum") is ChallengeState.DRAFT


def test_a_refused_edit_leaves_learners_what_they_have(load, course):
    load(course, "--wait", **GOOD)
    (course / "sums" / "sum" / "challenge.yaml").write_text(SUM.replace('"3"', '"4"'))
    code, said = load(course, "--wait", **BAD)
    assert (code, said[-1]) == (1, "  Learners keep revision 1.")


def test_loading_again_asks_for_the_check_again(load, course):
    load(course, "--wait", **BAD)
    code, said = load(course, "--wait", **GOOD)
    assert (code, said[-1]) == (0, "published challenge sums/sum, revision 1")


def test_where_nobody_works_it_says_so(load, course, monkeypatch):
    monkeypatch.setattr(waiting, "PATIENCE", -1.0)
    code, said = load(course, "--wait")
    assert (code, said[-1]) == (1, waiting.STUCK)


def test_without_waiting_it_says_that_the_challenge_goes_live_later(load, course):
    code, said = load(course)
    assert (code, said[-1]) == (0, "2 imported")
    assert "imported  challenge sums/sum: goes live when its check has passed." in said


def test_a_course_that_says_nothing_of_a_category_leaves_its_description(load, database, course):
    rows.category(database, name="Sums", description="All about adding.")
    database.commit()
    assert load(course)[1][0] == "unchanged category sums"


@pytest.mark.parametrize(
    ("options", "expected"), [((), ChallengeState.DRAFT), (("--publish",), ChallengeState.PUBLISHED)]
)
def test_a_quiz_is_published_where_that_is_asked_for(load, database, tmp_path, options, expected):
    (tmp_path / "quiz.gift").write_text(QUIZ)
    code, _ = load(tmp_path / "quiz.gift", *options)
    assert (code, state(database, "quiz/sky")) == (0, expected)


def test_the_folder_of_one_challenge_is_told_what_to_give_instead(load, course):
    code, said = load(course / "sums" / "sum")
    assert code == 1
    assert said[0] == (
        "refused   sum: Is a single challenge; give the folder with categories.yaml, two levels above it."
    )
