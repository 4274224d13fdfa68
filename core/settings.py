"""Settings, read from the environment once per process. Nothing else reads os.environ."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from core.environment import SWITCH, Environment
from core.errors import SettingsError
from core.strength import database_password_weakness, redis_password_weakness, secret_weakness

ENVIRONMENTS = ("development", "production")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
MOST_PROXIES = 5
MOST_A_MINUTE = 1_000_000
NEW_SECRET = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'  # noqa: S105
NEW_PASSWORD = "Give it a random one, there and in the server"  # noqa: S105 - the advice, not a password
TRYING_OUT = "On a machine for trying things out, ENVIRONMENT=development lets weak secrets pass."
TELEGRAM = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class Rates:
    """How many requests a minute one may send: a user who is logged in, else (`anonymous`) an address."""

    submissions: int = 60
    runs: int = 60
    writes: int = 120
    reads: int = 1200
    anonymous: int = 1200


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator may set; see docs/settings.md. Secrets never show in a repr."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    jwt_secret_key: str = field(repr=False)
    environment: str = "production"
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: int = 0
    live_connections: int = 150
    cors_origins: tuple[str, ...] = ()
    rate_limits: bool = True
    rates: Rates = Rates()
    log_level: str = "INFO"
    telegram_bot_token: str | None = field(default=None, repr=False)
    telegram_api_base_url: str = TELEGRAM
    telegram_bot_username: str | None = None
    sentry_dsn: str | None = field(default=None, repr=False)
    otlp_endpoint: str | None = None


def read_settings(env: Mapping[str, str]) -> Settings:
    """Build Settings from `env`. Raises SettingsError that names every wrong variable and how to mend it."""
    read = Environment(env)
    settings = Settings(
        database_url=read.parsed("DATABASE_URL", read.required("DATABASE_URL"), database_url),
        redis_url=read.parsed("REDIS_URL", read.required("REDIS_URL"), _redis_url),
        secret_key=read.required("SECRET_KEY"),
        jwt_secret_key=read.required("JWT_SECRET_KEY"),
        environment=read.word("ENVIRONMENT", ENVIRONMENTS, "production"),
        host=read.text("HOST", "127.0.0.1"),
        port=read.whole("PORT", 8000, 1, 65535),
        trusted_proxies=read.whole("TRUSTED_PROXIES", 0, 0, MOST_PROXIES),
        live_connections=read.whole("LIVE_CONNECTIONS", 150, 1, 100_000),
        cors_origins=tuple(read.text("CORS_ORIGINS").split()),
        rate_limits=read.switch("RATE_LIMITS", "on"),
        rates=_rates(read),
        log_level=read.word("LOG_LEVEL", LOG_LEVELS, "INFO"),
        telegram_bot_token=read.text("TELEGRAM_BOT_TOKEN") or None,
        telegram_api_base_url=read.parsed(
            "TELEGRAM_API_BASE_URL", read.text("TELEGRAM_API_BASE_URL", TELEGRAM), _web_root
        ),
        telegram_bot_username=read.text("TELEGRAM_BOT_USERNAME").lstrip("@") or None,
        sentry_dsn=_address(read, "SENTRY_DSN"),
        otlp_endpoint=_address(read, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    )
    read.problems += [f"CORS_ORIGINS: {p}" for o in settings.cors_origins if (p := _origin_problem(o))]
    unsafe = _unsafe(settings, read) if settings.environment == "production" else []
    _refuse(read.problems + unsafe, TRYING_OUT if unsafe else "")
    return settings


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return read_settings(os.environ)


def settings_or_exit() -> Settings:
    """The settings of this process; wrong ones end it with what to mend and exit code 1, not with a traceback."""
    try:
        return get_settings()
    except SettingsError as error:
        sys.exit(error.message)


def database_url(url: str) -> str:
    """The one place that names the driver: SQLAlchemy 2.1 would take psycopg 3 for a plain postgresql URL."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg2") or not rest or not _is_url(url):
        raise SettingsError("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    return f"postgresql+psycopg2://{rest}"


def _redis_url(url: str) -> str:
    if not _is_url(url) or urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise SettingsError("REDIS_URL must look like redis://:password@host:6379/0.")
    return url


def _address(read: Environment, name: str) -> str | None:
    value = read.text(name)
    if value and not _is_http(value):
        read.problems.append(f"{name} must be an http or https address, or not set at all.")
    return value or None


def _is_http(url: str) -> bool:
    return _is_url(url) and urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)


def _web_root(url: str) -> str:
    if not _is_http(url):
        raise SettingsError(f"TELEGRAM_API_BASE_URL must look like {TELEGRAM}.")
    return url.rstrip("/")


def _is_url(url: str) -> bool:
    """Whether host and port can be read at all."""
    try:
        return urlsplit(url).port is not None or True
    except ValueError:
        return False


def _rates(read: Environment) -> Rates:
    known = {f"RATE_LIMIT_{name.upper()}": name for name in Rates.__dataclass_fields__}
    for name in read.names():
        if name.startswith("RATE_LIMIT_") and name not in known:
            read.problems.append(f"{name} is no setting; there are {', '.join(known)}.")
    usual = Rates()
    return Rates(**{
        field: read.whole(name, getattr(usual, field), 1, MOST_A_MINUTE) for name, field in known.items()
    })  # fmt: skip


def _origin_problem(origin: str) -> str | None:
    if origin == "*":
        return "* would let every web page call the API; name the origins, separated by spaces."
    parts = urlsplit(origin) if _is_url(origin) else None
    if parts and parts.scheme in ("http", "https") and parts.hostname and not (parts.path or parts.query):
        return None
    return f"{origin!r} is no origin; write https://learn.example.org, without a path or a slash at its end."


def _unsafe(settings: Settings, read: Environment) -> list[str]:
    """What production refuses and development lets pass."""
    found = [
        f"{name} {weakness}. {NEW_SECRET}"
        for name, secret in (("SECRET_KEY", settings.secret_key), ("JWT_SECRET_KEY", settings.jwt_secret_key))
        if secret and (weakness := secret_weakness(secret))
    ]
    if settings.secret_key and settings.secret_key == settings.jwt_secret_key:
        found.append("SECRET_KEY and JWT_SECRET_KEY are the same; each needs one of its own. " + NEW_SECRET)
    if settings.database_url and (weakness := database_password_weakness(settings.database_url)):
        found.append(f"DATABASE_URL {weakness}. {NEW_PASSWORD} (ALTER ROLE ... PASSWORD).")
    if settings.redis_url and (weakness := redis_password_weakness(settings.redis_url)):
        found.append(f"REDIS_URL {weakness}, and its host is not this one. {NEW_PASSWORD} (requirepass).")
    if SWITCH.get(read.text("FLASK_DEBUG", "off").lower(), True):
        found.append("FLASK_DEBUG is on, which lets whoever causes an error run code here. Unset it.")
    return found


def _refuse(problems: list[str], advice: str) -> None:
    """Raises SettingsError with all of them."""
    if not problems:
        return
    count = "one setting" if len(problems) == 1 else f"{len(problems)} settings"
    heading = f"Creathon cannot start: {count} must be mended (docs/settings.md describes them all)."
    raise SettingsError("\n".join([heading, *(f"- {problem}" for problem in problems), *advice.splitlines()]))
