"""Lists, bounded and escaped."""

from datetime import UTC, datetime

from bot.html import LIMIT, length
from bot.messages.lists import (
    challenges_message,
    leaderboard_message,
    progress_message,
    tracks_message,
    unknown_words,
)
from bot.views import (
    ChallengeLine,
    ChallengePage,
    ListFilter,
    ProgressLine,
    ProgressReport,
    Ranking,
    TrackLine,
)
from core.services.leaderboard import Standing
from core.words import Difficulty, ProgressStatus
from tests.functional.telegram.telegram_html import plain_text

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def page(*titles, status=None, **fields):
    lines = tuple(
        ChallengeLine(i, title, Difficulty.BEGINNER, 10, status) for i, title in enumerate(titles, 1)
    )
    given = {"page": 0, "pages": 1, "total": len(titles), "filter": ListFilter()}
    return challenges_message(ChallengePage(lines, **{**given, **fields}))


def rows(message):
    return [[button.text for button in row] for row in message.keyboard]


def test_each_challenge_is_a_button_with_its_status_and_points():
    assert rows(page("Sum", status=ProgressStatus.COMPLETED))[0] == ["✅ Sum · 10"]
    assert rows(page("Sum", status=ProgressStatus.SUBMITTED))[0] == ["✏️ Sum · 10"]
    assert rows(page("Sum"))[0] == ["▫️ Sum · 10"]


def test_a_long_title_is_shortened():
    assert rows(page("x" * 200))[0] == ["▫️ " + "x" * 47 + "… · 10"]


def test_only_pages_that_exist_can_be_turned_to():
    assert ["▶️"] in rows(page("a", pages=3))
    assert ["◀️", "▶️"] in rows(page("a", page=1, pages=3))
    assert ["◀️"] in rows(page("a", page=2, pages=3))


def test_a_chosen_difficulty_is_marked_and_removed_by_another_tap():
    message = page("a", filter=ListFilter(Difficulty.ADVANCED, 4))
    assert rows(message)[-1] == ["beginner", "intermediate", "• advanced •"]
    assert message.keyboard[-1][2].data == "list:0::4"


def test_an_empty_list_says_what_else_there_is():
    assert "no challenges yet" in page().text
    assert "All of them: /challenges" in page(filter=ListFilter(Difficulty.ADVANCED)).text


def test_unknown_words_are_answered_with_the_known_ones():
    text = plain_text(unknown_words("<b>" * 99, ("Geography & more",)).text)
    assert "beginner, intermediate, advanced" in text
    assert text.endswith("Categories: Geography & more.")


def test_progress_is_bounded_and_tells_how_much_more_there_is():
    line = ProgressLine(1, "<&>" * 99, ProgressStatus.COMPLETED, 3, 10, 10)
    message = progress_message(ProgressReport((line,) * 400, 4000, 1, 500))
    assert length(message.text) <= LIMIT
    text = plain_text(message.text)
    assert text.startswith("📈 4000 points · rank 1\n400 of 500 challenges solved")
    assert text.endswith("…and 375 more")


def test_no_progress_yet_is_said():
    text = plain_text(progress_message(ProgressReport((), 0, None, 12)).text)
    assert text == "📈 0 points\n0 of 12 challenges solved\n\nYou have not opened a challenge yet."


def test_the_leaderboard_shows_the_learners_own_place_below_the_first_ones():
    top = tuple(Standing(rank, f"user{rank}", 100 - rank, NOW) for rank in (1, 2, 3, 4))
    text = plain_text(leaderboard_message(Ranking(top, Standing(17, "<me>", 3, NOW))).text)
    assert text.splitlines()[1:] == [
        "🥇 user1 · 99",
        "🥈 user2 · 98",
        "🥉 user3 · 97",
        "4. user4 · 96",
        "…",
        "17. <me> · 3",
    ]


def test_an_empty_leaderboard_invites():
    assert "Be the first" in leaderboard_message(Ranking((), None)).text


def test_a_locked_challenge_is_marked():
    line = ChallengeLine(1, "Sum", Difficulty.BEGINNER, 10, None, locked=True)
    message = challenges_message(ChallengePage((line,), 0, 1, 1, ListFilter()))
    assert rows(message)[0] == ["🔒 Sum · 10"]
    assert "🔒 locked" in message.text
    assert "🔒" not in page("Sum").text


def test_a_track_leads_on_until_it_is_done():
    message = tracks_message((TrackLine("Steps", 1, 2, 7), TrackLine("A < B", 2, 2, None)))
    assert plain_text(message.text).splitlines()[1:3] == [
        "✏️ Steps · 1 of 2 solved",
        "✅ A < B · 2 of 2 solved",
    ]
    assert [button.data for row in message.keyboard for button in row] == ["open:7"]


def test_no_tracks_is_said():
    assert "no tracks yet" in tracks_message(()).text
