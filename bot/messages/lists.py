"""Lists: challenges, progress, the leaderboard."""

from __future__ import annotations

from collections.abc import Iterator

from bot.buttons import Button, Keyboard, list_button, open_button
from bot.html import clip, escape
from bot.messages.message import Message, plural
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

LABEL_MAX = 48
ROWS_MAX = 25
MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
LOCKED = "🔒"
MARKS = {
    None: "▫️",
    ProgressStatus.STARTED: "▶️",
    ProgressStatus.SUBMITTED: "✏️",
    ProgressStatus.COMPLETED: "✅",
}


def challenges_message(page: ChallengePage) -> Message:
    """A page of challenges; a tap opens one."""
    if not page.total:
        return Message(_none(page), _filters(page.filter))
    where = f" · page {page.page + 1} of {page.pages}" if page.pages > 1 else ""
    text = (
        f"📋 <b>{plural(page.total, 'challenge')}</b>{_about(page)}{where}\n"
        f"▫️ new  ▶️ opened  ✏️ tried  ✅ solved{_locked(page)}\nTap one to open it."
    )
    return Message(text, (*_choices(page.lines), *_turning(page), *_filters(page.filter)))


def progress_message(report: ProgressReport) -> Message:
    """The learner's own rows, points and rank."""
    solved = sum(line.status is ProgressStatus.COMPLETED for line in report.lines)
    rank = f" · rank {report.rank}" if report.rank else ""
    head = (
        f"📈 <b>{plural(report.points, 'point')}</b>{rank}\n"
        f"{solved} of {plural(report.published, 'challenge')} solved"
    )
    rows = [_progress(line) for line in report.lines[:ROWS_MAX]]
    if len(report.lines) > ROWS_MAX:
        rows.append(f"…and {len(report.lines) - ROWS_MAX} more")
    more = ((list_button("📋 Challenges", 0, ListFilter()),),)
    body = "\n".join(rows) or "You have not opened a challenge yet."
    return Message(f"{head}\n\n{body}", more)


def leaderboard_message(ranking: Ranking) -> Message:
    """The first ten, and the learner's own place."""
    if not ranking.top:
        return Message("🏁 Nobody has points yet. Be the first: /challenges")
    lines = [_standing(standing, ranking.own) for standing in ranking.top]
    if ranking.own and ranking.own.rank > ranking.top[-1].rank:
        lines += ["…", _standing(ranking.own, ranking.own)]
    return Message("🏆 <b>Leaderboard</b>\n" + "\n".join(lines))


def tracks_message(lines: tuple[TrackLine, ...]) -> Message:
    """The tracks; a tap opens the challenge that comes next."""
    if not lines:
        return Message("There are no tracks yet. See the challenges: /challenges")
    rows = [
        f"{_track_mark(line)} {clip(line.title, 80)} · {line.done} of {line.total} solved" for line in lines
    ]
    ahead = [(line.title, line.next_id) for line in lines if line.next_id is not None]
    keyboard = tuple((open_button(f"▶️ {title[:LABEL_MAX]}", number),) for title, number in ahead)
    hint = "\nTap one to go on with it." if keyboard else ""
    return Message(f"🧭 <b>{plural(len(lines), 'track')}</b>\n" + "\n".join(rows) + hint, keyboard)


def unknown_words(words: str, categories: tuple[str, ...]) -> Message:
    """`/challenges WORDS` named neither a difficulty nor a category."""
    known = ", ".join(escape(name) for name in categories[:20]) or "there are none yet"
    return Message(
        f"🔎 I know no category or difficulty “{clip(words, 64)}”.\n"
        f"Difficulties: {', '.join(Difficulty)}.\nCategories: {known}."
    )


def _track_mark(line: TrackLine) -> str:
    return "✅" if line.total and line.done == line.total else "▫️" if not line.done else "✏️"


def _about(page: ChallengePage) -> str:
    words = filter(None, [page.category and clip(page.category, 64), page.filter.difficulty])
    return "".join(f" · {word}" for word in words)


def _none(page: ChallengePage) -> str:
    if page.filter == ListFilter():
        return "There are no challenges yet. Come back soon."
    return f"There are no challenges here{_about(page)}. All of them: /challenges"


def _choices(lines: tuple[ChallengeLine, ...]) -> Iterator[tuple[Button, ...]]:
    for line in lines:
        title = line.title if len(line.title) <= LABEL_MAX else line.title[: LABEL_MAX - 1] + "…"
        mark = LOCKED if line.locked else MARKS[line.status]
        yield (open_button(f"{mark} {title} · {line.points}", line.id),)


def _locked(page: ChallengePage) -> str:
    return f"  {LOCKED} locked" if any(line.locked for line in page.lines) else ""


def _turning(page: ChallengePage) -> Keyboard:
    back = [list_button("◀️", page.page - 1, page.filter)] if page.page > 0 else []
    on = [list_button("▶️", page.page + 1, page.filter)] if page.page + 1 < page.pages else []
    return ((*back, *on),) if back or on else ()


def _filters(chosen: ListFilter) -> Keyboard:
    """One button per difficulty; the chosen one is marked, and another tap on it removes it."""
    return (tuple(_filter(word, chosen) for word in Difficulty),)


def _filter(word: Difficulty, chosen: ListFilter) -> Button:
    if word is chosen.difficulty:
        return list_button(f"• {word} •", 0, ListFilter(None, chosen.category_id))
    return list_button(word.value, 0, ListFilter(word, chosen.category_id))


def _progress(line: ProgressLine) -> str:
    tries = f" · {plural(line.attempts, 'attempt')}" if line.attempts else ""
    return f"{MARKS[line.status]} {line.challenge_id}. {clip(line.title, 80)} · {line.points}/{line.worth}{tries}"


def _standing(standing: Standing, own: Standing | None) -> str:
    place = MEDALS.get(standing.rank, f"{standing.rank}.")
    line = f"{place} {escape(standing.username)} · {standing.points}"
    return f"<b>{line}</b>" if own and own.username == standing.username else line
