"""`run`, `psql` and `status`."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.local.accounts import FILE
from deploy.local.environment import given_environment, program_path, shared_part, stack_environment
from deploy.local.errors import StackError
from deploy.local.guard import follow_parent
from deploy.local.lock import announce, is_held, only_one, running
from deploy.local.places import private_directory
from deploy.local.programs import installed_programs
from deploy.local.servers import running_servers
from deploy.local.up import address


def run(var: Path, argv: Sequence[str]) -> int:
    """Run `argv` with the running stack's environment, else with servers of its own; its exit code.

    Raises StackError.
    """
    with some_stack(var) as env:
        return _execute(argv, env)


def psql(var: Path) -> int:
    """A psql session in the stack's database; the password stays out of the process list. Raises StackError."""
    with some_stack(var) as env:
        url = urlsplit(env["DATABASE_URL"])
        login = {
            "PGUSER": url.username,
            "PGPASSWORD": unquote(url.password or ""),
            "PGDATABASE": url.path[1:],
        }
        server = {"PGHOST": url.hostname, "PGPORT": str(url.port or 5432)}
        named = {name: value for name, value in (login | server).items() if value}
        return _execute([str(installed_programs().psql)], {**env, **named})


@contextmanager
def some_stack(var: Path) -> Iterator[dict[str, str]]:
    """The environment of the running stack, else of servers started for this block. Raises StackError."""
    private_directory(var)
    given = given_environment()
    if stack := running(var):
        yield {**given, **stack.env, "PATH": program_path(given)}
        return
    with only_one(var), running_servers(var, given) as addresses:
        env = stack_environment(given, addresses, var)
        announce(var, "run", shared_part(env))
        yield env


def status(var: Path) -> int:
    """Print what runs; 0 when the stack is up, 3 when not (as service managers do)."""
    if not is_held(var):
        print("The local stack does not run. `make up` starts it.")
        return 3
    stack = running(var)
    if stack is None:
        print("The local stack is starting or stopping.")
        return 3
    print(f"`{stack.command}` runs as process {stack.pid}.")
    if stack.command == "up":
        print(f"  {address(stack.env)}\n  {address(stack.env)}/api/docs\n  accounts in {var / FILE}")
    return 0


def _execute(argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Ctrl-C is for the command alone: in psql it ends a query, not the session. The command never outlives us: a
    stop that comes while it is being started would find nobody to pass it on to."""
    follow = partial(follow_parent, os.getpid(), signal.SIGTERM)
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return _wait_for(subprocess.Popen(list(argv), env=dict(env), preexec_fn=follow))
    except FileNotFoundError:
        raise StackError(f"There is no command {argv[0]!r}.") from None
    finally:
        signal.signal(signal.SIGINT, before)


def _wait_for(child: subprocess.Popen[bytes]) -> int:
    try:
        code = child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    return code if code >= 0 else 128 - code
