"""The composition root: everything that the API is made of is bound together here, and nowhere else."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import Rule

from api import docs, errors, health, hooks, tracing
from api.auth import init_auth
from api.bodies import MAX_BODY
from api.cli.accounts import create_admin, create_user, set_role
from api.cli.content import content
from api.cli.doctor import doctor
from api.cli.rejudges import rejudge
from api.cli.submissions import requeue
from api.cli.verify import verify  # noqa: F401 - joins the group content
from api.extensions import api, db, migrate
from api.limits import init_limits
from api.live.server import init_live
from api.rates import init_rates
from api.resources import (
    accounts,
    audit,
    catalogue,
    categories,
    challenges,
    checks,
    events,
    exchange,
    hints,
    progress,
    rejudges,
    reviews,
    revisions,
    runs,
    statistics,
    submissions,
    telegram,
    tracks,
    users,
)
from core.bus import RedisBus
from core.outbox import Ports
from core.queue import CeleryQueue
from core.settings import Settings, get_settings

COMMANDS = (create_admin, create_user, set_role, content, requeue, rejudge, doctor)

# Every resource of the API. Add yours here, and nothing else.
BLUEPRINTS = (
    accounts.blp,
    users.blp,
    categories.blp,
    challenges.blp,
    hints.blp,
    tracks.blp,
    revisions.blp,
    checks.blp,
    catalogue.blp,
    exchange.blp,
    submissions.blp,
    rejudges.blp,
    reviews.blp,
    runs.blp,
    progress.blp,
    events.blp,
    telegram.blp,
    audit.blp,
    statistics.blp,
)

ABOUT = (
    "Log in with POST /api/auth/login and send the access token as `Authorization: Bearer ...`. Every error is a "
    "problem (RFC 9457) with a stable `code`. Live events: see [/api/asyncapi.json](/api/asyncapi.json)."
)


class SlashlessRule(Rule):
    """A rule without its last slash: only for such ones Werkzeug answers 405 to both forms of a path."""

    def __init__(self, string: str, **options: Any) -> None:
        super().__init__(string.rstrip("/") or "/", **options)


def create_app(settings: Settings | None = None, ports: Ports | None = None) -> Flask:
    """The application, by default with this process's settings. Raises SettingsError."""
    settings = settings or get_settings()
    app = Flask("api", static_folder=None)
    _configure(app, settings)
    app.extensions["creathon_settings"] = settings
    app.extensions["creathon_ports"] = ports or Ports(CeleryQueue(), RedisBus(settings.redis_url))
    _bind(app, settings)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.url_rule_class = SlashlessRule  # type: ignore[assignment]
    app.url_map.strict_slashes = False  # /api/challenges and /api/challenges/ are one
    app.url_map.merge_slashes = False  # and nothing is redirected
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "JWT_SECRET_KEY": settings.jwt_secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "API_TITLE": "Creathon",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api",
        "API_SPEC_OPTIONS": {"info": {"description": ABOUT}},
    }


def _bind(app: Flask, settings: Settings) -> None:
    tracing.init_tracing(app)
    db.init_app(app)
    migrate.init_app(app)
    hooks.init_hooks(app, settings)
    init_auth(app)
    init_limits(app, settings)
    init_rates(app, settings)
    api.init_app(app)
    errors.register_error_handlers(app)
    docs.init_docs(app)
    health.init_health(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix="/api")
    init_live(app, settings)
    _trust_proxies(app, settings.trusted_proxies)


def _trust_proxies(app: Flask, hops: int) -> None:
    """Take the client's address and scheme from so many proxies; stands outside of Socket.IO, which needs them too."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
