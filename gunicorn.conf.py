"""Gunicorn's settings that every deployment shares, each with its reason. Read from the directory it starts in."""

import json

from gunicorn import util
from gunicorn.glogging import Logger


class JsonLogger(Logger):
    """What gunicorn says about itself goes the way of the application's log lines: JSON on stderr."""

    def setup(self, cfg):
        super().setup(cfg)
        from core.logs import configure_logs  # not before gunicorn has entered the application's directory

        configure_logs()
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


def post_fork(server, worker):
    """Here and not in wsgi.py: a `flask` command needs no telemetry, and would wait for it at its end."""
    from core.settings import get_settings
    from core.telemetry import start_telemetry

    start_telemetry(get_settings(), "web")


logger_class = JsonLogger
# Filters repeat their key, so query strings get long; this is the most that Gunicorn takes.
limit_request_line = 8190


def write_problem(sock, status, reason, message):
    """Refuse what is no decent HTTP in the shape of every other error: RFC 9457, never HTML.

    Such requests never reach the application, so api.errors cannot answer them.
    """
    code = reason.lower().replace(" ", "_")
    kind = f"urn:creathon:problem:{code}"
    body = json.dumps({"type": kind, "title": reason, "status": status, "detail": message, "code": code})
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
    util.write_nonblock(sock, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode("latin1"))


# The worker's own error page is not configurable.
util.write_error = write_problem
