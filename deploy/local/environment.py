"""The environment of the stack's processes: what the caller has set, then `.env`, then what we make up and keep."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho.environ import parse

from deploy.local.errors import StackError
from deploy.local.places import CHECKOUT, kept_secret
from deploy.local.ports import HOST, is_free, remembered_port
from deploy.local.servers import PORTS, Addresses

USUAL_PORT = 8000
SECRETS = ("SECRET_KEY", "JWT_SECRET_KEY")
OURS = (
    *SECRETS,
    "ENVIRONMENT",
    "DATABASE_URL",
    "REDIS_URL",
    "HOST",
    "PORT",
    "FLASK_APP",
    "TELEGRAM_BOT_TOKEN",
)


def given_environment(
    outer: Mapping[str, str] | None = None, dotenv: Path = CHECKOUT / ".env"
) -> dict[str, str]:
    """What the person has set: the environment over the file `.env`."""
    written = parse(dotenv.read_text()) if dotenv.is_file() else {}
    return {**written, **(os.environ if outer is None else outer)}


def stack_environment(given: Mapping[str, str], addresses: Addresses, var: Path) -> dict[str, str]:
    """Everything the processes need. Raises StackError when PORT names a port that is taken."""
    env = dict(given)
    env["ENVIRONMENT"] = env.get("ENVIRONMENT") or "development"
    env.update(DATABASE_URL=addresses.database_url, REDIS_URL=addresses.redis_url)
    for name in SECRETS:
        env[name] = env.get(name) or kept_secret(var / name.lower())
    env["HOST"] = env.get("HOST") or HOST
    env["PORT"] = str(_port(env, var))
    env["FLASK_APP"] = "wsgi:app"
    env["PYTHONUNBUFFERED"] = "1"
    # Celery warns of root at length. Our worker gives root up before it runs a program (graders/sandbox).
    env["PYTHONWARNINGS"] = env.get("PYTHONWARNINGS") or "ignore::UserWarning:celery.platforms"
    env["PATH"] = program_path(env)
    return env


def program_path(env: Mapping[str, str]) -> str:
    """PATH with the programs of this environment first: `flask` is ours, whatever else is installed."""
    return os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH") or os.defpath])


def shared_part(env: Mapping[str, str]) -> dict[str, str]:
    """What another command of the same checkout needs to work with this stack."""
    return {name: env[name] for name in OURS if name in env}


def _port(env: Mapping[str, str], var: Path) -> int:
    wanted = env.get("PORT")
    if not wanted:
        return USUAL_PORT if is_free(USUAL_PORT, env["HOST"]) else remembered_port(var / PORTS, "web")
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise StackError(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    if not is_free(int(wanted), env["HOST"]):
        raise StackError(
            f"Port {wanted} is taken. Stop what listens there, or leave PORT unset and we find a free one."
        )
    return int(wanted)
