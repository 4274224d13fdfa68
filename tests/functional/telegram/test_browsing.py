"""Looking around: lists, a challenge, progress, the leaderboard."""

import pytest

from core.models.event import Event
from core.models.progress import UserProgress
from core.words import ChallengeState, Difficulty, ProgressStatus
from tests.factories import rows


def labels(shown):
    return [button["text"] for button in shown.buttons]


def test_the_list_shows_what_is_published_easy_ones_first(linked, house):
    house.challenge(title="Hard one", difficulty=Difficulty.ADVANCED)
    house.challenge(title="Easy one")
    house.challenge(title="Not ready", state=ChallengeState.DRAFT)
    linked.write("/challenges")
    shown = linked.reads("2 challenges")
    assert [label for label in labels(shown) if "one" in label] == ["▫️ Easy one · 10", "▫️ Hard one · 10"]
    assert not any("Not ready" in label for label in labels(shown))


def test_a_long_list_has_pages_that_turn_in_the_same_message(linked, house):
    for number in range(9):
        house.challenge(title=f"Question {number}")
    linked.write("/challenges")
    shown = linked.reads("9 challenges", "page 1 of 2")
    linked.tap("▶️")
    linked.reads("page 2 of 2")
    assert (len(linked.messages), labels(shown)[0]) == (2, "▫️ Question 8 · 10")
    linked.tap("◀️")
    linked.reads("page 1 of 2")


def test_the_list_takes_a_difficulty_and_a_category(linked, house):
    with house.sessions.begin() as session:
        geography = rows.category(session, name="Geography of Europe")
        rows.challenge(session, title="Alps", category_id=geography.id)
        rows.challenge(session, title="Rivers", category_id=geography.id, difficulty=Difficulty.ADVANCED)
        rows.challenge(session, title="Loops", difficulty=Difficulty.ADVANCED)
    linked.write("/challenges advanced geography")
    shown = linked.reads("1 challenge ·", "Geography of Europe", "advanced")
    assert labels(shown)[0] == "▫️ Rivers · 10"
    linked.tap("• advanced •")
    linked.reads("2 challenges · Geography of Europe")
    linked.write("/challenges <b>cooking</b>")
    linked.reads("no category or difficulty “<b>cooking</b>”", "Geography of Europe")


def test_opening_a_challenge_shows_it_and_starts_the_progress(linked, house, learner):
    challenge = house.challenge(description="Which **city**? <script>", attempts_max=3)
    linked.write(f"/challenge {challenge.id}")
    shown = linked.reads("Capital of France", "Which city? <script>", "Attempts left: 3 of 3", "next message")
    assert "<b>city</b>" in shown.html
    (progress,) = house.all(UserProgress)
    assert (progress.user_id, progress.status) == (learner.id, ProgressStatus.STARTED)
    assert [event.type for event in house.all(Event)] == ["progress.updated"]


def test_a_tap_in_the_list_opens_the_challenge(linked, house):
    house.challenge(title="Alps")
    linked.write("/challenges")
    linked.reads("1 challenge")
    linked.tap("Alps")
    linked.reads("1. Alps")


@pytest.mark.parametrize("number", ["4711", "99999999999999999999999", "0"])
def test_a_number_of_no_challenge_is_answered_with_where_to_look(linked, number):
    linked.write(f"/challenge {number}")
    linked.reads("no such challenge", "/challenges")


@pytest.mark.parametrize("words", ["", " three", " -1", " ١"])
def test_something_that_is_not_a_number_is_answered_with_what_to_send(linked, words):
    linked.write(f"/challenge{words}")
    linked.reads("Send its number")


def test_a_draft_is_not_there_for_a_learner(linked, house):
    draft = house.challenge(state=ChallengeState.DRAFT)
    linked.write(f"/challenge {draft.id}")
    linked.reads("no such challenge")


def test_a_very_long_statement_arrives_in_pieces_with_the_buttons_last(linked, house):
    spec = {"options": [{"id": "a", "text": "Yes", "correct": True}, {"id": "b", "text": "No"}]}
    text = "\n\n".join(f"Paragraph {n} & <tags>. " + "word " * 150 for n in range(11))
    challenge = house.challenge(kind="choice", spec=spec, description=text)
    linked.write(f"/challenge {challenge.id}")
    last = linked.reads("Tap your answer")
    assert labels(last) == ["A. Yes", "B. No"]
    assert len(linked.messages) > 2
    assert "Paragraph 10 & <tags>." in last.text


def test_progress_shows_points_and_rank(linked, house, learner):
    solved, tried = house.challenge(title="Alps"), house.challenge(title="Rivers")
    house.grade(house.submit(learner, solved, {"text": "Paris"}))
    house.grade(house.submit(learner, tried, {"text": "Oslo"}), score=0)
    linked.write("/progress")
    linked.reads("10 points · rank 1", "1 of 2 challenges solved", "✅ 1. Alps · 10/10", "✏️ 2. Rivers · 0/10")


def test_the_leaderboard_marks_the_learner(linked, house, learner):
    challenge = house.challenge()
    for user, score in ((house.user(username="grace"), 1.0), (learner, 0.5)):
        house.grade(house.submit(user, challenge, {"text": "Paris"}), score=score)
    linked.write("/leaderboard")
    shown = linked.reads("🥇 grace · 10", f"🥈 {learner.username} · 5")
    assert f"<b>🥈 {learner.username} · 5</b>" in shown.html


def test_cancel_leaves_the_open_challenge(linked, house):
    challenge = house.challenge()
    linked.write(f"/challenge {challenge.id}")
    linked.reads("next message")
    linked.write("/cancel")
    linked.reads("Left Capital of France")
    linked.write("Paris")
    linked.reads("No challenge is open")
    assert house.submissions == []


def test_an_unknown_command_is_answered_with_help(linked):
    linked.write("/dance")
    linked.reads("do not know this command")
    linked.write("/help")
    linked.reads("/leaderboard - who leads")
