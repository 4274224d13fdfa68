"""The interactive API page: Swagger UI, served by ourselves, so that it works without the internet."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
from flask import Flask, Response, render_template, send_from_directory

SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
OURS = Path(__file__).parent / "static"


def init_docs(app: Flask) -> None:
    """Add /api/docs and its assets."""
    app.add_url_rule("/api/docs", view_func=page)
    app.add_url_rule("/api/docs/assets/<path:name>", view_func=asset)


def page() -> str:
    """The API page."""
    return render_template("docs.html")


def asset(name: str) -> Response:
    """A script, style or picture of the page."""
    folder = OURS if (OURS / name).is_file() else SWAGGER
    return send_from_directory(folder, name, max_age=3600)
