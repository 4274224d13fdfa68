"""Structured logs: one JSON object per line on stderr, with whatever the process bound to its context.

The context is that of the thread or asyncio task. `request_id` is the thread through all processes: the API and the
bot bind it, the submission's row keeps it, the worker and the notifier bind it again.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from structlog.types import Processor

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def configure_logs(level: str = "INFO") -> None:
    """Send everything that the process logs, through structlog or the standard library, to stderr as JSON.

    `level` is a level's name. Calling it again replaces the earlier set-up.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)  # seven lines at every start
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def bind_context(**fields: object) -> None:
    """Add `fields` to every line that this thread or task logs from now on; those that are None are left out."""
    structlog.contextvars.bind_contextvars(**_known(fields))


def clear_context() -> None:
    """Forget what was bound; for threads that serve one request after another."""
    structlog.contextvars.clear_contextvars()


@contextmanager
def submission_context(**fields: object) -> Iterator[None]:
    """Within the block every line has `fields`: submission_id, attempt (at grading it) and request_id."""
    with structlog.contextvars.bound_contextvars(**_known(fields)):
        yield


def current_request_id() -> str | None:
    """The id of the request or update that is being served, None outside of one."""
    found = structlog.contextvars.get_contextvars().get("request_id")
    return str(found) if found is not None else None


def _known(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *SHARED],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(default=str),
        ],
    )
