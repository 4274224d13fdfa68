"""PostgreSQL: reachable, new enough, safe, and with all tables."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from api.doctor.finding import Finding, Patient, broken, doubtful, good
from api.schema_state import pending_migrations

OLDEST = 15
# Without these, rows that a learner was told about are lost when the machine or the server crashes.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
UNSAFE = ("off", "local")


def check_database(patient: Patient) -> Iterator[Finding]:
    """It answers, and how it is set up. Raises SQLAlchemyError when it does not answer."""
    version = str(patient.session.scalar(text("SHOW server_version")))
    if int(version.partition(".")[0]) < OLDEST:
        yield broken("database", f"PostgreSQL {version} is too old.", f"Upgrade it to {OLDEST} or newer.")
    else:
        yield good("database", f"PostgreSQL {version} answers.")
    yield from _role(patient)
    yield from _durability(patient)


def check_migrations(patient: Patient) -> Iterator[Finding]:
    """Every table that this version expects is there. Raises SQLAlchemyError."""
    if pending := pending_migrations(patient.session):
        yield broken(
            "migrations", f"{len(pending)} are not applied, next {pending[0]}.", "Run `flask db upgrade`."
        )
    else:
        yield good("migrations", "All are applied.")


def _role(patient: Patient) -> Iterator[Finding]:
    query = text("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
    name, superuser = patient.session.execute(query).one()
    if superuser:
        mend = (
            "Give DATABASE_URL a role of its own that only owns Creathon's database; see docs/operations.md."
        )
        yield doubtful(
            "database role", f"{name} is a superuser: a hole in the application opens the server.", mend
        )
    else:
        yield good("database role", f"{name} is no superuser.")


def _durability(patient: Patient) -> Iterator[Finding]:
    values = {name: str(patient.session.scalar(text(f"SHOW {name}"))) for name in DURABLE}
    if risky := [f"{name} is {value}" for name, value in values.items() if value in UNSAFE]:
        mend = (
            f"Set {', '.join(name for name in DURABLE if values[name] in UNSAFE)} to on in postgresql.conf."
        )
        yield broken("database durability", f"{', '.join(risky)}: a crash loses finished work.", mend)
    else:
        yield good("database durability", f"{', '.join(DURABLE)} are on.")
