"""The two connections of the load: HTTP kept alive, and a Socket.IO reader. As little work per message as can be.

The load shares the cores with what it measures, so a client library's comfort would show in the figures.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
from collections.abc import Callable

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PING, CLOSE, TEXT, PONG = 0x9, 0x8, 0x1, 0xA

Answered = Callable[[int, bytes], None]  # status and body
Heard = Callable[[bytes], None]  # the Socket.IO packet of an event


class Http(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._answered: Answered | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def busy(self) -> bool:
        return self._answered is not None

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: bytes, answered: Answered) -> None:
        """Write `request`; `answered` is called with the answer, or with status 0 when the connection breaks."""
        assert self._transport
        self._answered = answered
        self._transport.write(request)

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = LENGTH.search(head)
        size = int(length[1]) if length else 0
        if len(rest) >= size:
            self._buffer = rest[size:]
            self._done(int(head[9:12]), rest[:size])

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._done(0, b"")

    def _done(self, status: int, body: bytes) -> None:
        answered, self._answered = self._answered, None
        if answered:
            answered(status, body)


class Live(asyncio.Protocol):
    """A Socket.IO connection over one websocket. `ready` is set once the server said hello."""

    def __init__(self, host: str, token: str, heard: Heard) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._host, self._token, self._heard = host, token, heard
        self._buffer = bytearray()
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        self._transport.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {self._host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def close(self) -> None:
        self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("the server closed a live connection before its hello"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded and not self._upgrade():
            return
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def _upgrade(self) -> bool:
        head, found, rest = bytes(self._buffer).partition(b"\r\n\r\n")
        if found:
            assert head.startswith(b"HTTP/1.1 101"), head
            self._upgraded, self._buffer = True, bytearray(rest)
        return self._upgraded

    def _frame(self) -> tuple[int, bytes] | None:
        """The next whole frame: its opcode and payload (RFC 6455, section 5.2)."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 127, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + size:
            return None
        payload = bytes(buffer[start : start + size])
        opcode = buffer[0] & 15
        del buffer[: start + size]
        return opcode, payload

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self._send(payload, PONG)
        elif payload.startswith(b"42"):
            if payload.startswith(b'42["hello"'):
                self.ready.set_result(None)
            self._heard(payload)
        elif payload == b"2":  # Engine.IO's own ping
            self._send(b"3")
        elif payload.startswith(b"0"):
            self._send(b"40" + json.dumps({"token": self._token}).encode())
        elif opcode == CLOSE or payload.startswith(b"44"):
            self._transport.close()

    def _send(self, payload: bytes, opcode: int = TEXT) -> None:
        """Clients must mask; a mask of zeros leaves the payload as it is."""
        size = len(payload)
        length = bytes([128 | size]) if size < 126 else bytes([128 | 126]) + size.to_bytes(2, "big")
        self._transport.write(bytes([128 | opcode]) + length + bytes(4) + payload)
