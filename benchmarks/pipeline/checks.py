"""What the database must say after the load: one verdict for each submission, and points that add up."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2

CHECKS = {
    "submissions without a verdict": "SELECT count(*) FROM submissions WHERE status <> 'graded'",
    "submissions that were not announced exactly once": """
        SELECT count(*) FROM (
            SELECT s.id FROM submissions s
            LEFT JOIN events e ON e.user_id = s.user_id AND e.type = 'submission.graded'
                              AND (e.data->>'submission_id')::bigint = s.id
            GROUP BY s.id HAVING count(e.id) <> 1) wrong""",
    "learners whose events have holes": """
        SELECT count(*) FROM users u
        WHERE last_event_id <> (SELECT count(*) FROM events e WHERE e.user_id = u.id)""",
    "progress rows whose points are not those of the ledger": """
        SELECT count(*) FROM user_progress p WHERE points <> (
            SELECT coalesce(sum(points), 0) FROM points_ledger l
            WHERE l.user_id = p.user_id AND l.challenge_id = p.challenge_id)""",
    "progress rows whose attempts are not the submissions": """
        SELECT count(*) FROM user_progress p WHERE attempts <> (
            SELECT count(*) FROM submissions s WHERE s.user_id = p.user_id AND s.challenge_id = p.challenge_id)""",
}


def wrong(url: str) -> Iterator[str]:
    """What is wrong in the database, in words; nothing when all is right."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            for what, query in CHECKS.items():
                cursor.execute(query)
                if count := cursor.fetchone()[0]:
                    yield f"{count} {what}"
    finally:
        connection.close()
