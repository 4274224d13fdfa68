"""Hints, editorials, locks and languages in a chat."""

from core.models.hint import HintPurchase
from core.models.progress import UserProgress
from core.services.tracks import create_track
from core.words import ChallengeState
from tests.factories import rows

HINTS = [{"text": "It begins with **P**.", "cost": 2}, {"text": "It ends with s.", "cost": 0}]


def test_a_hint_that_costs_points_is_asked_for_twice_and_paid_once(linked, house):
    challenge = house.challenge(hints=HINTS)
    linked.write(f"/challenge {challenge.id}")
    linked.reads("Capital of France")
    linked.tap("Hint 1 of 2 (−2 points)")
    linked.reads("costs 2 points", "Points that you have stay yours")
    linked.tap("Show it for 2 points")
    assert "<b>P</b>" in linked.reads("Hint 1 of 2 · Capital of France", "It begins with P.").html
    linked.tap("Hint 2 of 2 (free)")
    linked.reads("It ends with s.")
    assert [(row.number, row.cost) for row in house.all(HintPurchase)] == [(1, 2), (2, 0)]
    assert house.all(UserProgress)[0].deducted == 2


def test_the_editorial_has_a_button_under_an_accepted_answer(linked, house, learner):
    challenge = house.challenge(editorial="It is on the *Seine*.")
    house.grade(house.submit(learner, challenge, {"text": "Paris"}))
    linked.reads("Accepted")
    linked.tap("Editorial")
    linked.reads("Editorial · Capital of France", "It is on the Seine.")


def test_a_locked_challenge_says_what_to_do_first(linked, house):
    first = house.challenge(title="First one")
    locked = house.challenge(title="Second one", prerequisites={"challenge": first.id})
    linked.write("/challenges")
    assert "🔒 Second one · 10" in [button["text"] for button in linked.reads("🔒 locked").buttons]
    linked.write(f"/challenge {locked.id}")
    linked.reads("This challenge is locked. First solve “First one”.")
    linked.write("Paris")
    linked.reads("✋ This challenge is locked. First solve “First one”.")
    assert house.submissions == []


def test_a_challenge_comes_in_the_language_of_the_app(linked, house):
    german = {
        "title": "Hauptstadt",
        "description": "Welche Stadt?",
        "texts": {"Paris": "Paris (an der Seine)"},
    }
    spec = {"options": [{"id": "p", "text": "Paris", "correct": True}, {"id": "r", "text": "Rome"}]}
    with house.sessions.begin() as session:
        challenge = rows.challenge(session, kind="choice", spec=spec, translations={"de": german})
    linked.person["language_code"] = "de"
    linked.write("/challenges")
    assert "▫️ Hauptstadt · 10" in [button["text"] for button in linked.reads("1 challenge").buttons]
    linked.write(f"/challenge {challenge.id}")
    shown = linked.reads("Hauptstadt", "Welche Stadt?")
    assert [button["text"] for button in shown.buttons] == ["A. Paris (an der Seine)", "B. Rome"]


def test_a_track_leads_to_its_next_challenge(linked, house, learner):
    first, second = house.challenge(title="First one"), house.challenge(title="Second one")
    with house.sessions.begin() as session:
        ids = {"challenges": [first.id, second.id], "strict": True, "state": ChallengeState.PUBLISHED}
        create_track(session, learner, {"slug": "steps", "title": "Steps", **ids})
    house.grade(house.submit(learner, first, {"text": "Paris"}))
    linked.write("/tracks")
    linked.reads("1 track", "✏️ Steps · 1 of 2 solved")
    linked.tap("Steps")
    linked.reads("Second one", "next message")
