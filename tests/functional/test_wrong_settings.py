"""Every process ends at wrong settings with what to mend, not with a traceback, and does not start again and again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.places import CHECKOUT
from deploy.local.ports import free_port

HERE = Path(sys.executable).parent
PROCESSES = {
    "web": ["gunicorn", "wsgi:app", "--no-control-socket", "--bind"],
    "worker": ["celery", "-A", "workers.app", "worker", "-Q", "knowledge"],
    "sweeper": ["python", "-m", "workers.sweeper"],
    "bot": ["python", "-m", "bot"],
    "command": ["flask", "--app", "wsgi:app", "create-admin"],
}


@pytest.mark.parametrize("name", PROCESSES)
def test_wrong_settings_end_the_process_with_what_to_mend(name):
    env = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": "postgresql://creathon:hidden1@127.0.0.1:1/x",
        "REDIS_URL": "redis://cache/0",
        "SECRET_KEY": "hidden2",
    }
    program, *rest = PROCESSES[name]
    address = [f"127.0.0.1:{free_port()}"] if name == "web" else []
    command = [str(HERE / program), *rest, *address]
    done = subprocess.run(command, env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert all(word in said for word in ("- JWT_SECRET_KEY is not set", "- SECRET_KEY is", "- REDIS_URL has"))
    assert "Traceback" not in said
    assert "hidden" not in said
