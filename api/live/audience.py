"""Who listens in this process, and how far each of them has heard.

A user's events are numbered without holes, so a listener that hears number n+2 after n keeps it back: two processes
that commit one after the other may be heard in the wrong order. What does not come soon the relay reads from the rows.
The bus may lose, repeat or reorder messages, a socket never sees any of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from core.bus import Message
from core.events import AUTHORS, EVERYBODY, user_room

Event = dict[str, Any]
# (user id, after, limit) -> stored events, oldest first
Replay = Callable[[int, int], list[Event]]
# So many events are kept back for one that has not come.
EARLY = 20


@dataclass(frozen=True, slots=True)
class Line:
    """The way to one socket: sending it an event, and hanging up."""

    send: Callable[[Event], None]
    hang_up: Callable[[], None]


class Listener:
    """One socket of a log-in. `cursor` is the id of the newest stored event that it was sent."""

    def __init__(self, user_id: int, log_in: uuid.UUID, cursor: int, line: Line) -> None:
        self.user_id, self.log_in, self.cursor = user_id, log_in, cursor
        self.line, self._send = line, line.send
        self._early: dict[int, Event] = {}
        self._lock = Lock()

    def hear(self, event: Event, replay: Replay) -> None:
        """Pass a live event on, after whatever should have come before it."""
        with self._lock:
            if event["id"] is None:
                self._send(event)
            elif event["id"] > self.cursor:
                self._early[event["id"]] = event
                self._pass_on_early()
                if len(self._early) > EARLY:
                    self._catch_up(replay)

    def catch_up(self, replay: Replay) -> None:
        """Send every stored event that it has not been sent."""
        with self._lock:
            self._catch_up(replay)

    def _catch_up(self, replay: Replay) -> None:
        while missed := replay(self.user_id, self.cursor):
            for event in missed:
                self._pass_on(event)
        self._early.clear()

    def _pass_on_early(self) -> None:
        while (event := self._early.pop(self.cursor + 1, None)) is not None:
            self._pass_on(event)

    def _pass_on(self, event: Event) -> None:
        self._send(event)
        self.cursor = event["id"]


class Audience:
    """The listeners of this process by room and socket id. Safe to use from any thread."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self._rooms: dict[str, dict[str, Listener]] = {EVERYBODY: {}, AUTHORS: {}}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._rooms[EVERYBODY])

    def join(self, sid: str, listener: Listener, author: bool = False) -> None:
        """From now on `listener` hears its user's events, an `author` those for authors too; first those it missed."""
        with self._lock:
            self._rooms[EVERYBODY][sid] = listener
            if author:
                self._rooms[AUTHORS][sid] = listener
            self._rooms.setdefault(user_room(listener.user_id), {})[sid] = listener
        listener.catch_up(self._replay)

    def leave(self, sid: str) -> None:
        with self._lock:
            self._rooms[AUTHORS].pop(sid, None)
            if listener := self._rooms[EVERYBODY].pop(sid, None):
                room = user_room(listener.user_id)
                del self._rooms[room][sid]
                if not self._rooms[room]:
                    del self._rooms[room]

    def deliver(self, message: Message) -> None:
        """Pass a message of the bus on to those in its room."""
        for listener in self._in(message.room):
            listener.hear(message.event, self._replay)

    def count_of(self, user_id: int) -> int:
        """How many sockets this user has here."""
        return len(self._in(user_room(user_id)))

    def log_ins(self) -> set[uuid.UUID]:
        """Those that anybody listens with."""
        return {listener.log_in for listener in self._in(EVERYBODY)}

    def expel(self, log_ins: set[uuid.UUID]) -> None:
        """Hang up on whoever listens with one of these log-ins."""
        for listener in self._in(EVERYBODY):
            if listener.log_in in log_ins:
                listener.line.hang_up()

    def cursors(self) -> dict[int, int]:
        """For each user who listens: the lowest cursor of their sockets."""
        lowest: dict[int, int] = {}
        for listener in self._in(EVERYBODY):
            lowest[listener.user_id] = min(lowest.get(listener.user_id, listener.cursor), listener.cursor)
        return lowest

    def catch_up(self, user_ids: set[int]) -> None:
        """Send these users what they were not sent."""
        for user_id in user_ids:
            for listener in self._in(user_room(user_id)):
                listener.catch_up(self._replay)

    def _in(self, room: str) -> list[Listener]:
        with self._lock:
            return list(self._rooms.get(room, {}).values())
