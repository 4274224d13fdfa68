"""Whether the database has the tables that this version of the code expects."""

from __future__ import annotations

from functools import lru_cache

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.extensions import migrate


def pending_migrations(session: Session) -> list[str]:
    """Revisions that the code knows and the database lacks, the next one first; empty when it is newer than the code,
    as it is for a while in an upgrade. Raises SQLAlchemyError."""
    known = _known()
    applied = _applied(session)
    if applied is None:
        return list(known)
    return list(known[known.index(applied) + 1 :]) if applied in known else []


def _applied(session: Session) -> str | None:
    try:
        found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    except ProgrammingError:  # no such table: nothing was ever applied
        session.rollback()
        return None
    return found


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    """All revisions in the order in which they are applied."""
    scripts = ScriptDirectory.from_config(migrate.get_config())
    return tuple(script.revision for script in scripts.walk_revisions())[::-1]
