"""The local stack: `python -m deploy.local up | demo | run -- CMD... | psql | status`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from deploy.local.commands import psql, run, status
from deploy.local.demo import demo
from deploy.local.errors import StackError
from deploy.local.guard import end_descendants
from deploy.local.lock import AlreadyRunningError, running
from deploy.local.places import VAR
from deploy.local.up import address, up

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Ctrl-C or a polite kill. Unwinds everything, which stops everything in order."""


def main(arguments: Sequence[str]) -> int:
    """Do one command; its exit code. 130 when interrupted."""
    options = parse(arguments)
    for number in STOPS:
        signal.signal(number, _request_stop)
    try:
        return _dispatch(options)
    except StackError as error:
        print(f"creathon: {error}", file=sys.stderr)
    except AlreadyRunningError:
        print(_already_running(), file=sys.stderr)
    except StopRequested:
        print("creathon: stopped", flush=True)
        return 0 if options.command == "up" else 130
    finally:
        if options.command not in ("run", "psql"):  # what a person's own command leaves running is theirs
            end_descendants()
    return 1


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command and its options; exits with a usage message when they are wrong."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything and stay in the foreground")
    commands.add_parser("demo", help="start everything, watch submissions being graded, stop everything")
    commands.add_parser("status", help="say what runs and where")
    commands.add_parser("psql", help="a psql session in the stack's database")
    runner = commands.add_parser("run", help="run a command in the environment of the stack")
    runner.add_argument("argv", nargs="+", metavar="CMD", help="command and its arguments, after --")
    return parser.parse_args(arguments)


def _dispatch(options: argparse.Namespace) -> int:
    if options.command == "run":
        return run(VAR, options.argv)
    return {"up": up, "demo": demo, "status": status, "psql": psql}[options.command](VAR) or 0


def _request_stop(number: int, frame: FrameType | None) -> NoReturn:
    for stop in STOPS:  # a second Ctrl-C must not interrupt the stopping
        signal.signal(stop, signal.SIG_IGN)
    raise StopRequested


def _already_running() -> str:
    stack = running(VAR)
    if stack is None:
        return "creathon: this checkout's stack is just being started by another command. Wait for it, or stop it."
    what = f"`{stack.command}` (process {stack.pid})"
    where = f" at {address(stack.env)}" if stack.command == "up" else ""
    return (
        f"creathon: {what} of this checkout already runs{where}. Stop it first with Ctrl-C there, or use it."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
