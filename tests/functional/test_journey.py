"""From REST through a Celery worker process to Socket.IO, all of them real."""

import pytest
import socketio

SUM = "a, b = map(int, input().split())\nprint(a + b)"
PYTHON = {"language": "python"}


def test_a_right_program_is_accepted_live_and_completes_the_challenge(staffed):
    learner, challenge = staffed.learner(), staffed.addition()
    with learner.listen() as live:
        response = learner.submit(challenge, {**PYTHON, "source": SUM})
        assert response.status_code == 202
        assert response.headers["Location"].endswith(f"/api/submissions/{response.json()['id']}")
        live.wait_for("leaderboard.changed")
    assert live.types(response.json()["id"]) == [
        "submission.queued",
        "submission.grading",
        "submission.case",
        "submission.case",
        "submission.graded",
    ]
    graded = learner.get(f"/submissions/{response.json()['id']}")
    assert (graded["verdict"], graded["score"], graded["points"]) == ("accepted", 1.0, 100)
    progress = learner.progress(challenge)
    assert (progress["status"], progress["points"], progress["completed_at"] is not None) == (
        "completed",
        100,
        True,
    )
    first = learner.get("/leaderboard")[0]
    assert (first["rank"], first["username"], first["points"]) == (1, learner.name, 100)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("print(0)", "wrong_answer"),
        ("while True: pass", "time_limit_exceeded"),
        ("1 / 0", "runtime_error"),
        ("x = bytearray(400 * 2**20)", "memory_limit_exceeded"),
        ("while True: print('x' * 1000)", "output_limit_exceeded"),
    ],
)
def test_each_way_to_fail_has_its_own_verdict(staffed, source, verdict):
    learner = staffed.learner()
    response = learner.submit(staffed.addition(), {**PYTHON, "source": source}, Prefer="wait=30")
    assert (response.status_code, response.json()["verdict"]) == (201, verdict)
    assert response.json()["points"] == 0


def test_a_question_is_answered_while_one_waits(staffed):
    learner = staffed.learner()
    response = learner.submit(staffed.question(), {"selected": ["a"]}, Prefer="wait=30")
    assert (response.status_code, response.json()["verdict"]) == (201, "accepted")


def test_who_connects_late_gets_every_event_once_in_order(staffed):
    learner = staffed.learner()
    learner.submit(staffed.question(), {"selected": ["a"]}, Prefer="wait=30")
    log = [event["id"] for event in learner.get("/events", after=0)]
    with learner.listen(last_event_id=2) as live:
        live.wait_for("leaderboard.changed")
        learner.submit(staffed.question(), {"selected": ["b"]})
        live.wait_for("submission.graded", count=2)
    assert log == list(range(1, len(log) + 1))
    assert live.ids() == list(range(3, 3 + len(live.ids())))


def test_nobody_hears_what_happens_to_others(staffed):
    learner, other, challenge = staffed.learner(), staffed.learner(), staffed.question()
    with other.listen() as ears, learner.listen() as live:
        learner.submit(challenge, {"selected": ["a"]})
        live.wait_for("leaderboard.changed")
        mine = other.submit(challenge, {"selected": ["b"]}).json()["id"]
        ears.wait_for("submission.graded")
    assert {event["data"].get("submission_id", mine) for event in ears.events} == {mine}


@pytest.mark.parametrize("auth", [None, {}, {"token": "nonsense"}, {"token": 5}, "text"])
def test_a_bad_token_is_refused_at_connect(staffed, auth):
    with pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(staffed.web.url, auth=auth, transports=["websocket"])


def test_a_wrong_last_event_id_is_refused_at_connect(staffed):
    learner = staffed.learner()
    with pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(
            staffed.web.url, auth={"token": learner.token, "last_event_id": "x"}, transports=["websocket"]
        )


def test_a_cancelled_submission_never_gets_a_verdict(staffed):
    learner = staffed.learner()
    slow = staffed.challenge(
        "code.batch",
        {
            "limits": {"cpu_seconds": 10, "wall_seconds": 20},
            "groups": [{"name": "main", "cases": [{"input": "", "output": ""}]}],
        },
    )
    with learner.listen() as live:
        running = learner.submit(slow, {**PYTHON, "source": "while True: pass"}).json()["id"]
        live.wait_for("submission.grading")
        assert learner.call("DELETE", f"/submissions/{running}").status_code == 204
        live.wait_for("submission.cancelled")
        learner.submit(staffed.question(), {"selected": ["a"]})
        live.wait_for("submission.graded")
    assert learner.get(f"/submissions/{running}")["status"] == "cancelled"
    assert learner.call("DELETE", f"/submissions/{running}").status_code == 409


def test_an_essay_waits_for_an_author_who_decides_once(staffed):
    essay = staffed.challenge("essay", {"rubric": [{"id": "a", "text": "Clear", "points": 1}]})
    learner = staffed.learner()
    with learner.listen() as live, staffed.author.listen() as author_hears:
        submission = learner.submit(essay, {"text": "To be."}).json()["id"]
        live.wait_for("submission.awaiting_review")
        author_hears.wait_for("review.waiting")
        waiting = staffed.author.get("/submissions/", status="awaiting_review")
        verdict = {"score": 0.5, "feedback": "Go on."}
        first, second = (
            staffed.author.call("POST", f"/submissions/{submission}/review", json=verdict) for _ in "12"
        )
        live.wait_for("submission.graded")
    assert "review.waiting" not in live.types()
    assert [row["id"] for row in waiting] == [submission]
    assert (first.status_code, second.status_code) == (200, 409)
    graded = learner.get(f"/submissions/{submission}")
    assert (graded["verdict"], graded["points"], graded["results"][0]["feedback"]) == (
        "partially_accepted",
        50,
        "Go on.",
    )
    assert learner.call("POST", f"/submissions/{submission}/review", json=verdict).status_code == 403
