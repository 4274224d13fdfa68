"""The application with this process's own settings, for gunicorn and for the `flask` command."""

from __future__ import annotations

import sys

import click
from flask import Flask

from api.app import create_app
from api.cli.doctor import doctor
from core.errors import SettingsError
from core.logs import configure_logs
from core.settings import get_settings


def start() -> Flask:
    """Raises SettingsError; at the command line that is one readable line, and `flask doctor` still runs."""
    try:
        settings = get_settings()
    except SettingsError as error:
        if click.get_current_context(silent=True) is None:
            raise
        return _sick(error)
    configure_logs(settings.log_level)
    return create_app(settings)


def _sick(error: SettingsError) -> Flask:
    if "doctor" not in sys.argv:
        raise click.ClickException(error.message) from error
    app = Flask("api", static_folder=None)
    app.extensions["creathon_settings_error"] = error
    app.cli.add_command(doctor)
    return app
