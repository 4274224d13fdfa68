"""Settings, read from the environment once per process. Nothing else reads os.environ."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from core.errors import SettingsError

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator may set; see docs/settings.md. Secrets never show in a repr."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    jwt_secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    cors_origins: tuple[str, ...] = ()
    rate_limits: bool = True
    log_level: str = "INFO"
    telegram_bot_token: str | None = field(default=None, repr=False)
    telegram_api_base_url: str = "https://api.telegram.org"
    telegram_bot_username: str | None = None
    sentry_dsn: str | None = field(default=None, repr=False)
    otlp_endpoint: str | None = None


def read_settings(env: Mapping[str, str]) -> Settings:
    """Build Settings from `env`. Raises SettingsError that names the variable and how to mend it."""
    return Settings(
        database_url=database_url(_required(env, "DATABASE_URL")),
        redis_url=_redis_url(_required(env, "REDIS_URL")),
        secret_key=_secret(env, "SECRET_KEY"),
        jwt_secret_key=_secret(env, "JWT_SECRET_KEY"),
        host=env.get("HOST") or "127.0.0.1",
        port=_port(env),
        cors_origins=tuple(env.get("CORS_ORIGINS", "").split()),
        rate_limits=env.get("RATE_LIMITS", "on").lower() not in ("off", "0", "false"),
        log_level=env.get("LOG_LEVEL", "INFO").upper(),
        telegram_bot_token=env.get("TELEGRAM_BOT_TOKEN") or None,
        telegram_api_base_url=(env.get("TELEGRAM_API_BASE_URL") or "https://api.telegram.org").rstrip("/"),
        telegram_bot_username=(env.get("TELEGRAM_BOT_USERNAME") or "").lstrip("@") or None,
        sentry_dsn=_address(env, "SENTRY_DSN"),
        otlp_endpoint=_address(env, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    )


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process. Raises SettingsError."""
    return read_settings(os.environ)


def database_url(url: str) -> str:
    """The one place that names the driver: SQLAlchemy 2.1 would take psycopg 3 for a plain postgresql URL."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg2") or not rest:
        raise SettingsError("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    return f"postgresql+psycopg2://{rest}"


def _redis_url(url: str) -> str:
    if urlsplit(url).scheme not in ("redis", "rediss", "unix"):
        raise SettingsError("REDIS_URL must look like redis://:password@host:6379/0.")
    return url


def _address(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name)
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise SettingsError(f"{name} must be an http or https address, or not set at all.")
    return value or None


def _required(env: Mapping[str, str], name: str) -> str:
    if value := env.get(name):
        return value
    raise SettingsError(f"{name} is not set. Set it, or start everything with `make up`.")


def _secret(env: Mapping[str, str], name: str) -> str:
    value = _required(env, name)
    if len(value.encode()) < SECRET_BYTES or len(set(value)) < 8:
        raise SettingsError(
            f"{name} is too weak: it needs {SECRET_BYTES} random bytes or more. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return value


def _port(env: Mapping[str, str]) -> int:
    text = env.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)
