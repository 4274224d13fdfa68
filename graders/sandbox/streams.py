"""Reading what a program prints, up to a cap, through a pipe that only the program holds."""

from __future__ import annotations

import os

CHUNK = 65536


class Capture:
    """One output stream. Keeps `limit` bytes; one byte more and it has overflowed."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.overflowed = False
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.reading, False)
        self._chunks: list[bytes] = []
        self._size = 0

    def give_to(self, uid: int | None) -> None:
        """Let the box's user reopen it (as /dev/stdout)."""
        if uid is not None:
            os.fchown(self.writing, uid, uid)

    def read_some(self) -> bool:
        """Read what is there; True at the end of the stream."""
        try:
            chunk = os.read(self.reading, CHUNK)
        except BlockingIOError:
            return False
        self.receive(chunk)
        return not chunk

    def receive(self, chunk: bytes) -> None:
        """Keep a chunk as far as the limit allows."""
        if self._size < self.limit:
            self._chunks.append(chunk[: self.limit - self._size])
        self._size += len(chunk)
        self.overflowed = self._size > self.limit

    def read_rest(self) -> None:
        """Read what the pipe still holds once every writer is dead: a pipe holds little, so this ends."""
        while True:
            size = self._size
            if self.read_some() or self._size == size:
                return

    def data(self) -> bytes:
        return b"".join(self._chunks)

    def close_writing(self) -> None:
        if self.writing >= 0:
            os.close(self.writing)
            self.writing = -1

    def close(self) -> None:
        self.close_writing()
        os.close(self.reading)
