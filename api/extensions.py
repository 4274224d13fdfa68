"""The extensions, and the request's session. No application object lives here: see api.app."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from flask_jwt_extended import JWTManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

import core.models  # noqa: F401  (fills the metadata)
from api.openapi import Api
from core import outbox
from core.db import ENGINE_OPTIONS, Base
from core.outbox import Ports

db = SQLAlchemy(
    metadata=Base.metadata, engine_options=dict(ENGINE_OPTIONS), session_options={"expire_on_commit": False}
)
migrate = Migrate(db=db, directory=str(Path(__file__).parent.parent / "migrations"))
jwt = JWTManager()
api = Api()


def session() -> Session:
    """The session of this request; rolled back when the request ends, unless it was committed."""
    return db.session()


def ports() -> Ports:
    """The task queue and the live bus of this process."""
    return current_app.extensions["creathon_ports"]


def commit() -> None:
    """Commit the request's transaction, then send the tasks and events that services left in its outbox."""
    outbox.commit(session(), ports())
