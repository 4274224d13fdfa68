"""Workers: who lives, and whether somebody serves each queue and each language that challenges offer."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from api.doctor.finding import Finding, Patient, broken, doubtful, good
from core.grading import Queue
from core.models.event import Worker
from core.services.queues import QueueFigures, queue_figures
from core.services.workers import live_workers

START = "Start one: `celery -A workers.app worker -Q {}` (see docs/operations.md)."
LONG = 60.0  # seconds
# Kinds that say themselves in which language they are answered where the spec does not.
OFFERED = text("""
    SELECT language, count(*) FROM challenges, jsonb_array_elements_text(
        CASE WHEN jsonb_typeof(spec -> 'languages') = 'array' THEN spec -> 'languages'
             WHEN kind = 'code.sql' THEN '["sql"]'
             WHEN kind = 'code.unit_tests' THEN '["python"]' ELSE '[]' END) AS language
    WHERE state = 'published' AND kind LIKE 'code.%' GROUP BY language ORDER BY language
""")


def check_workers(patient: Patient) -> Iterator[Finding]:
    """One line for each that lives. Raises SQLAlchemyError."""
    found = live_workers(patient.session)
    if not found:
        yield broken(
            "workers",
            "None was heard of in the last 15 seconds.",
            START.format("knowledge,code,runs,rejudges"),
        )
    for worker in found:
        if worker.problem:
            mend = "Mend that on its host, and start it again."
            yield doubtful(f"worker {worker.name}", f"{worker.problem} ({_describe(worker)})", mend)
        else:
            yield good(f"worker {worker.name}", f"{_describe(worker)}.")


def check_queues(patient: Patient) -> Iterator[Finding]:
    """Somebody serves each, and nothing waits for long. Raises SQLAlchemyError."""
    snapshot = queue_figures(patient.session)
    yield from (_queue(snapshot.figures(queue)) for queue in Queue)


def check_languages(patient: Patient) -> Iterator[Finding]:
    """What published challenges offer can be graded. Raises SQLAlchemyError."""
    served = {language for worker in live_workers(patient.session) for language in worker.languages}
    offered = {row[0]: row[1] for row in patient.session.execute(OFFERED)}
    for language, count in offered.items():
        if language not in served:
            detail = f"{count} published challenges take it and no live worker runs it: answers in it wait for ever."
            mend = (
                "Install it on a worker's host (`python -m graders doctor` says why it is not offered there)."
            )
            yield broken(f"language {language}", detail, mend)
    if present := sorted(served & offered.keys()):
        yield good("languages", f"{', '.join(present)} are needed and served.")


def _describe(worker: Worker) -> str:
    queues = f"{', '.join(worker.queues)}; {worker.processes} at once"
    languages = ", ".join(f"{name} {version}" for name, version in sorted(worker.languages.items()))
    return f"{queues}; {languages or 'no languages'}"


def _queue(now: QueueFigures) -> Finding:
    name = f"queue {now.name}"
    who = "1 worker" if now.workers == 1 else f"{now.workers} workers"
    waiting = (
        f"{now.depth} waiting, the oldest for {now.oldest_seconds:.0f} s" if now.depth else "none waiting"
    )
    detail = f"{who} ({now.processes} at once), {waiting}"
    if not now.workers:
        return broken(name, f"Nobody serves it, {now.depth} waiting.", START.format(now.name))
    if now.oldest_seconds > LONG:
        mend = f"Start more workers: {now.forecast.workers_wanted} would clear it soon."
        return doubtful(name, f"{detail}.", mend)
    return good(name, f"{detail}.")
