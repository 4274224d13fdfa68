"""The declarative base, the engine and the session factory. Entry points commit; models and services never do."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import psycopg2
from sqlalchemy import DateTime, Engine, Enum, MetaData, create_engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# A connection that was idle for longer (seconds) is asked whether it still lives before it is used.
IDLE = 1.0


def _note_idle(connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _ping_idle(connection: Any, record: Any, proxy: Any) -> None:
    """What SQLAlchemy's pre-ping does at every use: under load, one round trip in eight would be a ping."""
    now = time.monotonic()
    if now - record.info.get("idle_since", now) < IDLE:
        return
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.autocommit = False
    except psycopg2.Error as error:
        raise DisconnectionError(str(error)) from error


ENGINE_OPTIONS: dict[str, Any] = {
    # A restarted PostgreSQL costs an idle process one ping, not one failed request.
    "pool_events": [(_note_idle, "checkin"), (_ping_idle, "checkout")],
    "pool_size": 10,
    "max_overflow": 30,
    "pool_timeout": 10,
    "hide_parameters": True,  # a refused row is logged: its passwords and answers are not
    "connect_args": {"connect_timeout": 5, "application_name": "creathon"},
}


class Base(DeclarativeBase):
    """Root of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: DateTime(timezone=True)}


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for `url` (a SQLAlchemy URL, see core.settings.database_url)."""
    return create_engine(url, **(ENGINE_OPTIONS | options))


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def words(enum: type[StrEnum], name: str) -> Enum:
    """A column of the words of `enum`: text with a check constraint, so that a new word is a plain migration."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda e: [m.value for m in e],
    )


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)
