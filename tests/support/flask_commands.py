"""`flask` commands in one process, since starting one for each takes a second: a line of JSON with the arguments in, a
line with `code` and `output` out. Run in a folder with the application, in its environment."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout

import click
from flask.cli import FlaskGroup


def main() -> None:
    """Until the input ends."""
    sys.path.insert(0, os.getcwd())
    from wsgi import app

    commands = FlaskGroup(create_app=lambda: app)
    for line in sys.stdin:
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = _run(commands, json.loads(line))
        print(json.dumps({"code": code, "output": said.getvalue()}), flush=True)


def _run(commands: FlaskGroup, arguments: list[str]) -> int:
    try:
        return int(commands.main(arguments, prog_name="flask", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code


if __name__ == "__main__":
    main()
