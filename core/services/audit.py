"""The audit log: privileged acts, written in the same transaction as what they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.models.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a session, and by which request."""

    name: str
    id: int | None = None
    request_id: str | None = None
    address: str | None = None


SYSTEM = Actor("system")


@dataclass(frozen=True, slots=True)
class Act:
    """What was done to which row. `details` must hold no secret and no key of a challenge: names, not contents."""

    name: str
    object_type: str
    object_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; an empty part means any. `objects` are types, or type:id."""

    actors: Sequence[str] = ()
    acts: Sequence[str] = ()
    objects: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None


def act_as(session: Session, actor: Actor) -> None:
    """Say who uses this session from now on; entry points do, once they know."""
    session.info["actor"] = actor


def record_act(session: Session, act: Act) -> None:
    """Write the act down as the session's actor's ("system" where nobody was named)."""
    actor: Actor = session.info.get("actor", SYSTEM)
    entry = AuditEntry(
        actor_id=actor.id,
        actor=actor.name,
        act=act.name,
        object_type=act.object_type,
        object_id=act.object_id,
        details=dict(act.details),
        request_id=actor.request_id,
        address=actor.address,
    )
    session.add(entry)


def list_acts(wanted: AuditFilter) -> Select[AuditEntry]:
    """The entries, without an order."""
    query = select(AuditEntry)
    if wanted.actors:
        query = query.where(AuditEntry.actor.in_(wanted.actors))
    if wanted.acts:
        query = query.where(AuditEntry.act.in_(wanted.acts))
    if wanted.objects:
        named = func.concat(AuditEntry.object_type, ":", AuditEntry.object_id)
        query = query.where(AuditEntry.object_type.in_(wanted.objects) | named.in_(wanted.objects))
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at < wanted.until)
    return query
