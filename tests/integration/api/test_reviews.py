"""The review queue: who sees it, who holds what, and how a verdict by the rubric reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from core.grading import Lane, Queue
from core.models.progress import UserProgress
from core.models.submission import Submission
from core.services.claims import claim_submissions
from core.services.grading import await_review
from core.services.submissions import NewSubmission, create_submission
from core.words import Resubmission, Role
from graders.registry import grader_for
from tests.factories import rows

RUBRIC = [
    {"id": "cost", "text": "Names the cost.", "points": 2, "step": 0.5, "guidance": "SECRET: space, locks."},
    {"id": "why", "text": "Gives a reason.", "points": 3},
]
SPEC = {"rubric": RUBRIC, "model_answer": "SECRET: it depends."}
GIVEN = {"cost": {"points": 1.5, "comment": "Locks!"}, "why": {"points": 3}}


@pytest.fixture
def essay(database):
    """A published essay."""
    made = rows.challenge(database, kind="essay", spec=SPEC, points=10, attempts_max=3)
    database.commit()
    return made


@pytest.fixture
def hand_in(database, essay):
    """`hand_in()` is an essay of a new learner that awaits review; returns the submission."""

    def make(to=None, by=None):
        to = to or essay
        learner = by or rows.user(database)
        made = create_submission(database, learner, to, grader_for("essay"), NewSubmission({"text": "It."}))
        [claim] = claim_submissions(database, Lane(Queue.KNOWLEDGE), "w")
        assert await_review(database, claim)
        database.commit()
        return made

    return make


@pytest.fixture
def other(person):
    return person(Role.AUTHOR)


def listed(reviewer, **query):
    answer = reviewer.client.get(
        "/api/reviews", query_string=query, headers={"Authorization": f"Bearer {reviewer.access_token}"}
    )
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def claim(reviewer, submission):
    return reviewer.send("POST", f"/submissions/{submission.id}/review/claim")


def decide(reviewer, submission, **body):
    return reviewer.post(f"/submissions/{submission.id}/review", body)


def expire(database):
    past = func.clock_timestamp() - timedelta(seconds=1)
    database.execute(update(Submission).values(review_until=past))
    database.commit()


def test_the_queue_lists_the_oldest_first_with_learner_challenge_and_holder(author, hand_in):
    first, second = hand_in(), hand_in()
    claim(author, second)
    rows_ = listed(author)
    assert [row["submission_id"] for row in rows_] == [first.id, second.id]
    assert (rows_[0]["title"], rows_[0]["username"]) == (first.challenge.title, first.user.username)
    assert (rows_[0]["claimed_by"], rows_[0]["claimed_until"]) == (None, None)
    assert rows_[1]["claimed_by"] == author.username
    assert rows_[1]["claimed_until"]


def test_the_queue_is_read_page_by_page(author, hand_in):
    made = [hand_in().id for _ in range(3)]
    first = author.get("/reviews/?page_size=2")
    link = first.headers["Link"].split(">")[0].removeprefix("<").split("/api")[1]
    pages = first.get_json() + author.get(link).get_json()
    assert [row["submission_id"] for row in pages] == made


def test_the_queue_is_filtered_by_challenge_category_and_claim(author, other, database, hand_in):
    category = rows.category(database, name="Prose")
    kept = rows.challenge(database, kind="essay", spec=SPEC, category_id=category.id)
    free, mine, theirs, elsewhere = hand_in(), hand_in(), hand_in(), hand_in(kept)
    claim(author, mine)
    claim(other, theirs)

    def ids(**query):
        return [row["submission_id"] for row in listed(author, **query)]

    assert ids(claimed="mine") == [mine.id]
    assert ids(claimed="others") == [theirs.id]
    assert ids(claimed="free") == [free.id, elsewhere.id]
    assert ids(claimed=["mine", "others"]) == [mine.id, theirs.id]
    assert ids(category="prose") == ids(challenge_id=kept.id) == ids(category=category.id) == [elsewhere.id]


def test_learners_have_no_business_in_the_queue(learner, problem):
    claim_of_one = "/submissions/1/review/claim"
    for door in (
        ("GET", "/reviews"),
        ("POST", "/reviews/next"),
        ("POST", claim_of_one),
        ("DELETE", claim_of_one),
    ):
        problem(learner.send(*door), 403, "forbidden")


def test_a_claim_shows_what_is_needed_to_mark(author, hand_in):
    claimed = claim(author, hand_in()).get_json()
    assert (claimed["answer"], claimed["rubric"], claimed["model_answer"]) == (
        {"text": "It."},
        RUBRIC,
        SPEC["model_answer"],
    )
    assert claimed["claimed_by"] == author.username


def test_a_second_reviewer_is_told_who_holds_it(author, other, hand_in, problem):
    submission = hand_in()
    claim(author, submission)
    assert author.username in problem(claim(other, submission), 409, "review_claimed")["detail"]
    problem(other.send("DELETE", f"/submissions/{submission.id}/review/claim"), 409, "review_claimed")
    problem(decide(other, submission, score=1), 409, "review_claimed")


def test_claiming_again_renews(author, database, hand_in):
    submission = hand_in()
    first = claim(author, submission).get_json()["claimed_until"]
    assert claim(author, submission).get_json()["claimed_until"] > first


def test_an_expired_claim_is_anybodys(author, other, database, hand_in):
    submission = hand_in()
    claim(author, submission)
    expire(database)
    assert [row["claimed_by"] for row in listed(author, claimed="free")] == [None]
    assert claim(other, submission).get_json()["claimed_by"] == other.username


def test_a_claim_is_given_back_and_giving_back_twice_does_no_harm(author, other, hand_in):
    submission = hand_in()
    claim(author, submission)
    path = f"/submissions/{submission.id}/review/claim"
    assert [author.send("DELETE", path).status_code for _ in "12"] == [204, 204]
    assert claim(other, submission).status_code == 200


def test_what_does_not_wait_is_not_claimed(author, database, hand_in, problem):
    submission = hand_in()
    decide(author, submission, score=1)
    problem(claim(author, submission), 409, "conflict")
    problem(author.send("POST", "/submissions/987654/review/claim"), 404)


def test_the_next_one_is_the_oldest_free_one_until_none_is_left(author, other, hand_in):
    first, second = hand_in(), hand_in()
    assert author.send("POST", "/reviews/next").get_json()["submission_id"] == first.id
    assert other.send("POST", "/reviews/next").get_json()["submission_id"] == second.id
    assert author.send("POST", "/reviews/next").status_code == 204
    assert [row["submission_id"] for row in listed(author, claimed="mine")] == [first.id]


def test_the_next_one_of_a_challenge(author, database, hand_in):
    hand_in()
    wanted = hand_in(rows.challenge(database, kind="essay", spec=SPEC))
    answer = author.send("POST", f"/reviews/next?challenge_id={wanted.challenge_id}")
    assert answer.get_json()["submission_id"] == wanted.id


def test_reviewers_who_ask_at_once_never_get_the_same(app, person, hand_in):
    made, reviewers = [hand_in().id for _ in range(6)], [person(Role.AUTHOR) for _ in range(3)]

    def take(reviewer):
        return [reviewer.send("POST", "/reviews/next").get_json()["submission_id"] for _ in "12"]

    with ThreadPoolExecutor(3) as pool:
        taken = [number for numbers in pool.map(take, reviewers) for number in numbers]
    assert sorted(taken) == made


def test_of_reviewers_who_claim_one_at_once_one_gets_it(app, person, hand_in):
    submission, reviewers = hand_in(), [person(Role.AUTHOR) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda reviewer: claim(reviewer, submission).status_code, reviewers))
    assert sorted(answers) == [200, 409, 409, 409]


def test_points_by_the_rubric_make_score_points_and_results(author, hand_in):
    submission = hand_in()
    answer = decide(author, submission, criteria=GIVEN, feedback="Well done.").get_json()
    assert (answer["status"], answer["verdict"], answer["score"]) == ("graded", "partially_accepted", 0.9)
    assert (answer["points"], answer["grader"]) == (9, author.username)
    read = [(r["name"], r["group"], r["verdict"], r["score"], r["feedback"]) for r in answer["results"]]
    assert read == [
        ("Names the cost.", "cost", "partially_accepted", 0.75, "Locks!"),
        ("Gives a reason.", "why", "accepted", 1.0, None),
        ("review", "review", "partially_accepted", 0.9, "Well done."),
    ]


def test_neither_guidance_nor_model_answer_reaches_the_learner(author, learner, database, essay, hand_in):
    me = database.scalar(select(rows.User).where(rows.User.username == learner.username))
    submission = hand_in(by=me)
    decide(author, submission, criteria=GIVEN)
    for path in (f"/submissions/{submission.id}", f"/challenges/{essay.id}", "/events", "/submissions"):
        assert "SECRET" not in learner.get(path).get_data(as_text=True)


def test_points_that_the_rubric_does_not_have_are_refused_by_name(author, hand_in, problem):
    submission = hand_in()
    wrong = {"cost": {"points": 1.25}, "style": {"points": 1}}
    answer = problem(decide(author, submission, criteria=wrong), 422, "validation_failed")
    assert answer["errors"].keys() == {"criteria.cost.points", "criteria.why", "criteria.style"}
    malformed = {**GIVEN, "cost": {"comment": "?"}}
    assert problem(decide(author, submission, criteria=malformed), 422)["errors"].keys() == {
        "criteria.cost.points"
    }
    assert [row["submission_id"] for row in listed(author)] == [submission.id]


def test_a_score_alone_is_still_taken_and_both_or_none_are_not(author, hand_in, problem):
    submission = hand_in()
    problem(decide(author, submission, feedback="?"), 422, "validation_failed")
    problem(decide(author, submission, score=1, criteria=GIVEN), 422, "validation_failed")
    answer = decide(author, submission, score=0.5, feedback="Go on.").get_json()
    assert [(r["name"], r["feedback"]) for r in answer["results"]] == [("review", "Go on.")]


def test_claims_and_verdicts_are_written_down_without_what_was_said(author, admin, hand_in):
    submission = hand_in()
    claim(author, submission)
    claim(author, submission)
    author.send("DELETE", f"/submissions/{submission.id}/review/claim")
    decide(author, submission, criteria=GIVEN, feedback="Well done.")
    log = admin.get(f"/audit?object=submission:{submission.id}").get_json()[::-1]
    assert [(entry["act"], entry["details"]) for entry in log] == [
        ("review.claimed", {"learner_id": submission.user_id}),
        ("review.released", {}),
        ("submission.reviewed", {"score": 0.9, "criteria": {"cost": 1.5, "why": 3.0}}),
    ]


def test_a_learner_takes_an_essay_back_until_a_reviewer_claims_it(
    author, learner, database, essay, hand_in, problem
):
    me = database.scalar(select(rows.User).where(rows.User.username == learner.username))
    claimed, free = hand_in(by=me), hand_in(by=me)
    claim(author, claimed)
    problem(learner.send("DELETE", f"/submissions/{claimed.id}"), 409, "not_cancellable")
    assert learner.send("DELETE", f"/submissions/{free.id}").status_code == 204
    progress = database.get(UserProgress, (me.id, essay.id), populate_existing=True)
    assert progress.attempts == 1
    problem(claim(author, free), 409, "conflict")


def test_a_new_essay_supersedes_the_one_that_nobody_reads_yet(author, database, hand_in):
    essay = rows.challenge(database, kind="essay", spec=SPEC, on_resubmit=Resubmission.SUPERSEDE)
    me = rows.user(database)
    read = hand_in(essay, me)
    claim(author, read)
    unread, last = hand_in(essay, me), hand_in(essay, me)
    assert [row["submission_id"] for row in listed(author)] == [read.id, last.id]
    database.refresh(unread)
    assert unread.status.value == "cancelled"
