"""Raw Celery for comparison: a task that does nothing, with our own Celery's settings, published one by one.

The worker is `celery -A benchmarks.pipeline.noop worker`; `python -m benchmarks.pipeline.noop COUNT` publishes.
"""

from __future__ import annotations

import sys
import time

from celery import Celery

QUEUE = "raw"

app = Celery("raw")
app.config_from_object("celeryconfig")


@app.task(name="raw.nothing")
def nothing(number: int) -> None:
    """Nothing."""


def main(count: int) -> None:
    """Publish, and print when that began (monotonic seconds, the same clock in every process)."""
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1)
    nothing.apply_async((0,), queue=QUEUE)  # the first one opens the connections
    print(time.monotonic(), flush=True)
    for number in range(count):
        nothing.apply_async((number,), queue=QUEUE)


if __name__ == "__main__":
    main(int(sys.argv[1]))
