"""Error reports (Sentry) and traces (OpenTelemetry): off unless configured, and then not even imported.

Neither carries what people sent: no bodies, answers, sources, addresses or tokens. The request id leads from a report
or a span to the log lines, which have the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.settings import Settings

if TYPE_CHECKING:
    from core.traces import Traces

_traces: Traces | None = None
_reports = False


def start_telemetry(settings: Settings, process: str) -> None:
    """Begin what the settings ask for, in the process named `process` (web, worker, sweeper, bot). After a fork."""
    global _traces, _reports
    if settings.sentry_dsn:
        from core.error_reports import start_error_reports

        start_error_reports(settings.sentry_dsn, process)
        _reports = True
    if settings.otlp_endpoint:
        from core.traces import Traces

        _traces = Traces(settings.otlp_endpoint, process)


def stop_telemetry() -> None:
    """Send what is left, in at most a few seconds. Celery's pool processes need it: they skip the exit handlers."""
    global _traces
    stopping, _traces = _traces, None
    if stopping is not None:
        stopping.stop()
    if _reports:
        from core.error_reports import flush_error_reports

        flush_error_reports()


def traces() -> Traces | None:
    """This process's traces; None when they are off."""
    return _traces


@contextmanager
def span(name: str, **attributes: str | int | None) -> Iterator[None]:
    """The time that the block takes, in the trace. Attributes become `creathon.*`; those that are None are left out."""
    if _traces is None:
        yield
        return
    with _traces.span(name, attributes):
        yield


def note(**attributes: str | int | None) -> None:
    """Add attributes to the span that runs now."""
    if _traces is not None:
        _traces.note(attributes)
