"""What the messages need, read from the database into plain values. Every function runs inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bot.forms import Form, form_of
from bot.hints import next_hint
from bot.language import rendition_of, title_of, wanted
from bot.messages.challenge import first_sheet
from bot.views import (
    ChallengeLine,
    ChallengePage,
    ListFilter,
    OpenChallenge,
    ProgressLine,
    ProgressReport,
    Ranking,
    TrackLine,
)
from core.locales import Rendition, render
from core.models.challenge import Category, Challenge
from core.models.progress import UserProgress
from core.models.track import Track
from core.models.user import User
from core.prerequisites import sentence
from core.services.carry_over import finished_parts
from core.services.challenges import ChallengeFilter, get_challenge, list_challenges, translated_lines
from core.services.leaderboard import standing_of, top
from core.services.prerequisites import Seen, locks
from core.services.progress import list_progress, points_available, start_challenge
from core.services.submissions import ensure_answerable
from core.services.telegram import keep_draft, open_in_chat, opened_in_chat
from core.services.tracks import challenges_of, list_tracks, progress_in
from core.services.workers import live_workers
from core.words import ChallengeState, Difficulty, ProgressStatus
from graders.code.program import ProgramGrader
from graders.registry import grader_for
from graders.translation import translated

PAGE = 8
TRACKS = 20


def challenge_page(session: Session, user: User, page: int, chosen: ListFilter) -> ChallengePage:
    """The published challenges, easy ones first; the last page when there are fewer than `page` pages."""
    query = list_challenges(user, _wanted(chosen))
    count = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total = session.scalar(count) or 0  # type: ignore[call-overload]
    pages = max((total + PAGE - 1) // PAGE, 1)
    page = min(page, pages - 1)
    rows = [(row[0], row[1]) for row in session.execute(query.offset(page * PAGE).limit(PAGE))]
    lines = _lines(session, user, rows)
    category = session.get(Category, chosen.category_id) if chosen.category_id else None
    return ChallengePage(lines, page, pages, total, chosen, category.name if category else None)


def filter_of(session: Session, words: str) -> ListFilter | None:
    """The filter that `/challenges WORDS` asks for: a difficulty, a category, or both. None: no such thing."""
    rest = words.lower().split()
    difficulty = next((word for word in Difficulty if word in rest), None)
    name = " ".join(word for word in rest if word != difficulty)
    if not name:
        return ListFilter(difficulty)
    starts = func.lower(Category.name).startswith(name, autoescape=True)
    category_id = session.scalar(
        select(Category.id).where(starts).order_by(func.length(Category.name)).limit(1)
    )
    return ListFilter(difficulty, category_id) if category_id else None


def category_names(session: Session) -> tuple[str, ...]:
    return tuple(session.scalars(select(Category.name).order_by(func.lower(Category.name))))


def open_challenge(session: Session, user: User, chat_id: int, challenge_id: int) -> OpenChallenge:
    """Open a challenge in the chat: its next message answers it. Raises NotFound or Conflict (not published)."""
    challenge = get_challenge(session, user, challenge_id)
    ensure_answerable(user, challenge)
    progress, _ = start_challenge(session, user.id, challenge.id)
    open_in_chat(session, chat_id, challenge.id)
    opened_ = _opened(session, user, challenge, progress)
    if form_of(challenge.kind) is Form.STEPS:
        keep_draft(session, chat_id, first_sheet(opened_).as_json())
    return opened_


def look_at(session: Session, user: User, challenge_id: int) -> OpenChallenge:
    """A challenge that was opened before. Raises NotFound."""
    challenge = get_challenge(session, user, challenge_id)
    progress = session.get(UserProgress, (user.id, challenge_id))
    return _opened(session, user, challenge, progress)


def opened(session: Session, user: User, chat_id: int) -> OpenChallenge | None:
    """The challenge that the chat's next message answers. Raises NotFound when it was withdrawn."""
    challenge_id = opened_in_chat(session, chat_id)
    return look_at(session, user, challenge_id) if challenge_id is not None else None


def progress_report(session: Session, user: User) -> ProgressReport:
    """All that the learner has begun."""
    rows = list_progress(user.id).options(joinedload(UserProgress.challenge).defer(Challenge.spec))
    lines = tuple(_progress_line(row) for row in session.scalars(rows))
    own = standing_of(session, user)
    published = select(func.count()).select_from(Challenge).where(Challenge.state == ChallengeState.PUBLISHED)
    points = own.points if own else 0
    return ProgressReport(lines, points, own.rank if own else None, session.scalar(published) or 0)


def track_lines(session: Session, user: User) -> tuple[TrackLine, ...]:
    """The published tracks, the first ones by their titles."""
    query = list_tracks(user).where(Track.state == ChallengeState.PUBLISHED).limit(TRACKS)
    found = session.scalars(query).all()
    seen = challenges_of(session, user, [track.id for track in found])
    made = [(track.title, progress_in(seen[track.id])) for track in found]
    return tuple(TrackLine(title, mine.done, mine.total, mine.next_challenge_id) for title, mine in made)


def ranking(session: Session, user: User) -> Ranking:
    """The first ten and the learner."""
    return Ranking(tuple(top(session, 10)), standing_of(session, user))


def _wanted(chosen: ListFilter) -> ChallengeFilter:
    return ChallengeFilter(
        difficulties=(chosen.difficulty,) if chosen.difficulty else (),
        categories=(str(chosen.category_id),) if chosen.category_id else (),
        states=(ChallengeState.PUBLISHED,),
        sort="difficulty",
    )


def _lines(session: Session, user: User, rows: Sequence[Seen]) -> tuple[ChallengeLine, ...]:
    """The lines of a list, with locks and titles in a few queries."""
    held = locks(session, user, rows)
    known = translated_lines(session, [challenge.id for challenge, _ in rows]) if wanted() else {}
    return tuple(
        ChallengeLine(
            id=challenge.id,
            title=title_of(challenge, render(challenge.locale, known.get(challenge.id, {}), wanted())),
            difficulty=challenge.difficulty,
            points=challenge.points,
            status=progress.status if progress else None,
            locked=challenge.id in held,
        )
        for challenge, progress in rows
    )


def _opened(
    session: Session, user: User, challenge: Challenge, progress: UserProgress | None
) -> OpenChallenge:
    rendition = rendition_of(challenge)
    left = locks(session, user, [(challenge, progress)]).get(challenge.id)
    return OpenChallenge(
        id=challenge.id,
        version=challenge.version,
        title=title_of(challenge, rendition),
        description=rendition.words.get("description") or challenge.description,
        category=challenge.category.name if challenge.category else None,
        difficulty=challenge.difficulty,
        points=challenge.points,
        kind=challenge.kind,
        spec=(spec := _shown(user, challenge, rendition)),
        languages=_languages(session, challenge.kind, spec),
        attempts_max=challenge.attempts_max,
        attempts=progress.attempts if progress else 0,
        status=progress.status if progress else ProgressStatus.STARTED,
        finished=finished_parts(session, user.id, challenge, grader_for(challenge.kind)),
        locked=sentence(left) if left else None,
        hint=next_hint(session, user, challenge),
        available=points_available(challenge, progress),
    )


def _shown(user: User, challenge: Challenge, rendition: Rendition) -> dict[str, Any]:
    """The spec as the learner may see it, in their language."""
    shown = grader_for(challenge.kind).show(challenge.spec, f"{user.id}:{challenge.id}")
    return translated(shown, rendition.words.get("texts") or {})


def _languages(session: Session, kind: str, spec: dict[str, Any]) -> tuple[str, ...]:
    """Those of the challenge that a live worker runs; all of the challenge's while no worker has said what it runs."""
    grader = grader_for(kind)
    if not isinstance(grader, ProgramGrader):
        return ()
    allowed = tuple(spec.get("languages") or grader.languages)
    running = {name for worker in live_workers(session) for name in worker.languages}
    return tuple(name for name in allowed if name in running) or allowed


def _progress_line(row: UserProgress) -> ProgressLine:
    challenge = row.challenge
    return ProgressLine(challenge.id, challenge.title, row.status, row.attempts, row.points, challenge.points)
