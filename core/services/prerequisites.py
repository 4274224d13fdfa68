"""What must be done before a challenge: checked when it is saved, and asked when a learner comes.

An archived challenge counts as done, because nobody can do it any more. Authors are never held back, nor is a learner
from what they have completed. Lock order of whoever changes the graph: challenges, then its advisory lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import cast, exists, func, select
from sqlalchemy.dialects.postgresql import JSONPATH
from sqlalchemy.orm import Session

from core.errors import PrerequisitesMissing, ValidationFailed
from core.models.challenge import Challenge
from core.models.progress import PointsTotal, UserProgress
from core.models.user import User
from core.prerequisites import (
    Standing,
    Tree,
    asks_for_points,
    both,
    challenges_in,
    missing,
    sentence,
    tree_errors,
)
from core.services.totals import EVER, EVERY_CATEGORY
from core.words import ChallengeState, ProgressStatus, Window

# One at a time: two authors could close a circle together that neither of them sees.
GRAPH_LOCK = 7_316_402_291
Seen = tuple[Challenge, UserProgress | None]


def check_prerequisites(session: Session, challenge: Challenge) -> None:
    """Whether what the challenge says now, flushed, can be kept. Raises ValidationFailed.

    The graph stays locked until the transaction ends.
    """
    if challenge.prerequisites is None:
        return
    if errors := tree_errors(challenge.prerequisites):
        raise ValidationFailed(errors)
    lock_graph(session)
    _check_known(session, challenges_in(challenge.prerequisites))
    if circle := find_circle(session, [challenge.id]):
        raise ValidationFailed({"prerequisites": [circle]})


def lock_graph(session: Session) -> None:
    """Keep everybody else from changing what needs what, until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(GRAPH_LOCK)))


def find_circle(session: Session, starts: Iterable[int]) -> str | None:
    """The circle that one of these challenges is in or leads to, in words. The caller holds the graph's lock."""
    needs, titles = _graph(session, set(starts))
    if circle := _circle(needs):
        names = " → ".join(f"“{titles[number]}” ({number})" for number in circle)
        return f"Challenges would need each other in a circle: {names}."
    return None


def is_needed(session: Session, challenge: Challenge) -> bool:
    """Whether another challenge names this one. The graph stays locked until the transaction ends."""
    lock_graph(session)
    named = func.jsonb_path_exists(
        Challenge.prerequisites, cast(f"$.**.challenge ? (@ == {challenge.id})", JSONPATH)
    )
    return bool(session.scalar(select(exists().where(named, Challenge.id != challenge.id))))


def locks(session: Session, reader: User, seen: Sequence[Seen]) -> dict[int, dict[str, Any]]:
    """What is missing, by challenge, of those that hold the reader back. Two queries, however many there are."""
    trees = {
        challenge.id: tree for challenge, progress in seen if (tree := _demanded(reader, challenge, progress))
    }
    if not trees:
        return {}
    standing = _standing(session, reader, trees.values())
    return {number: left for number, tree in trees.items() if (left := missing(tree, standing))}


def ensure_unlocked(session: Session, user: User, challenge: Challenge) -> None:
    """Raises PrerequisitesMissing, which says what to do first."""
    if user.is_author or not (challenge.prerequisites or challenge.track_predecessors):
        return
    progress = session.get(UserProgress, (user.id, challenge.id))
    for left in locks(session, user, [(challenge, progress)]).values():
        raise PrerequisitesMissing(f"This challenge is locked. First {sentence(left)}.")


def _demanded(reader: User, challenge: Challenge, progress: UserProgress | None) -> Tree | None:
    if reader.is_author or (progress and progress.status is ProgressStatus.COMPLETED):
        return None
    return both(challenge.prerequisites, challenge.track_predecessors)


def _standing(session: Session, reader: User, trees: Collection[Tree]) -> Standing:
    named = set().union(*map(challenges_in, trees))
    points = _points(session, reader) if any(map(asks_for_points, trees)) else 0
    if not named:
        return Standing(points=points)
    mine = (UserProgress.challenge_id == Challenge.id) & (UserProgress.user_id == reader.id)
    rows = session.execute(
        select(Challenge.id, Challenge.title, Challenge.state, UserProgress.status)
        .outerjoin(UserProgress, mine)
        .where(Challenge.id.in_(named))
    ).all()
    met = {
        row.id
        for row in rows
        if row.state is ChallengeState.ARCHIVED or row.status is ProgressStatus.COMPLETED
    }
    titles = {row.id: row.title for row in rows if row.state is ChallengeState.PUBLISHED}
    return Standing(frozenset(met), titles, points)


def _points(session: Session, reader: User) -> int:
    ever = {"window": Window.ALL, "starts_on": EVER, "category_id": EVERY_CATEGORY, "user_id": reader.id}
    return session.scalar(select(PointsTotal.points).filter_by(**ever)) or 0


def _check_known(session: Session, ids: set[int]) -> None:
    known = set(session.scalars(select(Challenge.id).where(Challenge.id.in_(ids))))
    if unknown := sorted(ids - known):
        listed = ", ".join(map(str, unknown))
        raise ValidationFailed({"prerequisites": [f"There is no challenge {listed}."]})


def _graph(session: Session, starts: set[int]) -> tuple[dict[int, set[int]], dict[int, str]]:
    """What the challenges need, and what those need, and so on; and their titles."""
    needs: dict[int, set[int]] = {}
    titles: dict[int, str] = {}
    asked: set[int] = set()
    columns = (Challenge.id, Challenge.title, Challenge.prerequisites, Challenge.track_predecessors)
    while starts:
        asked |= starts
        for row in session.execute(select(*columns).where(Challenge.id.in_(starts))):
            needs[row.id] = challenges_in(row.prerequisites) | set(row.track_predecessors)
            titles[row.id] = row.title
        starts = set().union(*needs.values()) - asked
    return needs, titles


def _circle(needs: dict[int, set[int]]) -> list[int] | None:
    """Some circle, its first challenge also last: those without one are taken away until none goes."""
    left = {number: set(wanted) & needs.keys() for number, wanted in needs.items()}
    while free := [number for number, wanted in left.items() if not wanted & left.keys()]:
        for number in free:
            del left[number]
    if not left:
        return None
    way = [min(left)]
    while len(set(way)) == len(way):
        way.append(min(left[way[-1]] & left.keys()))
    return way[way.index(way[-1]) :]
