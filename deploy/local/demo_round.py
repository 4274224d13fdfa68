"""The demo's second part, done: every answer handed in, every verdict awaited, essays read by the reviewer."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from deploy.local.demo_kinds import PARTLY, Answer, Sheet
from deploy.local.demo_learner import Client, Learner
from deploy.local.demo_timeline import Timeline
from deploy.local.errors import StackError


def find_challenge(learner: Learner, title: str) -> int:
    """The id of the challenge with that title. Raises StackError."""
    for found in learner.read(f"/challenges/?q={quote(title)}"):
        if found["title"] == title:
            return int(found["id"])
    raise StackError(f"The challenge {title!r} is not there: was content/ loaded?")


def play_kinds(learner: Learner, reviewer: Client, sheets: list[Sheet], timeline: Timeline) -> list[str]:
    """All sheets; what was not as it should be."""
    timeline.kinds()
    faults: list[str] = []
    for sheet in sheets:
        challenge = find_challenge(learner, sheet.challenge)
        graded = [_hand_in(learner, reviewer, challenge, answer) for answer in sheet.answers]
        timeline.sheet(sheet.kind, sheet.challenge, graded)
        for answer, submission in zip(sheet.answers, graded, strict=True):
            faults += _faults(sheet, answer, submission)
    timeline.gap()
    return faults


def _hand_in(learner: Learner, reviewer: Client, challenge: int, answer: Answer) -> dict[str, Any]:
    """The submission with its verdict, once all live events about it have arrived."""
    body = {"answer": answer.answer}
    number = learner.send("POST", f"/challenges/{challenge}/submissions", body)["id"]
    if answer.score is not None:
        _wait(learner, "submission.awaiting_review", number)
        reviewer.send("POST", f"/submissions/{number}/review", {"score": answer.score})
    _wait(learner, "submission.graded", number)
    if later := learner.read(f"/events?after={learner.newest}&page_size=100"):
        for _ in learner.stragglers(later[-1]["id"]):
            pass
    submission: dict[str, Any] = learner.read(f"/submissions/{number}")
    return submission


def _wait(learner: Learner, event: str, submission: int) -> None:
    for _ in learner.live(event, submission):
        pass


def _faults(sheet: Sheet, answer: Answer, submission: dict[str, Any]) -> list[str]:
    found = []
    if submission["verdict"] != answer.verdict:
        found.append(f"{sheet.challenge}: the verdict is {submission['verdict']}, not {answer.verdict}")
    if (answer.verdict == PARTLY) != (0 < submission["score"] < 1):
        found.append(f"{sheet.challenge}: {submission['verdict']} with a score of {submission['score']}")
    return found
