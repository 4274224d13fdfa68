"""The application with this process's own settings, for gunicorn and for the `flask` command."""

from __future__ import annotations

import sys

import click
from flask import Flask

from api.app import create_app
from api.cli.content import content, new
from api.cli.doctor import doctor
from api.cli.verify import verify
from core.errors import SettingsError
from core.logs import configure_logs
from core.settings import get_settings, settings_or_exit


def start() -> Flask:
    """Ends the process where the settings are wrong, but for `flask doctor`, which says so itself, and for
    `flask content new` and `verify`, which need none."""
    if _is_asked(content, new) or _is_asked(content, verify):
        return _bare(content)
    if _is_asked(doctor):
        try:
            get_settings()
        except SettingsError as error:
            return _sick(error)
    settings = settings_or_exit()
    configure_logs(settings.log_level)
    return create_app(settings)


def _is_asked(*commands: click.Command) -> bool:
    """Whether the command line holds these names, one after the other."""
    names = [command.name for command in commands]
    starts = range(1, len(sys.argv))
    held = any(sys.argv[start : start + len(names)] == names for start in starts)
    return held and click.get_current_context(silent=True) is not None


def _bare(command: click.Command) -> Flask:
    """An application that has nothing but a command."""
    app = Flask("api", static_folder=None)
    app.cli.add_command(command)
    return app


def _sick(error: SettingsError) -> Flask:
    app = _bare(doctor)
    app.extensions["creathon_settings_error"] = error
    return app
