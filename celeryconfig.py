"""Celery's settings: assignments only, each with its reason."""

from core.settings import get_settings

# Redis carries messages only; PostgreSQL is the truth and the sweeper repairs what Redis loses.
broker_url = get_settings().redis_url
# Nobody reads results from Celery: the submission's row is the result.
task_ignore_result = True
result_backend = None
# JSON only: a message can never carry code.
task_serializer = "json"
accept_content = ["json"]
# A killed worker's message comes back; the claim stops the second of two deliveries.
task_acks_late = True
task_reject_on_worker_lost = True
# One message at a time per process, so that a slow submission holds no other back.
worker_prefetch_multiplier = 1
# No task may hang: a submission's own limits end far below these (seconds).
task_soft_time_limit = 240
task_time_limit = 300
# Only the `--concurrency` pool kills on a hard limit, and only prefork has one.
worker_pool = "prefork"
worker_max_tasks_per_child = 500
# What a sender forgets to name. Every sender of ours names the lane, see core.queue.
task_default_queue = "knowledge"
broker_transport_options = {
    # More than twice the hard limit, so that a running task is not delivered again.
    "visibility_timeout": 900,
    # How soon messages of dead workers come back (seconds; in sweeps of the transport).
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # Lanes of the same priority take turns, so that none starves; rejudges have a lower one, see core.queue.
    "queue_order_strategy": "round_robin",
    # A silent Redis is noticed in seconds, not minutes.
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
# Publish fast or fail fast: a request answers 202 and the sweeper publishes later.
task_publish_retry = True
task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.3}
# Workers wait for Redis as long as it takes.
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
# A worker that lost the broker stops its work: another will claim it, and the fence would drop it anyway.
worker_cancel_long_running_tasks_on_connection_loss = True
# With REMAP_SIGTERM=SIGQUIT a stopped worker first finishes what it has (seconds, above the hard limit).
worker_soft_shutdown_timeout = 310
# Our logging is set up by core.logs.
worker_hijack_root_logger = False
