"""`celery -A workers.app worker -Q knowledge,code`: the composition root of a grading worker."""

from __future__ import annotations

from functools import partial
from typing import Any

from celery import signals
from celery.worker import state

from core.logs import configure_logs
from core.queue import CeleryQueue, celery_app
from core.settings import get_settings, settings_or_exit
from graders.sandbox.pool import close_pool
from workers import tasks
from workers.presence import Presence
from workers.subscription import Subscription, consume, select_lanes
from workers.watchdog import Watchdog

settings_or_exit()
app = celery_app

__all__ = ["app", "tasks"]

_subscriptions: list[Subscription] = []
_presences: list[Presence] = []


@signals.celeryd_init.connect  # before Celery warns those who run it as root
@signals.setup_logging.connect
def _set_up_logging(**_: Any) -> None:
    configure_logs(get_settings().log_level)


@signals.celeryd_after_setup.connect
def _subscribe(instance: Any, **_: Any) -> None:
    _subscriptions.append(select_lanes(instance.app.amqp.queues))


@signals.worker_ready.connect
def _announce(sender: Any, **_: Any) -> None:
    subscription = _subscriptions[-1]
    subscription.serve = partial(consume, sender)
    watchdog = Watchdog(CeleryQueue(), sender.pool.num_processes, lambda: len(state.reserved_requests))
    signals.task_received.connect(watchdog.received, weak=False)
    _presences.append(Presence(sender.hostname, subscription, watchdog))
    _presences[-1].start()


@signals.worker_shutting_down.connect
def _take_leave(**_: Any) -> None:
    for presence in _presences:
        presence.stop()


@signals.worker_process_shutdown.connect
def _close_boxes(**_: Any) -> None:
    close_pool()
