"""`celery -A workers.app worker -Q knowledge,code`: the composition root of a grading worker."""

from __future__ import annotations

from typing import Any

from celery import signals

from core.logs import configure_logs
from core.queue import celery_app
from core.settings import get_settings, settings_or_exit
from graders.sandbox.pool import close_pool
from workers import tasks
from workers.presence import Presence

settings_or_exit()
app = celery_app

__all__ = ["app", "tasks"]

_presence = Presence()


@signals.setup_logging.connect
def _set_up_logging(**_: Any) -> None:
    configure_logs(get_settings().log_level)


@signals.worker_ready.connect
def _announce(sender: Any, **_: Any) -> None:
    _presence.start(sender.hostname, sorted(sender.app.amqp.queues.consume_from))


@signals.worker_shutting_down.connect
def _take_leave(**_: Any) -> None:
    _presence.stop()


@signals.worker_process_shutdown.connect
def _close_boxes(**_: Any) -> None:
    close_pool()
