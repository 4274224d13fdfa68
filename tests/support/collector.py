"""A collector on loopback that keeps what Sentry's and OpenTelemetry's clients send, as it came over the wire."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """`bodies` holds (path, body) of each request, unpacked."""

    def __init__(self, port: int) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.otlp_endpoint = f"http://127.0.0.1:{port}"
        self.sentry_dsn = f"http://0123456789abcdef@127.0.0.1:{port}/1"

    @property
    def everything(self) -> bytes:
        return b"\n".join(body for _, body in list(self.bodies))

    def reports(self) -> list[dict[str, Any]]:
        """The events in Sentry's envelopes: a header, then pairs of item header and item, each on its line."""
        found = []
        for path, body in list(self.bodies):
            if path.endswith("/envelope/"):
                _, *items = [json.loads(line) for line in body.splitlines() if line]
                found += [
                    item
                    for head, item in zip(items[::2], items[1::2], strict=True)
                    if head["type"] == "event"
                ]
        return found

    def spans(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(service, span's name, attributes) of each span."""
        found = []
        for path, body in list(self.bodies):
            if path == "/v1/traces":
                for group in ExportTraceServiceRequest.FromString(body).resource_spans:
                    service = _values(group.resource.attributes)["service.name"]
                    spans = [span for scope in group.scope_spans for span in scope.spans]
                    found += [(service, span.name, _values(span.attributes)) for span in spans]
        return found


@contextmanager
def running_collector() -> Iterator[Collector]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            collector.bodies.append((self.path, gzip.decompress(body) if packed else body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _values(attributes: Any) -> dict[str, Any]:
    return {item.key: getattr(item.value, item.value.WhichOneof("value")) for item in attributes}
