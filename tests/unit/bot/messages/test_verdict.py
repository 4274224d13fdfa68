"""Verdicts as a learner reads them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.html import LIMIT, length
from bot.messages.verdict import achievement_message, grading, rejudge_message, verdict_message
from bot.views import RejudgeNotice, VerdictNotice
from core.grading import Verdict
from core.words import SubmissionStatus
from graders.rubric import Criterion, Points, by_rubric, by_score
from tests.functional.telegram.telegram_html import plain_text

ANY = st.text(st.characters(exclude_categories=()))
NOTICE = VerdictNotice(
    challenge_id=7,
    title="Sum of two",
    status=SubmissionStatus.GRADED,
    verdict=Verdict.ACCEPTED,
    score=1.0,
    earned=10,
    worth=10,
    attempts_left=None,
    results=(),
    compile_output=None,
)


def case(name="main 1", verdict="accepted", feedback=None, cpu_ms=12, memory_kb=9216):
    return {
        "name": name,
        "group": "main",
        "verdict": verdict,
        "score": 1.0 if verdict == "accepted" else 0.0,
        "cpu_ms": cpu_ms,
        "wall_ms": cpu_ms,
        "memory_kb": memory_kb,
        "feedback": feedback,
    }


def answer(verdict, feedback):
    return case("answer", verdict, feedback, cpu_ms=None, memory_kb=None)


def labels(message):
    return [button.text for row in message.keyboard for button in row]


def test_an_accepted_program_tells_points_tests_time_and_memory():
    results = (case("sample 1", cpu_ms=11), case("main 1", cpu_ms=14, memory_kb=10240))
    message = verdict_message(replace(NOTICE, results=results))
    assert plain_text(message.text).splitlines() == [
        "✅ Accepted · Sum of two",
        "+10 points · 2 of 2 tests passed · 14 ms CPU at most · 10.0 MB",
        "",
        "✅ sample 1 · 11 ms",
        "✅ main 1 · 14 ms",
    ]
    assert labels(message) == ["📋 More challenges"]


def test_a_wrong_program_tells_of_the_first_failing_test_and_the_attempts_left():
    results = (case("a"), case("b", "wrong_answer", "expected <4>"), case("c", "runtime_error", "late"))
    wrong = replace(
        NOTICE, verdict=Verdict.WRONG_ANSWER, score=0.0, earned=0, results=results, attempts_left=1
    )
    message = verdict_message(wrong)
    assert plain_text(message.text).splitlines()[1:] == [
        "no points yet, of 10 · 1 of 3 tests passed · 12 ms CPU at most · 9.0 MB",
        "",
        "✅ a · 12 ms",
        "❌ b · wrong answer · 12 ms",
        "❌ c · crashed · 12 ms",
        "",
        "b:",
        "expected <4>",
        "",
        "You have 1 attempt left.",
    ]
    assert labels(message) == ["🔁 Try again", "📋 More challenges"]


def test_many_tests_are_counted_instead_of_listed():
    text = verdict_message(replace(NOTICE, results=tuple(case(f"t{n}") for n in range(13)))).text
    assert "13 of 13 tests passed" in text
    assert text.endswith("✅ t9 · 12 ms\n…and 3 more")


def test_a_failing_test_beyond_the_listed_ones_is_still_explained():
    results = (*(case(f"t{n}") for n in range(12)), case("t12", "wrong_answer", "line 3 differs"))
    text = verdict_message(
        replace(NOTICE, verdict=Verdict.PARTIALLY_ACCEPTED, score=0.9, results=results)
    ).text
    assert "<b>t12</b>:\n<pre>line 3 differs</pre>" in text


def test_a_compile_error_shows_what_the_compiler_says_and_no_tests():
    results = (case("compile", "compile_error", "line 1: <oops>", None, None),)
    wrong = replace(NOTICE, verdict=Verdict.COMPILE_ERROR, score=0, earned=0, results=results)
    text = verdict_message(replace(wrong, compile_output="line 1: <oops>")).text
    assert text.endswith("The compiler says:\n<pre>line 1: &lt;oops&gt;</pre>")


def test_a_partly_right_answer_tells_its_share_and_the_authors_word():
    results = (answer("partially_accepted", "Partly right: 50% of the points. Think of Lyon."),)
    partly = replace(NOTICE, verdict=Verdict.PARTIALLY_ACCEPTED, score=0.5, earned=5, results=results)
    assert plain_text(verdict_message(partly).text).splitlines()[1:4] == [
        "+5 points",
        "",
        "Partly right: 50% of the points. Think of Lyon.",
    ]


@pytest.mark.parametrize(
    ("score", "verdict", "said"),
    [
        (1.0, Verdict.ACCEPTED, "no new points: you had them all"),
        (0.5, Verdict.PARTIALLY_ACCEPTED, "50%, no new points"),
        (0.0, Verdict.WRONG_ANSWER, "no points yet, of 10"),
    ],
)
def test_no_points_are_explained(score, verdict, said):
    message = verdict_message(replace(NOTICE, verdict=verdict, score=score, earned=0))
    assert message.text.splitlines()[1] == said


def test_a_challenge_without_points_promises_none():
    message = verdict_message(replace(NOTICE, verdict=Verdict.WRONG_ANSWER, score=0, earned=0, worth=0))
    assert message.text.splitlines() == ["<b>❌ Wrong answer</b> · Sum of two"]


def test_our_failure_is_never_shown_as_the_learners():
    ours = replace(NOTICE, status=SubmissionStatus.FAILED, verdict=Verdict.INTERNAL_ERROR, score=0, earned=0)
    text = plain_text(verdict_message(ours).text)
    assert "our fault, not yours: your attempt was given back" in text
    assert labels(verdict_message(ours)) == ["🔁 Try again"]


def test_without_attempts_left_there_is_no_button_to_try_again():
    wrong = replace(NOTICE, verdict=Verdict.WRONG_ANSWER, score=0, earned=0, attempts_left=0)
    assert "no attempts left" in verdict_message(wrong).text
    assert labels(verdict_message(wrong)) == ["📋 More challenges"]


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_headline(verdict):
    assert plain_text(
        verdict_message(replace(NOTICE, verdict=verdict, results=(case(verdict=verdict),))).text
    )


@given(ANY, ANY, st.sampled_from(Verdict), st.integers(0, 30))
def test_whatever_a_program_says_the_message_is_valid_and_fits(title, output, verdict, count):
    results = tuple(case(output, verdict.value, output * 9) for _ in range(count))
    given = replace(NOTICE, title=title, verdict=verdict, results=results, compile_output=output * 9)
    message = verdict_message(given)
    plain_text(message.text)
    assert length(message.text) <= LIMIT


def test_a_flood_of_markup_is_bounded():
    flood = "<&>" * 5000
    results = tuple(case(flood, "wrong_answer", flood) for _ in range(200))
    message = verdict_message(replace(NOTICE, title=flood, verdict=Verdict.WRONG_ANSWER, results=results))
    plain_text(message.text)
    assert length(message.text) <= LIMIT


def test_grading_and_achievements_escape_their_titles():
    assert plain_text(grading("a < b").text) == "⏳ Grading your answer to a < b…"
    assert plain_text(achievement_message("<First>").text) == "🏆 Achievement unlocked: <First>"


@pytest.mark.parametrize(
    ("verdict", "change", "said"),
    [
        (Verdict.ACCEPTED, 10, "accepted now, +10 points."),
        (Verdict.WRONG_ANSWER, -1, "not accepted now, −1 point."),
        (Verdict.PARTIALLY_ACCEPTED, 0, "partly right now, and your points stay as they were."),
    ],
)
def test_an_answer_that_was_graded_again_is_told_in_a_sentence(verdict, change, said):
    message = rejudge_message(RejudgeNotice(7, "Sum <of> two", verdict, change))
    assert plain_text(message.text) == f"🔄 Your answer to Sum <of> two was graded again: {said}"
    assert labels(message) == ["Open the challenge"]


def test_every_verdict_has_its_words_for_a_rejudge():
    for verdict in Verdict:
        assert "now" in rejudge_message(RejudgeNotice(7, "Sum", verdict, 0)).text


RUBRIC = (Criterion("c1", "Names the <cost>", 2), Criterion("c2", "Gives a reason", 3))
MOST = {"c1": 2, "c2": 3}


def review(report):
    results = tuple(result.as_dict() for result in report.results)
    notice = replace(
        NOTICE, verdict=report.verdict, score=report.score, earned=9, results=results, rubric=MOST
    )
    return verdict_message(notice)


def test_a_review_tells_points_and_comment_of_each_criterion_and_a_word_on_the_whole():
    given_ = {"c1": Points(1.5, "Locks & <space>?"), "c2": Points(3)}
    assert plain_text(review(by_rubric(RUBRIC, given_, "Well done.")).text).splitlines() == [
        "🟡 Partly right · Sum of two",
        "+9 points",
        "",
        "🟡 Names the <cost> · 1.5 of 2",
        "Locks & <space>?",
        "✅ Gives a reason · 3 of 3",
        "",
        "Well done.",
    ]


def test_a_review_by_one_score_tells_the_word():
    assert plain_text(review(by_score(0.9, "Go on.")).text).splitlines()[2:] == ["", "Go on."]


@given(st.lists(st.tuples(ANY, ANY), min_size=1, max_size=20), ANY)
def test_a_long_review_fits_into_a_message(criteria, word):
    rubric = tuple(Criterion(f"c{i}", text * 99 or "x", 3) for i, (text, _) in enumerate(criteria))
    given_ = {f"c{i}": Points(1, comment * 99) for i, (_, comment) in enumerate(criteria)}
    message = review(by_rubric(rubric, given_, word * 99))
    assert length(message.text) <= LIMIT
    plain_text(message.text)


def test_an_answer_for_a_person_says_who_will_read_it():
    assert "A person will read it" in plain_text(grading("Indexes", by_a_person=True).text)
