"""Fill a migrated, empty database with what years of use leave: `python -m benchmarks.fill` (DATABASE_URL names it).

A million submissions of 50 000 learners to 300 challenges, with their progress, points, events and achievements, all of
it consistent: points follow from the submissions, event ids are dense. PostgreSQL makes the rows itself. What is rare,
as reviews and programs out of memory are, comes from the regulars alone, so that there is as much of it in every size.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
from psycopg2.extensions import connection as Connection

from core.passwords import hash_password

PASSWORD = (
    "correct horse battery"  # of everybody; the names are learner-1, learner-2 ... author-1, author-2 ...
)
AUTHORS = 10


@dataclass(frozen=True)
class Size:
    """How much. The first `regulars` learners have handed in exactly `each` answers, whatever the size of the rest."""

    users: int = 50_000
    submissions: int = 1_000_000
    challenges: int = 300
    categories: int = 20
    regulars: int = 100
    each: int = 60


SMALL = Size(users=100, submissions=6_000)

USERS = """
INSERT INTO users (username, email, display_name, password_hash, role, is_active, created_at, updated_at)
SELECT 'learner-' || n, 'learner-' || n || '@example.com', 'Learner ' || n, %(hash)s, 'learner', n %% 500 <> 499, at, at
FROM (SELECT n, now() - interval '2 years' * random() AS at FROM generate_series(1, %(users)s) n) made
"""
STAFF = """
INSERT INTO users (username, email, display_name, password_hash, role, is_active, created_at, updated_at)
SELECT 'author-' || n, 'author-' || n || '@example.com', 'Author ' || n, %(hash)s, 'author', true, now(), now()
FROM generate_series(1, %(authors)s) n
"""
CATEGORIES = """
INSERT INTO categories (name, description, created_at, updated_at, version)
SELECT 'Category ' || n, 'What belongs to subject ' || n, now(), now(), 1 FROM generate_series(1, %(categories)s) n
"""
# Every third is a program.
CHALLENGES = """
INSERT INTO challenges (title, description, difficulty, points, category_id, author_id, kind, spec, tags, state,
                        created_at, updated_at, published_at, version)
SELECT CASE WHEN n %% 3 = 0 THEN 'Program ' ELSE 'Question ' END || n,
       '## Task ' || n || repeat(E'\\n\\nRead what is given, think, and answer. Every word counts here.', 12),
       (ARRAY['beginner', 'intermediate', 'advanced'])[1 + n %% 3], 10 * (1 + n %% 10), 1 + n %% %(categories)s,
       (SELECT id FROM users WHERE username = 'author-1'),
       CASE WHEN n %% 3 = 0 THEN 'code.batch' ELSE 'choice' END,
       CASE WHEN n %% 3 = 0 THEN %(program)s::jsonb ELSE %(question)s::jsonb END,
       ARRAY['tag-' || n %% 30, 'tag-' || n %% 7], CASE WHEN n %% 25 = 24 THEN 'draft' ELSE 'published' END,
       at, at, at, 1
FROM generate_series(1, %(challenges)s) n,
     LATERAL (SELECT now() - interval '2 years' + n * interval '1 hour' AS at) made
"""
REVISIONS = """
INSERT INTO challenge_revisions (challenge_id, number, author_id, created_at, title, description, points, kind, spec)
SELECT id, 1, author_id, created_at, title, description, points, kind, spec FROM challenges
"""
# Who tried what, how often, from when on. A few learners do much, most do little; recent days are as busy as others.
TRIES = """
CREATE TEMP TABLE tries AS
SELECT user_id, challenge_id, 1 + floor(3 * random())::int AS tries, random() < 0.7 AS solved,
       now() - interval '1 year' * random() AS began
FROM (
    SELECT DISTINCT %(regulars)s + 1 + floor((%(users)s - %(regulars)s) * power(random(), 2))::int AS user_id,
           1 + floor(%(challenges)s * random())::int AS challenge_id
    FROM generate_series(1, %(pairs)s)
) pairs
WHERE challenge_id %% 25 <> 24
"""
REGULARS = """
INSERT INTO tries
SELECT u, c, 1, (u + c) %% 10 < 7, now() - interval '30 days' * random()
FROM generate_series(1, %(regulars)s) u,
     LATERAL (SELECT 1 + (n * 7 + u) %% %(challenges)s AS c
              FROM generate_series(1, %(challenges)s) n
              WHERE (1 + (n * 7 + u) %% %(challenges)s) %% 25 <> 24 ORDER BY n LIMIT %(each)s) chosen
"""
SUBMISSIONS = """
INSERT INTO submissions (user_id, challenge_id, revision, answer, language, attempt, source, status, queue, queued_at,
                         not_before, grading_attempt, started_at, graded_at, grader, verdict, score, points, results)
SELECT user_id, challenge_id, 1, CASE WHEN code THEN %(source)s::jsonb ELSE '{"selected": ["b"]}'::jsonb END,
       CASE WHEN code THEN 'python' END, attempt, 'web', status, CASE WHEN code THEN 'code' ELSE 'knowledge' END,
       at, at, 1, at + interval '10 ms', at + interval '60 ms', 'worker@host', verdict,
       CASE WHEN verdict IS NULL THEN NULL WHEN verdict = 'accepted' THEN 1.0
            WHEN verdict = 'partially_accepted' THEN 0.5 ELSE 0.0 END,
       0, CASE WHEN verdict IS NULL THEN NULL WHEN code THEN %(results)s::jsonb ELSE %(result)s::jsonb END
FROM (
    SELECT *, CASE WHEN status <> 'graded' THEN NULL
                   WHEN user_id <= %(regulars)s AND code AND NOT solved AND user_id %% 4 = 1
                   THEN 'memory_limit_exceeded'
                   WHEN solved AND attempt = tries THEN 'accepted'
                   WHEN NOT code THEN 'wrong_answer'
                   WHEN dice < 0.5 THEN 'wrong_answer' WHEN dice < 0.7 THEN 'partially_accepted'
                   WHEN dice < 0.85 THEN 'runtime_error' WHEN dice < 0.95 THEN 'time_limit_exceeded'
                   ELSE 'compile_error' END AS verdict
    FROM (
        SELECT *, CASE WHEN user_id <= %(regulars)s AND (user_id + challenge_id) %% 50 = 0 THEN 'awaiting_review'
                       WHEN user_id <= %(regulars)s AND (user_id + challenge_id) %% 50 = 1 THEN 'cancelled'
                       WHEN attempt < tries AND fate < 0.003 THEN 'cancelled' ELSE 'graded' END AS status
        FROM (
            SELECT user_id, challenge_id, tries, solved, attempt, challenge_id %% 3 = 0 AS code, random() AS dice,
                   random() AS fate, began + attempt * interval '10 minutes' AS at
            FROM tries, generate_series(1, tries) attempt
            ORDER BY user_id <= %(regulars)s DESC LIMIT %(submissions)s
        ) handed_in
    ) ended
) judged
ORDER BY at
"""
PROGRESS = """
INSERT INTO user_progress (user_id, challenge_id, status, attempts, score, points, started_at, submitted_at,
                           completed_at, updated_at)
SELECT s.user_id, s.challenge_id, CASE WHEN max(s.score) >= 1 THEN 'completed' ELSE 'submitted' END, count(*),
       coalesce(max(s.score), 0), round(coalesce(max(s.score), 0) * max(c.points)), min(s.queued_at),
       max(s.queued_at), min(s.graded_at) FILTER (WHERE s.score >= 1), max(s.queued_at)
FROM submissions s JOIN challenges c ON c.id = s.challenge_id GROUP BY s.user_id, s.challenge_id
"""
# One entry for the level that was reached in the end.
LEDGER = """
INSERT INTO points_ledger (user_id, challenge_id, submission_id, rule, points, created_at)
SELECT DISTINCT ON (s.user_id, s.challenge_id)
       s.user_id, s.challenge_id, s.id, 'best:' || p.points, p.points, s.graded_at
FROM submissions s JOIN user_progress p USING (user_id, challenge_id)
WHERE p.points > 0 AND s.score = p.score ORDER BY s.user_id, s.challenge_id, s.id
"""
PAID = """
UPDATE submissions s SET points = l.points FROM points_ledger l
WHERE l.submission_id = s.id AND s.user_id <= %(regulars)s
"""
# As core.services.totals does it, for windows that still run.
TOTALS = """
INSERT INTO points_totals ("window", starts_on, category_id, user_id, points, last_scored_at)
SELECT w.name, starts.day, c.id, e.user_id, sum(e.points), max(e.created_at)
FROM points_ledger e
JOIN challenges ON challenges.id = e.challenge_id
CROSS JOIN LATERAL (VALUES (0), (challenges.category_id)) AS c (id)
CROSS JOIN (VALUES ('all'), ('day'), ('week'), ('month')) AS w (name)
CROSS JOIN LATERAL (
    SELECT CASE w.name WHEN 'all' THEN date '1970-01-01'
           ELSE CAST(date_trunc(w.name, e.created_at AT TIME ZONE 'UTC') AS date) END AS day
) AS starts
WHERE c.id IS NOT NULL AND (w.name = 'all' OR starts.day >= date_trunc(w.name, now() AT TIME ZONE 'UTC'))
GROUP BY w.name, starts.day, c.id, e.user_id
"""
EVENTS = """
INSERT INTO events (user_id, id, type, at, data)
SELECT user_id, 4 * nth - 4 + kind,
       (ARRAY['submission.queued', 'submission.grading', 'submission.' || status, 'progress.updated'])[kind], queued_at,
       CASE kind
           WHEN 1 THEN jsonb_build_object('submission_id', id, 'challenge_id', challenge_id, 'attempt', attempt)
           WHEN 2 THEN jsonb_build_object('submission_id', id, 'challenge_id', challenge_id, 'worker', grader)
           WHEN 3 THEN jsonb_build_object('submission_id', id, 'challenge_id', challenge_id, 'attempt', attempt,
                                          'status', status, 'verdict', verdict, 'score', score, 'points', points)
           ELSE jsonb_build_object('challenge_id', challenge_id, 'status', 'submitted', 'attempts', attempt,
                                   'score', score, 'points', points) END
FROM (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY id) AS nth FROM submissions) s,
     generate_series(1, 4) kind
"""
LAST_EVENTS = """
UPDATE users SET last_event_id = newest FROM (SELECT user_id, max(id) AS newest FROM events GROUP BY user_id) e
WHERE e.user_id = users.id
"""
ACHIEVEMENTS = """
INSERT INTO achievements (user_id, name, unlocked_at)
SELECT user_id, 'first_solved', min(completed_at) FROM user_progress WHERE status = 'completed' GROUP BY user_id
UNION ALL
SELECT user_id, 'ten_solved', max(completed_at) FROM user_progress WHERE status = 'completed'
GROUP BY user_id HAVING count(*) >= 10
"""
# Foreign keys hold by how the rows are made; checking each again takes a third of the time. Only a superuser may not.
UNCHECKED = """
SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles WHERE rolname = current_user AND rolsuper
"""
STEPS = {
    "users": USERS,
    "authors": STAFF,
    "categories": CATEGORIES,
    "challenges": CHALLENGES,
    "revisions": REVISIONS,
    "who tried what": TRIES,
    "the regulars": REGULARS,
    "submissions": SUBMISSIONS,
    "progress": PROGRESS,
    "ledger": LEDGER,
    "totals": TOTALS,
    "points of the regulars' submissions": PAID,
    "events": EVENTS,
    "newest events": LAST_EVENTS,
    "achievements": ACHIEVEMENTS,
}
QUESTION = (
    '{"options": [{"id": "a", "text": "The first of the answers"}, {"id": "b", "text": "The second", "correct": true},'
    ' {"id": "c", "text": "The third"}, {"id": "d", "text": "None of them"}]}'
)
PROGRAM = (
    '{"languages": ["python"], "limits": {"cpu_seconds": 2, "memory_mb": 128}, "groups": [{"name": "main",'
    ' "points": 100, "scoring": "sum", "cases": [{"input": "1 2\\n", "output": "3\\n"}, {"input": "2 2\\n",'
    ' "output": "4\\n"}, {"input": "5 2\\n", "output": "7\\n"}, {"input": "1 9\\n", "output": "10\\n"},'
    ' {"input": "0 0\\n", "output": "0\\n"}]}]}'
)
SOURCE = (
    '{"language": "python", "source": "def main():\\n    first, second = map(int, input().split())\\n'
    "    total = 0\\n    for number in (first, second):\\n        total += number\\n"
    '    print(total)\\n\\n\\nmain()\\n"}'
)
RESULT = (
    '{"name": "NAME", "group": "main", "verdict": "accepted", "score": 1.0, "cpu_ms": 11, "wall_ms": 13,'
    ' "memory_kb": 8900, "feedback": null}'
)


def fill(url: str, size: Size) -> Iterator[tuple[str, float]]:
    """Fill the database; yields each step with the seconds it took. Fails on one that has users."""
    values = vars(size) | {
        "authors": AUTHORS,
        "hash": hash_password(PASSWORD),
        "pairs": round(size.submissions * 0.57),  # of two tries each on average, less those that come twice
        "question": QUESTION,
        "program": PROGRAM,
        "source": SOURCE,
        "result": f"[{RESULT}]",
        "results": f"[{', '.join(RESULT.replace('NAME', str(n)) for n in range(5))}]",
    }
    connection = psycopg2.connect(url)
    try:
        yield from _filled(connection, values)
    finally:
        connection.close()


def _filled(connection: Connection, values: dict[str, object]) -> Iterator[tuple[str, float]]:
    with connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(UNCHECKED)
        for name, statement in STEPS.items():
            began = time.monotonic()
            cursor.execute(statement, values)
            yield f"{cursor.rowcount:9,} {name}", time.monotonic() - began
    connection.autocommit = True
    with connection.cursor() as cursor:
        began = time.monotonic()
        cursor.execute("VACUUM ANALYZE")
        yield "          vacuum and analyze", time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=Size.submissions)
    parser.add_argument("--users", type=int, default=Size.users)
    options = parser.parse_args()
    began = time.monotonic()
    for step, seconds in fill(os.environ["DATABASE_URL"], Size(options.users, options.submissions)):
        print(f"{seconds:7.1f} s {step}", flush=True)
    print(f"{time.monotonic() - began:7.1f} s in all")


if __name__ == "__main__":
    main()
