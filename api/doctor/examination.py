"""All checks in their order; what cannot be checked is a line too, not a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from api.doctor import database, host, redis_server, work, workers
from api.doctor.finding import Check, Finding, Patient, State, broken, doubtful, good
from core.errors import CreathonError, SettingsError
from core.settings import Settings

POSTGRESQL, REDIS, NONE = "PostgreSQL", "Redis", ""
# In the order of the report: what others need comes first. Each with the server that it asks.
CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("database", POSTGRESQL, database.check_database),
    ("migrations", POSTGRESQL, database.check_migrations),
    ("redis", REDIS, redis_server.check_redis),
    ("clock", POSTGRESQL, host.check_database_clock),
    ("clock", REDIS, host.check_redis_clock),
    ("workers", POSTGRESQL, workers.check_workers),
    ("queues", POSTGRESQL, workers.check_queues),
    ("languages", POSTGRESQL, workers.check_languages),
    ("sandbox", POSTGRESQL, host.check_sandbox),
    ("sweeper", POSTGRESQL, work.check_sweeper),
    ("submissions", POSTGRESQL, work.check_failures),
    ("telegram", NONE, work.check_telegram),
    ("deliveries", POSTGRESQL, work.check_deliveries),
)
FIRST = {"database": "DATABASE_URL", "redis": "REDIS_URL"}


def examination(patient: Patient) -> Iterator[Finding]:
    """Every finding. A server that does not answer is a failure once, and not asked again."""
    yield from _settings(patient.settings)
    silent: set[str] = set()
    for name, server, check in CHECKS:
        if server in silent:
            yield Finding(name, State.WARNING, f"Unknown while {server} does not answer.")
            continue
        try:
            yield from check(patient)
        except (SQLAlchemyError, RedisError) as error:
            yield _refused(patient, name, server, error)
            if name in FIRST:
                silent.add(server)
        except CreathonError as error:
            yield broken(name, error.message, "`python -m graders doctor` says more.")


def wrong_settings(error: SettingsError) -> Iterator[Finding]:
    """One finding for each setting that `error` names; its first line is a heading."""
    for line in error.message.splitlines()[1:]:
        if line.startswith("- "):
            yield broken("settings", line.removeprefix("- "), "docs/settings.md describes them all.")


def secrets_of(settings: Settings) -> list[str]:
    """What must never be printed, should a message of a server repeat it."""
    urls = [urlsplit(url) for url in (settings.database_url, settings.redis_url)]
    passwords = [form for url in urls if url.password for form in (url.password, unquote(url.password))]
    keys = [settings.secret_key, settings.jwt_secret_key, settings.telegram_bot_token, settings.sentry_dsn]
    return [secret for secret in [*passwords, *keys] if secret]


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.environment == "production":
        yield good("settings", "All that are needed are set, and the secrets are strong.")
    else:
        mend = "Unset ENVIRONMENT where learners are; weak secrets are refused then."
        yield doubtful("settings", f"They are set for {settings.environment}.", mend)
    if not settings.rate_limits:
        mend = "Set RATE_LIMITS=on, or leave it out."
        yield doubtful("rate limits", "Off: passwords can be guessed at full speed.", mend)


def _refused(patient: Patient, name: str, server: str, error: Exception) -> Finding:
    patient.session.rollback()
    words = _words(error)
    if name in FIRST:
        return broken(name, f"{server} does not answer: {words}", f"Start {server}, or mend {FIRST[name]}.")
    return broken(name, f"{server} refuses: {words}", "Mend what stands above first.")


def _words(error: Exception) -> str:
    """The server's or driver's own words, the first line of them."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
