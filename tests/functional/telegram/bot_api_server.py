"""The fake Bot API over HTTP. `running_bot_api` is what tests use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.functional.telegram.bot_api_methods import Refused
from tests.functional.telegram.fake_bot_api import TOKEN, FakeBotApi


class _Handler(BaseHTTPRequestHandler):
    """One request. Headers and body leave in one write, which the client's pool relies on."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            self._answer(
                200, {"ok": True, "result": self.server.api.call(self._method(), self._params(body))}
            )
        except Refused as error:
            answer: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
            if error.retry_after is not None:
                answer["parameters"] = {"retry_after": error.retry_after}
            self._answer(error.code, answer)

    def do_GET(self) -> None:
        root = f"/file/bot{TOKEN}/documents/"
        path = unquote(self.path)
        data = self.server.api.file(path.removeprefix(root)) if path.startswith(root) else None
        if data is None:
            self._answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        else:
            self._write(200, "application/octet-stream", data)

    def _method(self) -> str:
        root = f"/bot{TOKEN}/"
        if not self.path.startswith(root):
            raise Refused(401, "Unauthorized")
        return self.path.removeprefix(root)

    def _params(self, body: bytes) -> dict[str, str]:
        kind = self.headers.get_content_type()
        if not body:
            return {}
        if kind != "application/x-www-form-urlencoded":
            raise Refused(400, f"Bad Request: this server takes forms only, not {kind}")
        return dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))

    def _answer(self, code: int, body: dict[str, Any]) -> None:
        self._write(code, "application/json", json.dumps(body).encode())

    def _write(self, code: int, kind: str, body: bytes) -> None:
        head = f"HTTP/1.1 {code} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            self.wfile.write(head.encode() + body)
        except OSError:
            self.close_connection = True  # the bot was killed, or stopped polling

    def log_message(self, format: str, *args: Any) -> None:
        """The calls are kept; nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: FakeBotApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that a killed bot left behind is no error of ours."""


@contextmanager
def running_bot_api() -> Iterator[FakeBotApi]:
    """A Bot API on a free port while the block runs."""
    api = FakeBotApi()
    server = _Server(api)
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, name="fake Bot API", daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
