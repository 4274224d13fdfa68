"""Hostile programs: each gets the verdict its folder's name says, and leaves nothing behind.

A folder is `<language>_<verdict>_<what it tries>`. `ac` means that the attempt fails and an ordinary program goes on:
it prints the right answer only when nothing that it tried worked. The whole suite runs twice: as whoever runs
the tests, and, when that is root, as a plain user whose boxes have no help from root.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adversarial.plain_user import CHECKOUT, PLAIN_UID, copied_library, python_for_others

HERE = Path(__file__).parent
VERDICTS = {
    "ac": "accepted",
    "wa": "wrong_answer",
    "ce": "compile_error",
    "re": "runtime_error",
    "tle": "time_limit_exceeded",
    "mle": "memory_limit_exceeded",
    "ole": "output_limit_exceeded",
}
FOLDERS = sorted(path.name for path in HERE.glob("*/*_*_*") if path.is_dir())
ENOUGH_SECONDS = 600

pytestmark = [pytest.mark.timeout(ENOUGH_SECONDS + 60), pytest.mark.xdist_group("adversarial")]


@pytest.fixture(scope="module", params=["whoever runs the tests", "a plain user"])
def outcomes(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, Any]]]:
    """What became of every folder, graded in one process of the given user."""
    if request.param == "a plain user":
        yield _as_plain_user()
        return
    with tempfile.TemporaryDirectory() as temporary:
        os.chmod(temporary, 0o711)  # boxes of root run as other users and must reach what we put there
        yield _graded([sys.executable], CHECKOUT, Path(temporary))


def _as_plain_user() -> dict[str, dict[str, Any]]:
    python = python_for_others()
    if os.geteuid() != 0:
        pytest.skip("not root, so the other half of this suite ran as a plain user already")
    if python is None:
        pytest.skip("no interpreter of our version that other users may start")
    with copied_library() as root:
        return _graded([python, "-B"], root, root / "tmp", PLAIN_UID)


def _graded(
    python: list[str], root: Path, temporary: Path, uid: int | None = None
) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [*python, "-m", "tests.adversarial.grade_folders", str(root / "tests" / "adversarial")],
        cwd=root,
        env={"PATH": os.defpath, "PYTHONPATH": str(root), "TMPDIR": str(temporary), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=ENOUGH_SECONDS,
        user=uid,
        group=uid,
        extra_groups=[] if uid else None,
    )
    assert done.returncode == 0, done.stderr
    return {line["folder"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_hostile_program_gets_its_verdict(outcomes: dict[str, dict[str, Any]], folder: str) -> None:
    assert outcomes[folder]["verdict"] == VERDICTS[folder.split("_")[1]]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_hostile_program_leaves_nothing_behind(outcomes: dict[str, dict[str, Any]], folder: str) -> None:
    assert outcomes[folder]["left"] == []
