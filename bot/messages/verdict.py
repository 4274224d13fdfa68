"""The verdict of a submission, as a learner reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.buttons import Keyboard, editorial_button, list_button, open_button
from bot.html import clip, escape, pre
from bot.messages.message import Message, plural
from bot.messages.review import reviewed
from bot.views import ListFilter, RejudgeNotice, VerdictNotice
from core.grading import Verdict
from core.words import SubmissionStatus

TESTS_MAX = 10
OUTPUT_MAX = 1500
TITLE_MAX = 200

HEADLINES = {
    Verdict.ACCEPTED: "✅ Accepted",
    Verdict.PARTIALLY_ACCEPTED: "🟡 Partly right",
    Verdict.WRONG_ANSWER: "❌ Wrong answer",
    Verdict.COMPILE_ERROR: "🛠 It does not compile",
    Verdict.RUNTIME_ERROR: "💥 Your program crashed",
    Verdict.TIME_LIMIT_EXCEEDED: "⏱ Too slow: time limit exceeded",
    Verdict.MEMORY_LIMIT_EXCEEDED: "🧠 Too much memory: limit exceeded",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "📜 Too much output: limit exceeded",
    Verdict.INTERNAL_ERROR: "⚠️ We could not grade this",
}
IN_A_LIST = {
    Verdict.PARTIALLY_ACCEPTED: "partly right",
    Verdict.WRONG_ANSWER: "wrong answer",
    Verdict.RUNTIME_ERROR: "crashed",
    Verdict.TIME_LIMIT_EXCEEDED: "time limit exceeded",
    Verdict.MEMORY_LIMIT_EXCEEDED: "memory limit exceeded",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "output limit exceeded",
    Verdict.INTERNAL_ERROR: "not graded",
}
NOW = {
    Verdict.ACCEPTED: "accepted now",
    Verdict.PARTIALLY_ACCEPTED: "partly right now",
    Verdict.WRONG_ANSWER: "not accepted now",
    Verdict.COMPILE_ERROR: "it does not compile now",
    Verdict.RUNTIME_ERROR: "it crashes now",
    Verdict.TIME_LIMIT_EXCEEDED: "too slow now",
    Verdict.MEMORY_LIMIT_EXCEEDED: "it takes too much memory now",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "it prints too much now",
    Verdict.INTERNAL_ERROR: "without a verdict now",
}
# What the graders say of an answer without a word of the author repeats the headline.
REPEATS = frozenset({"Right.", "Not right."})


def grading(title: str, by_a_person: bool = False) -> Message:
    """What stands where the verdict will; a person's comes as a message of its own."""
    if by_a_person:
        return Message(
            f"📬 Your answer to <b>{clip(title, TITLE_MAX)}</b> has arrived. A person will read it; I tell you here."
        )
    return Message(f"⏳ Grading your answer to <b>{clip(title, TITLE_MAX)}</b>…")


def verdict_message(notice: VerdictNotice) -> Message:
    """The message that `grading` is edited into, or that tells of a submission from the web page."""
    if _our_fault(notice):
        return _apology(notice)
    head = f"<b>{HEADLINES[notice.verdict]}</b> · {clip(notice.title, TITLE_MAX)}"
    first = "\n".join(filter(None, [head, _facts(notice)]))
    parts = [first, *_details(notice), _attempts(notice)]
    return Message("\n\n".join(filter(None, parts)), _keyboard(notice))


def _our_fault(notice: VerdictNotice) -> bool:
    return notice.status is SubmissionStatus.FAILED or notice.verdict is Verdict.INTERNAL_ERROR


def _apology(notice: VerdictNotice) -> Message:
    text = (
        f"<b>{HEADLINES[Verdict.INTERNAL_ERROR]}</b> · {clip(notice.title, TITLE_MAX)}\n"
        "That is our fault, not yours: your attempt was given back. Please send your answer again."
    )
    return Message(text, ((open_button("🔁 Try again", notice.challenge_id),),))


def _facts(notice: VerdictNotice) -> str:
    """Points, tests, time and memory in one line."""
    facts = [_earned(notice)] if notice.worth else []
    if len(notice.results) > 1 and notice.rubric is None:
        facts.append(_passed(notice.results))
    return " · ".join([*facts, *_resources(notice.results)])


def _passed(results: tuple[dict[str, Any], ...]) -> str:
    passed = sum(result["verdict"] == Verdict.ACCEPTED for result in results)
    are_tests = any(result.get("cpu_ms") is not None for result in results)
    return f"{passed} of {len(results)} {'tests passed' if are_tests else 'parts right'}"


def _earned(notice: VerdictNotice) -> str:
    if notice.earned:
        return f"<b>+{plural(notice.earned, 'point')}</b>"
    if notice.score >= 1:
        return "no new points: you had them all"
    return f"no points yet, of {notice.worth}" if notice.score <= 0 else f"{notice.score:.0%}, no new points"


def _resources(results: tuple[dict[str, Any], ...]) -> Iterator[str]:
    times = [result["cpu_ms"] for result in results if result.get("cpu_ms") is not None]
    sizes = [result["memory_kb"] for result in results if result.get("memory_kb") is not None]
    if times:
        yield f"{max(times)} ms CPU" + (" at most" if len(times) > 1 else "")
    if sizes:
        yield f"{max(sizes) / 1024:.1f} MB"


def _details(notice: VerdictNotice) -> Iterator[str]:
    if notice.verdict is Verdict.COMPILE_ERROR:
        yield f"The compiler says:\n{pre(notice.compile_output or '(nothing)', OUTPUT_MAX)}"
        return
    if notice.rubric is not None:
        yield from reviewed(notice.results, notice.rubric)
        return
    if len(notice.results) == 1:
        yield from _sole(notice.results[0])
        return
    yield from _tests(notice.results)
    failed = next((r for r in notice.results if r["verdict"] != Verdict.ACCEPTED), None)
    if failed and failed.get("feedback"):
        yield f"<b>{clip(failed['name'], 80)}</b>:\n{pre(failed['feedback'], OUTPUT_MAX)}"


def _sole(result: dict[str, Any]) -> Iterator[str]:
    feedback = result.get("feedback")
    if not feedback or feedback in REPEATS:
        return
    yield pre(feedback, OUTPUT_MAX) if result.get("cpu_ms") is not None else clip(feedback, OUTPUT_MAX)


def _tests(results: tuple[dict[str, Any], ...]) -> Iterator[str]:
    lines = [_test(result) for result in results[:TESTS_MAX]]
    if len(results) > TESTS_MAX:
        lines.append(f"…and {len(results) - TESTS_MAX} more")
    if lines:
        yield "\n".join(lines)


def _test(result: dict[str, Any]) -> str:
    verdict = Verdict(result["verdict"])
    facts = [clip(result["name"], 80)]
    if verdict in IN_A_LIST:
        facts.append(IN_A_LIST[verdict])
    if result.get("cpu_ms") is not None:
        facts.append(f"{result['cpu_ms']} ms")
    return ("✅ " if verdict is Verdict.ACCEPTED else "❌ ") + " · ".join(facts)


def _attempts(notice: VerdictNotice) -> str:
    if notice.verdict is Verdict.ACCEPTED or notice.attempts_left is None:
        return ""
    if notice.attempts_left == 0:
        return "You have no attempts left for this challenge."
    return f"You have {plural(notice.attempts_left, 'attempt')} left."


def _keyboard(notice: VerdictNotice) -> Keyboard:
    more = list_button("📋 More challenges", 0, ListFilter())
    if notice.editorial:
        return ((editorial_button("📖 Editorial", notice.challenge_id), more),)
    if notice.verdict is Verdict.ACCEPTED or notice.attempts_left == 0:
        return ((more,),)
    return ((open_button("🔁 Try again", notice.challenge_id), more),)


def achievement_message(title: str) -> Message:
    """An achievement was unlocked."""
    return Message(f"🏆 Achievement unlocked: <b>{escape(title)}</b>")


def rejudge_message(notice: RejudgeNotice) -> Message:
    """An answer was graded again, because its challenge was mended."""
    title = clip(notice.title, TITLE_MAX)
    text = (
        f"🔄 Your answer to <b>{title}</b> was graded again: {NOW[notice.verdict]}, {_change(notice.change)}."
    )
    return Message(text, ((open_button("Open the challenge", notice.challenge_id),),))


def _change(points: int) -> str:
    if not points:
        return "and your points stay as they were"
    return f"<b>{'+' if points > 0 else '−'}{plural(abs(points), 'point')}</b>"
