"""Trial runs: real outcomes that count nothing."""

import pytest

PYTHON = {"language": "python"}
SUM = "a, b = map(int, input().split())\nprint(a + b)"


def tried(learner, challenge, source, **body):
    answer = {"answer": {**PYTHON, "source": source}, **body}
    return learner.call("POST", f"/challenges/{challenge}/runs", json=answer, headers={"Prefer": "wait=30"})


def test_a_run_meets_the_sample_tests_only_and_costs_no_attempt(staffed):
    learner, challenge = staffed.learner(), staffed.addition(attempts_max=1)
    response = tried(learner, challenge, SUM)
    run = response.json()
    assert (response.status_code, run["verdict"]) == (201, "accepted")
    assert [(result["name"], result["stdout"]) for result in run["results"]] == [("sample 1", "3\n")]
    assert learner.get(f"/challenges/{challenge}")["limits"]["attempts_left"] == 1
    assert (learner.get("/progress/"), learner.get("/submissions/")) == ([], [])


def test_a_run_on_an_input_of_ones_own_shows_what_was_printed(staffed):
    run = tried(staffed.learner(), staffed.addition(), SUM, stdin="40 2\n").json()
    assert [(r["name"], r["stdout"]) for r in run["results"]] == [("your input", "42\n")]


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("print(0)", "wrong_answer"),
        ("1/0", "runtime_error"),
        ("print(", "compile_error"),
        ("while 1: pass", "time_limit_exceeded"),
    ],
)
def test_a_run_shows_how_a_program_fails(staffed, source, verdict):
    assert tried(staffed.learner(), staffed.addition(), source).json()["verdict"] == verdict


def test_the_end_of_a_run_is_told_live(staffed):
    learner, challenge = staffed.learner(), staffed.addition()
    with learner.listen() as live:
        run = learner.make(f"/challenges/{challenge}/runs", answer={**PYTHON, "source": SUM})
        live.wait_for("run.finished")
    assert live.events[-1]["data"] == {"run_id": run["id"], "status": "graded", "verdict": "accepted"}


def test_a_question_has_no_trial_runs(staffed):
    body = {"answer": {"selected": ["a"]}}
    refused = staffed.learner().call("POST", f"/challenges/{staffed.question()}/runs", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_a_run_of_somebody_else_is_not_there(staffed):
    run = tried(staffed.learner(), staffed.addition(), SUM).json()["id"]
    assert staffed.learner().call("GET", f"/runs/{run}").status_code == 404


def test_too_much_input_is_refused_and_says_how_much_is_taken(staffed):
    refused = tried(staffed.learner(), staffed.addition(), SUM, stdin="x" * 70_000)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["stdin"])
