"""A copy of the project in a folder that only its owner can enter, as many checkouts are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.places import CHECKOUT
from tests.support.checkout import Checkout

PARTS = ("api", "bot", "content", "core", "deploy", "graders", "migrations", "workers")
FILES = ("Procfile", "celeryconfig.py", "wsgi.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    path = tmp_path / "checkout"
    path.mkdir(mode=0o700)
    for name in PARTS:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(CHECKOUT / name, path / name)
    made = Checkout(path)
    try:
        yield made
    finally:
        made.end()
