"""Errors to Sentry: which kind of error, where in our code, in which request. Imported only where it is configured.

What is sent is chosen by an allow-list. The message of an exception and the values in a log line are left out, since
they may repeat what somebody sent; the log has them, under the same request id.
"""

from __future__ import annotations

import logging
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

KEPT = (
    "event_id",
    "timestamp",
    "level",
    "platform",
    "logger",
    "release",
    "environment",
    "server_name",
    "sdk",
)
KEPT_OF_FRAME = ("filename", "function", "module", "lineno", "in_app")
CONTEXT = ("request_id", "submission_id", "attempt")
SECONDS = 3.0


def start_error_reports(dsn: str, process: str) -> None:
    """Report what the process logs as an error, and what ends it. The rest of Sentry stays off."""
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            ExcepthookIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=lambda event, hint: chosen(event, hint, process),
    )


def flush_error_reports() -> None:
    """Wait until what is under way has left, at most three seconds."""
    sentry_sdk.flush(timeout=SECONDS)


def chosen(event: Any, hint: dict[str, Any], process: str) -> Any:
    """What of a report may leave."""
    kept = {name: event[name] for name in KEPT if name in event}
    kept["tags"] = {"process": process} | _context()
    if exceptions := event.get("exception", {}).get("values"):
        kept["exception"] = {"values": [_exception(one) for one in exceptions]}
    if record := hint.get("log_record"):
        kept["logentry"] = {"message": _template(record)}
    return kept


def _context() -> dict[str, str]:
    bound = structlog.contextvars.get_contextvars()
    return {name: str(bound[name]) for name in CONTEXT if name in bound}


def _exception(one: dict[str, Any]) -> dict[str, Any]:
    frames = (one.get("stacktrace") or {}).get("frames", [])
    kept = [{name: frame[name] for name in KEPT_OF_FRAME if name in frame} for frame in frames]
    return {"type": one.get("type"), "module": one.get("module"), "stacktrace": {"frames": kept}}


def _template(record: logging.LogRecord) -> str:
    """The words of a log line without its values."""
    message: object = record.msg
    return str(message.get("event", "")) if isinstance(message, dict) else str(message)
