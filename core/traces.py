"""Spans to an OpenTelemetry collector (OTLP over HTTP). Imported only where it is configured.

What leaves is chosen by an allow-list of attributes. The instrumentation of Flask would add addresses of clients,
whole URLs and the messages of exceptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status

OURS = "creathon."
# Flask's instrumentation's own: what was asked in general terms.
KEPT = frozenset({"http.method", "http.route", "http.status_code"})

Attributes = Mapping[str, str | int | None]


class Traces:
    """The spans of this process."""

    def __init__(self, endpoint: str, process: str) -> None:
        """`endpoint` is the collector's root: /v1/traces is appended."""
        self.provider = TracerProvider(resource=Resource.create({"service.name": f"creathon-{process}"}))
        exporter = Discreet(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=5))
        self.provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self.provider.get_tracer("creathon")

    def stop(self) -> None:
        """Send what is left."""
        self.provider.force_flush(timeout_millis=3000)

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[None]:
        with self._tracer.start_as_current_span(name, attributes=_named(attributes), record_exception=False):
            yield

    def note(self, attributes: Attributes) -> None:
        trace.get_current_span().set_attributes(_named(attributes))


class Discreet(SpanExporter):
    """Passes on of each span what may leave."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._inner.export([discreet(span) for span in spans])

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._inner.force_flush(timeout_millis)


def discreet(span: ReadableSpan) -> ReadableSpan:
    """`span` without events, without what its status says, and with allowed attributes only."""
    attributes = {name: value for name, value in (span.attributes or {}).items() if _allowed(name)}
    nameless = span.kind is SpanKind.SERVER and "http.route" not in attributes
    return ReadableSpan(
        name=str(attributes.get("http.method", "HTTP")) if nameless else span.name,
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _allowed(name: str) -> bool:
    return name in KEPT or name.startswith(OURS)


def _named(attributes: Attributes) -> dict[str, Any]:
    return {f"{OURS}{name}": value for name, value in attributes.items() if value is not None}
