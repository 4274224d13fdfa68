"""Gunicorn's settings that every deployment shares, each with its reason. Read from the directory it starts in."""

import json
import socket
import struct

from gunicorn import util
from gunicorn.glogging import Logger

from core.settings import settings_or_exit


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

# Who is believed about the client's address and scheme is TRUSTED_PROXIES' business (api.app), and nobody else's.
forwarded_allow_ips = ""
secure_scheme_headers = {}
forwarder_headers = ""

# Filters repeat their key, so query strings get long; this is the most that Gunicorn takes.
limit_request_line = 8190
# An access token, cookies of other applications on this host and what proxies add: far below the usual 100 of 8 KB.
limit_request_fields = 50
limit_request_field_size = 8190

# Seconds without a byte.
STALLED = 60


def on_starting(server):
    """Refuse wrong settings in the master: it would start a worker that ends for them over and over again."""
    settings_or_exit()


def when_ready(server):
    """Give up on a client that says nothing in the midst of a request: it would hold its thread for ever.

    Connections inherit this from the listener. Above Socket.IO's own patience (25 + 20 s), which must come first.
    """
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLED, 0))


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
