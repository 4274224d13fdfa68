"""What is in the tables and what learners heard, compared with what must be there."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from tests.chaos.challenges import POINTS
from tests.chaos.database import FINAL, Database
from tests.chaos.site import Site
from tests.chaos.streams import Stream

# Of each learner and challenge: what the submissions add up to, what the progress says and what the ledger paid.
ACCOUNTS = """
WITH handed AS (
  SELECT user_id, challenge_id, count(*) FILTER (WHERE status <> 'failed') AS attempts,
         coalesce(max(round(score * %s)) FILTER (WHERE status = 'graded'), 0) AS best,
         coalesce(sum(points), 0) AS earned
  FROM submissions GROUP BY user_id, challenge_id
), paid AS (
  SELECT user_id, challenge_id, sum(points) AS points FROM points_ledger GROUP BY user_id, challenge_id
)
SELECT count(*) FILTER (WHERE p.attempts IS DISTINCT FROM h.attempts),
       count(*) FILTER (WHERE p.points IS DISTINCT FROM h.best),
       count(*) FILTER (WHERE coalesce(l.points, 0) <> h.best OR h.earned <> h.best)
FROM handed h LEFT JOIN user_progress p USING (user_id, challenge_id) LEFT JOIN paid l USING (user_id, challenge_id)
"""
VERDICTS = """
SELECT count(*) FILTER (WHERE n > 1), count(*) FILTER (WHERE n = 0) FROM (
  SELECT count(e.id) AS n FROM submissions s LEFT JOIN events e
  ON e.user_id = s.user_id AND e.type = 'submission.graded' AND (e.data->>'submission_id')::bigint = s.id
  WHERE s.status IN ('graded', 'failed') GROUP BY s.id) AS counted
"""
HOLES = """
SELECT u.username, wanted FROM users u CROSS JOIN LATERAL generate_series(1, u.last_event_id) AS wanted
WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.user_id = u.id AND e.id = wanted)
"""
TOLD = """
SELECT count(*), count(d.sent_at) FROM events e JOIN telegram_accounts a USING (user_id)
LEFT JOIN deliveries d ON d.user_id = e.user_id AND d.event_id = e.id AND d.target = a.chat_id::text
WHERE e.type IN ('submission.graded', 'achievement.unlocked')
"""


@dataclass
class Findings:
    """Counts. Those that must be 0 are listed in tests/chaos/report.py."""

    accepted: int = 0
    final: int = 0
    failed: int = 0  # ended as failed with the attempt given back: three of our failures
    lost: int = 0
    refused: int = 0
    stored_twice: int = 0
    duplicate_verdicts: int = 0
    wrong_verdicts: int = 0
    wrong_attempts: int = 0
    wrong_points: int = 0
    wrong_ledger: int = 0
    events: int = 0
    events_lost: int = 0
    events_repeated: int = 0
    deliveries: int = 0
    deliveries_unsent: int = 0
    repeats: int = 0
    refusals: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)


def audit(site: Site) -> Findings:
    """Everything that can be counted while the stack still runs."""
    found = Findings()
    _submissions(site, found)
    _accounts(site.database, found)
    _events(site, found)
    _deliveries(site, found)
    return found


def _submissions(site: Site, found: Findings) -> None:
    rows = site.database.rows("SELECT id, status, verdict FROM submissions")
    status, verdict = {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}
    told = {number: ids for number, ids in site.load.accepted.items() if ids}
    first = {number: min(ids) for number, ids in told.items()}
    found.accepted, found.refused, found.repeats = len(told), len(site.load.refused), site.load.repeats
    found.refusals = site.load.refused[:10]
    found.final = sum(status.get(one) in FINAL for one in first.values())
    found.failed = sum(status.get(one) == "failed" for one in first.values())
    found.lost = found.accepted - found.final
    found.stored_twice = len(rows) - found.accepted
    found.wrong_verdicts = sum(
        status.get(one) == "graded" and verdict[one] not in site.load.sent[number].verdicts
        for number, one in first.items()
    )


def _accounts(database: Database, found: Findings) -> None:
    ((found.wrong_attempts, found.wrong_points, found.wrong_ledger),) = database.rows(ACCOUNTS, POINTS)


def _events(site: Site, found: Findings) -> None:
    ((found.duplicate_verdicts, untold),) = site.database.rows(VERDICTS)
    newest = dict(site.database.rows("SELECT username, last_event_id FROM users"))
    found.events = sum(len(stream.ids) for stream in site.streams)
    missed = {stream.person.name: _missed(stream, newest[stream.person.name]) for stream in site.streams}
    repeated = {stream.person.name: _repeated(stream) for stream in site.streams}
    holes = site.database.rows(HOLES)
    found.events_lost = untold + sum(map(len, missed.values())) + len(holes)
    found.events_repeated = sum(map(len, repeated.values()))
    found.details += [
        f"{name} did not hear event {ids} of {newest[name]}" for name, ids in missed.items() if ids
    ]
    found.details += [f"there is no row of event {event_id} of {name}" for name, event_id in holes]
    found.details += [f"{untold} verdicts have no event"] * bool(untold)
    found.details += [f"{name} heard event {ids} again or late" for name, ids in repeated.items() if ids]


def _missed(stream: Stream, newest: int) -> list[int]:
    return sorted(set(range(1, newest + 1)) - set(stream.ids))


def _repeated(stream: Stream) -> list[int]:
    """Events that came again or after a later one."""
    return [later for earlier, later in pairwise(stream.ids) if later <= earlier]


def _deliveries(site: Site, found: Findings) -> None:
    ((found.deliveries, sent),) = site.database.rows(TOLD)
    counts = site.database.rows(
        "SELECT target, count(*) FROM deliveries WHERE sent_at IS NOT NULL GROUP BY target"
    )
    shown = [chat for chat, _ in site.telegram.messages]
    unseen = sum(max(count - shown.count(int(target)), 0) for target, count in counts)
    found.deliveries_unsent = found.deliveries - sent + unseen
