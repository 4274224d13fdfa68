"""Schemathesis asks the running API whatever its description allows, and much that it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests
from sqlalchemy.orm import Session

from core.db import make_engine
from core.services import accounts
from core.settings import Settings
from core.words import Role

PASSWORD = "correct horse battery"
# Not positive_data_acceptance: a schema cannot say which spec fits its kind, or which ETag is still fresh.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,negative_data_rejection,unsupported_method,allow_header_conformance"
)
LOG_OUT = "/api/auth/logout"
# Some thousand requests: generous, so that a busy machine fails nobody.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def url(app_process) -> str:
    """Where the API runs."""
    return app_process().url


@pytest.fixture
def token(url: str, settings: Settings) -> str:
    """The access token of an author."""
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        new = accounts.NewAccount("ada", "ada@example.org", PASSWORD, role=Role.AUTHOR)
        accounts.register(session, new)
        session.commit()
    engine.dispose()
    answer = requests.post(f"{url}/api/auth/login", json={"login": "ada", "password": PASSWORD}, timeout=30)
    return answer.json()["access_token"]


def run(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("schemathesis")
    always = [
        "--checks",
        CHECKS,
        "--seed",
        "1",
        "--no-shrink",
        "--max-examples",
        "3",
        "--continue-on-failure",
    ]
    command = [program, "run", f"{url}/api/openapi.json", *always, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=570)


def test_an_author_gets_no_server_error_and_no_undocumented_answer(url, token, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Our own token would be logged out.
    done = run(url, "--exclude-path", LOG_OUT, "--header", f"Authorization: Bearer {token}")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stranger_gets_no_server_error_and_no_undocumented_answer(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(url, "--phases", "examples,coverage")
    assert done.returncode == 0, done.stdout + done.stderr
