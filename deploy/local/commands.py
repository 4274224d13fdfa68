"""`run`, `status` and `clean`."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.accounts import FILE
from deploy.local.environment import given_environment, shared_part, stack_environment
from deploy.local.errors import StackError
from deploy.local.home import remove_outside_home
from deploy.local.leftovers import end_servers_in
from deploy.local.lock import AlreadyRunningError, announce, is_held, only_one, running
from deploy.local.places import private_directory
from deploy.local.servers import running_servers
from deploy.local.up import address


def run(var: Path, argv: Sequence[str]) -> int:
    """Run `argv` with the running stack's environment, else with servers of its own; its exit code.

    Raises StackError.
    """
    private_directory(var)
    given = given_environment()
    if stack := running(var):
        return _execute(argv, {**given, **stack.env})
    with only_one(var), running_servers(var, given) as addresses:
        env = stack_environment(given, addresses, var)
        announce(var, "run", shared_part(env))
        return _execute(argv, env)


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


def clean(var: Path) -> None:
    """Remove `var` and what root's servers keep outside. Raises AlreadyRunningError while something uses it."""
    if is_held(var):
        raise AlreadyRunningError
    removed = [remove_outside_home(var)]
    if var.exists():
        private_directory(var)
        end_servers_in(var)
        shutil.rmtree(var)
        removed.append(var)
    for path in filter(None, removed):
        print(f"removed {path}")


def _execute(argv: Sequence[str], env: Mapping[str, str]) -> int:
    """Ctrl-C is for the command alone: in psql it ends a query, not the session."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return _wait_for(subprocess.Popen(list(argv), env=dict(env)))
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
