"""`up`: the whole stack in the foreground until Ctrl-C."""

from __future__ import annotations

import datetime
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from deploy.local.accounts import FILE
from deploy.local.environment import given_environment, shared_part, stack_environment
from deploy.local.guard import adopt_orphans
from deploy.local.lock import announce, only_one
from deploy.local.places import private_directory
from deploy.local.prepare import prepare
from deploy.local.processes import Processes, Write, procfile_commands
from deploy.local.servers import running_servers

NO_TELEGRAM = (
    "Telegram  off; to add it, put TELEGRAM_BOT_TOKEN=<token from @BotFather> into .env and start again"
)


@contextmanager
def prepared_stack(var: Path, command: str) -> Iterator[dict[str, str]]:
    """Servers up, tables, content and accounts in place; yields the environment.

    Raises StackError, AlreadyRunningError.
    """
    private_directory(var)
    given = given_environment()
    with only_one(var):
        print("creathon: starting PostgreSQL and Valkey", flush=True)
        with running_servers(var, given) as addresses:
            env = stack_environment(given, addresses, var)
            prepare(env, var)
            announce(var, command, shared_part(env))
            yield env


def up(var: Path) -> None:
    """Run everything until the caller is interrupted. Raises StackError, AlreadyRunningError."""
    adopt_orphans()
    with prepared_stack(var, "up") as env:
        commands = stack_commands(env)
        with Processes(commands, env, coloured_lines(commands)) as processes:
            until_answering(processes, env)
            print(banner(env, var), flush=True)
            while True:
                processes.pump(60.0)


def stack_commands(env: Mapping[str, str]) -> dict[str, str]:
    """The Procfile's commands, without the bot when there is no token for it."""
    return procfile_commands(skip=frozenset() if env.get("TELEGRAM_BOT_TOKEN") else frozenset({"bot"}))


def until_answering(processes: Processes, env: Mapping[str, str]) -> None:
    """Move the output on until the API answers."""
    while not answers(f"{address(env)}/healthz"):
        processes.pump(0.2)


def address(env: Mapping[str, str]) -> str:
    """The URL a browser on this machine uses."""
    host = env["HOST"] if env["HOST"] not in ("0.0.0.0", "::", "") else "127.0.0.1"  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{env['PORT']}"


def banner(env: Mapping[str, str], var: Path) -> str:
    """What a person wants to know once the stack is up."""
    lines = [
        "",
        f"  Creathon  {address(env)}",
        f"  API page  {address(env)}/api/docs",
        f"  accounts  {(var / FILE)}  (admin, author, learner)",
    ]
    if not env.get("TELEGRAM_BOT_TOKEN"):
        lines.append(f"  {NO_TELEGRAM}")
    return "\n".join([*lines, "  stop      Ctrl-C; the data stays for the next start", ""])


def coloured_lines(commands: Mapping[str, str]) -> Write:
    """A writer that prints lines as honcho does: time, name, text, one colour per process."""
    printer = Printer(width=max(map(len, commands), default=0))
    colours = dict(zip(commands, get_colours(), strict=False))

    def write(name: str, line: bytes) -> None:
        printer.write(Message("line", line, datetime.datetime.now(), name, colours.get(name)))

    return write


def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
