"""Statistics as authors read them."""

from __future__ import annotations

import pytest

from tests.factories import rows
from tests.factories.answers import answer, learners

SPEC = {"options": [{"id": name, "text": name, "correct": name == "a"} for name in "abc"]}


@pytest.fixture
def challenge(database):
    made = rows.challenge(database, kind="choice", spec=SPEC)
    database.commit()
    return made


def choose(database, challenge, option, number):
    people = learners(database, number)
    for user in people:
        answer(database, user, challenge, float(option == "a"), answer={"selected": [option]})
    database.commit()
    return people


def test_an_author_reads_what_learners_answered(database, author, challenge):
    people = (
        choose(database, challenge, "a", 12)
        + choose(database, challenge, "b", 6)
        + choose(database, challenge, "c", 2)
    )
    response = author.get(f"/challenges/{challenge.id}/statistics")
    body = response.get_json()
    assert response.status_code == 200
    assert (body["revision"], body["totals"]["learners"], body["sampled"]) == (1, 20, 20)
    assert body["totals"]["facility"]["value"] == 0.6
    assert body["verdicts"]["cells"] == [
        {"value": "accepted", "count": 12},
        {"value": "wrong_answer", "count": 8},
    ]
    (part,) = body["answers"]
    assert [(one["value"], one["learners"], one["score"]) for one in part["values"]] == [("a", 12, 1.0)]
    assert part["others"] == {"values": 2, "count": 8}
    assert body["discrimination"]["reason"] == "no_category"
    assert not any(user.username in response.text for user in people)


def test_a_small_group_is_not_described(database, author, challenge):
    choose(database, challenge, "b", 4)
    body = author.get(f"/challenges/{challenge.id}/statistics?revision=1").get_json()
    assert (body["totals"]["learners"], body["totals"]["reason"]) == (None, "fewer_than_5_learners")
    assert (body["sampled"], body["answers"], body["tests"], body["concerns"]) == (None, [], None, [])


def test_what_to_look_at_is_said(app, database, author, challenge):
    choose(database, challenge, "b", 25)
    body = author.get(f"/challenges/{challenge.id}/statistics").get_json()
    assert [concern["code"] for concern in body["concerns"]] == ["nobody_solves_it", "option_nobody_chooses"]
    shown = app.test_cli_runner().invoke(args=["content", "statistics", str(challenge.id)])
    assert "• None of 25 learners solved it: can it be solved, and is the key right?" in shown.output
    assert "• selected: none of 25 learners chose a, c." in shown.output


def test_learners_do_not_read_statistics(learner, challenge, problem):
    problem(learner.get(f"/challenges/{challenge.id}/statistics"), 403, "forbidden")


@pytest.mark.parametrize(
    ("path", "status"),
    [("{}/statistics?revision=2", 404), ("{}/statistics?revision=x", 422), ("0/statistics", 404)],
)
def test_what_is_not_there_is_said(author, challenge, problem, path, status):
    problem(author.get("/challenges/" + path.format(challenge.id)), status)


def test_the_shell_shows_tables(app, database, challenge):
    choose(database, challenge, "a", 12)
    choose(database, challenge, "b", 6)
    shown = app.test_cli_runner().invoke(args=["content", "statistics", str(challenge.id)])
    assert (shown.exit_code, shown.output.splitlines()[0]) == (0, "Capital of France, revision 1")
    rows = {
        line.split("  ")[1].strip(): line.split()
        for line in shown.output.splitlines()
        if line.startswith("  ")
    }
    assert rows["solved"][1:] == ["0.67", "0.44", "..", "0.84", "18"]
    assert rows["a"][1:] == ["12", "0.67", "1.00"]


def test_the_shell_says_at_once_that_there_are_too_few(app, database, challenge):
    choose(database, challenge, "b", 4)
    shown = app.test_cli_runner().invoke(args=["content", "statistics", str(challenge.id)])
    assert shown.output.splitlines() == [
        "Capital of France, revision 1",
        "Fewer than 5 learners have answered it; of so few nothing is told.",
    ]


def test_the_shell_names_a_challenge_that_is_not_there(app):
    shown = app.test_cli_runner().invoke(args=["content", "statistics", "nowhere"])
    assert shown.exit_code == 1
    assert "There is no challenge 'nowhere'" in shown.output
