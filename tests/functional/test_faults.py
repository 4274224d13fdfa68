"""What must not be lost, doubled or blamed on the learner when something breaks."""

from concurrent.futures import ThreadPoolExecutor

SUM = "a, b = map(int, input().split())\nprint(a + b)"


def test_the_same_key_makes_one_submission(staffed):
    learner, challenge = staffed.learner(), staffed.question()
    first, again = (learner.submit(challenge, {"selected": ["a"]}, **{"Idempotency-Key": "k"}) for _ in "12")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert learner.progress(challenge)["attempts"] == 1


def test_the_same_key_with_another_answer_is_refused(staffed):
    learner, challenge = staffed.learner(), staffed.question()
    learner.submit(challenge, {"selected": ["a"]}, **{"Idempotency-Key": "k"})
    other = learner.submit(challenge, {"selected": ["b"]}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_many_requests_with_one_key_at_once_make_one_submission(staffed):
    learner, challenge = staffed.learner(), staffed.question()
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: learner.submit(challenge, {"selected": ["a"]}, **{"Idempotency-Key": "k"}), range(8)
            )
        )
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1
    assert len(learner.get("/submissions/")) == 1


def test_of_two_simultaneous_submissions_on_the_last_attempt_one_is_accepted(staffed):
    learner, challenge = staffed.learner(), staffed.question(attempts_max=1)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: learner.submit(challenge, {"selected": ["b"]}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"attempts_exhausted"}
    shown = learner.get(f"/challenges/{challenge}")
    assert (shown["limits"]["attempts_left"], shown["progress"]["attempts"]) == (0, 1)


def test_a_malformed_answer_is_422_and_costs_nothing(staffed):
    learner, challenge = staffed.learner(), staffed.question()
    refused = learner.submit(challenge, {"selected": ["no such option"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_answer")
    assert learner.get("/progress/") == []


def test_without_redis_it_is_accepted_and_graded_once_redis_returns(
    site, servers, worker_process, sweeper_process
):
    learner, challenge = site.learner(), site.question()
    worker_process()
    sweeper_process()
    with learner.listen() as live:
        servers.valkey.stop()
        try:
            accepted = learner.submit(challenge, {"selected": ["a"]})
        finally:
            servers.valkey.start()
        assert accepted.status_code == 202
        live.wait_for("submission.graded")
    assert learner.verdict(accepted.json()["id"])["verdict"] == "accepted"
    assert live.ids() == list(range(1, len(live.ids()) + 1))
    assert learner.progress(challenge)["attempts"] == 1


def test_a_worker_killed_while_grading_is_replaced_and_the_verdict_comes_once(
    site, worker_process, sweeper_process
):
    learner, challenge = site.learner(), site.addition()
    sweeper_process()
    doomed = worker_process()
    with learner.listen() as live:
        sleepy = {"language": "python", "source": f"import time\ntime.sleep(2)\n{SUM}"}
        submission = learner.submit(challenge, sleepy).json()["id"]
        live.wait_for("submission.grading")
        doomed.kill()
        worker_process()
        live.wait_for("leaderboard.changed")
    assert live.types(submission).count("submission.graded") == 1
    assert learner.get(f"/submissions/{submission}")["verdict"] == "accepted"
    assert learner.progress(challenge)["attempts"] == 1


def test_events_reach_the_socket_while_redis_is_away(site, servers):
    learner = site.learner()
    with learner.listen() as live:
        servers.valkey.stop()
        try:
            learner.make("/progress/", challenge_id=site.question())
            live.wait_for("progress.updated")
        finally:
            servers.valkey.start()


def test_a_submission_of_somebody_else_is_not_there(staffed):
    learner, other = staffed.learner(), staffed.learner()
    mine = learner.submit(staffed.question(), {"selected": ["a"]}).json()["id"]
    assert other.call("GET", f"/submissions/{mine}").status_code == 404
    assert other.call("DELETE", f"/submissions/{mine}").status_code == 404
