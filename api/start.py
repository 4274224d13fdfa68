"""The application with this process's own settings, for gunicorn and for the `flask` command."""

from __future__ import annotations

import sys

import click
from flask import Flask

from api.app import create_app
from api.cli.doctor import doctor
from core.errors import SettingsError
from core.logs import configure_logs
from core.settings import get_settings, settings_or_exit


def start() -> Flask:
    """Ends the process where the settings are wrong, but for `flask doctor`, which says so itself."""
    if _doctor_is_asked():
        try:
            get_settings()
        except SettingsError as error:
            return _sick(error)
    settings = settings_or_exit()
    configure_logs(settings.log_level)
    return create_app(settings)


def _doctor_is_asked() -> bool:
    return click.get_current_context(silent=True) is not None and doctor.name in sys.argv


def _sick(error: SettingsError) -> Flask:
    app = Flask("api", static_folder=None)
    app.extensions["creathon_settings_error"] = error
    app.cli.add_command(doctor)
    return app
