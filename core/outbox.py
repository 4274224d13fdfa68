"""What must follow a commit: tasks to publish, events to push. Gathered on the session, sent once it is committed.

Losing either is harmless: the submission's row is found by the sweeper, the event's row is replayed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session, sessionmaker

from core.bus import Bus, Message
from core.queue import QueueUnavailable, Task, TaskQueue

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ports:
    """The two doors that an entry point opens once per process."""

    queue: TaskQueue
    bus: Bus


@dataclass(slots=True)
class Outbox:
    tasks: list[Task] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


def outbox(session: Session) -> Outbox:
    """The outbox of this session's transaction."""
    box: Outbox = session.info.setdefault("outbox", Outbox())
    return box


def commit(session: Session, ports: Ports) -> None:
    """Commit, then send what services left in the outbox. Raises what the commit raises, and nothing else."""
    box: Outbox = session.info.pop("outbox", None) or Outbox()
    session.commit()
    ports.bus.publish(box.messages)  # first: what a worker tells next must not overtake it
    for task in box.tasks:
        try:
            ports.queue.send(task)
        except QueueUnavailable as error:
            log.warning("%s(%s) waits for the sweeper: %s", task.name, task.argument, error)


@contextmanager
def transaction(factory: sessionmaker[Session], ports: Ports) -> Iterator[Session]:
    """A session that is committed, and its outbox sent, when the block ends without an exception."""
    with factory() as session:
        yield session
        commit(session, ports)
