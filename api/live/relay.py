"""The thread that carries messages from the bus to this process's sockets, and checks the rows when in doubt."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Collection
from threading import Lock, Thread

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from api.live.audience import Audience, Event
from core.bus import BusUnavailable, Message, RedisBus
from core.models.user import User
from core.services.accounts import counting_sessions
from core.services.events import envelope, events_after

# Seconds between two looks at the rows. What was there at the last look and is still not sent when the echo of that
# look is back, the bus has lost.
CHECK = 1.0
LOST = 5.0
PAUSE = 0.5
# Seconds between two looks at the log-ins: the longest that somebody listens on after it was ended.
REVIEW = 5.0

log = logging.getLogger(__name__)


class Echo:
    """A message of our own. When it comes back, everything that was published before it has been heard, however far
    behind a busy process is; so what is missing then is lost, and not only late."""

    def __init__(self, bus: RedisBus) -> None:
        self._bus = bus
        self._room = f"relay:{uuid.uuid4()}"
        self._sent, self._back = time.monotonic(), True

    def send(self) -> None:
        self._sent, self._back = time.monotonic(), False
        self._bus.publish([Message(self._room, {"type": "echo"})])

    def is_back(self, message: Message) -> bool:
        """Whether the message is ours."""
        if message.room == self._room:
            self._back = True
        return message.room == self._room

    def is_due(self) -> bool:
        """Whether it is time to look at the rows: once a second, if the echo is back or seems lost itself."""
        return time.monotonic() - self._sent > (CHECK if self._back else LOST)


class Relay:
    """Starts with the first socket, so that commands and tests that hold none have no thread."""

    def __init__(self, bus: RedisBus, sessions: sessionmaker[Session]) -> None:
        self.audience = Audience(self.stored)
        self._bus, self._sessions = bus, sessions
        self._lock = Lock()
        self._thread: Thread | None = None
        self._reviewed = 0.0
        self._newest: dict[int, int] = {}

    def start(self) -> None:
        """Start the thread unless it runs."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="relay", daemon=True)
                self._thread.start()

    def stored(self, user_id: int, after: int) -> list[Event]:
        """The next stored events of a user, oldest first."""
        with self._sessions() as session:
            return [envelope(row).as_dict() for row in events_after(session, user_id, after)]

    def _run(self) -> None:
        while True:
            try:
                self._listen()
            except BusUnavailable as error:
                log.warning("the live bus is away, events are read from the database meanwhile: %s", error)
            except Exception:
                log.exception("the relay failed and starts again")
            self._check()
            time.sleep(PAUSE)

    def _listen(self) -> None:
        echo = Echo(self._bus)
        for messages in self._bus.listen():
            for message in messages:
                if not echo.is_back(message):
                    self.audience.deliver(message)
            if echo.is_due():
                self._check()
                echo.send()

    def _check(self) -> None:
        try:
            self.audience.catch_up(self._behind())
            if time.monotonic() - self._reviewed > REVIEW:
                self.audience.expel(self._ended())
                self._reviewed = time.monotonic()
        except SQLAlchemyError as error:
            log.warning("the database did not answer, live events may be late: %s", error)

    def _ended(self) -> set[uuid.UUID]:
        """Log-ins of listeners that were revoked or have expired, or whose users were deactivated."""
        log_ins = self.audience.log_ins()
        if not log_ins:
            return set()
        with self._sessions() as session:
            return log_ins - counting_sessions(session, log_ins)

    def _behind(self) -> set[int]:
        """Users who have not been sent what was stored when they were looked at before."""
        cursors = self.audience.cursors()
        before, self._newest = self._newest, self._stored_ids(cursors)
        return {user_id for user_id, cursor in cursors.items() if cursor < before.get(user_id, 0)}

    def _stored_ids(self, user_ids: Collection[int]) -> dict[int, int]:
        if not user_ids:
            return {}
        query = select(User.id, User.last_event_id).where(User.id.in_(user_ids))
        with self._sessions() as session:
            return dict(session.execute(query).all())
