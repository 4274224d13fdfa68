"""Grade the folders below a directory one by one; after each, say what it left behind. One JSON line each.

This process adopts every orphan below it, so a process that slips out of a box cannot hide from the count.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from core.errors import CreathonError
from graders.command import grade
from graders.sandbox.cgroups import descendants, hierarchy
from graders.sandbox.pool import close_pool

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 10.0


def verdict_of(challenge: dict, folder: Path) -> str:
    """The verdict on the one source of a folder, or our own failure by name."""
    source = next(folder.iterdir())
    answer = {"language": folder.name.partition("_")[0], "source": source.read_text(encoding="utf-8")}
    answer["language"] = {"py": "python"}.get(answer["language"], answer["language"])
    try:
        return grade(challenge, answer).verdict.value
    except CreathonError as error:
        return f"{error.code}: {error.message}"
    finally:
        close_pool()


def left_behind(mounts: str) -> list[str]:
    """Processes, control groups, mounts and temporary files that should be gone by now."""
    deadline = time.monotonic() + PATIENCE
    while (left := _left(mounts)) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def _left(mounts: str) -> list[str]:
    while _reap():
        pass
    where = hierarchy()
    groups = [p for parent in (where.parents if where else ()) for p in parent.glob(f"{os.getpid()}-*")]
    files = [p for p in Path(tempfile.gettempdir()).iterdir() if not p.name.startswith("creathon-")]
    left = [f"process {pid}" for pid in descendants(os.getpid())[1:]] + [str(p) for p in (*groups, *files)]
    return left + ([] if Path("/proc/self/mountinfo").read_text() == mounts else ["mounts"])


def _reap() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def main(root: Path) -> None:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    mounts = Path("/proc/self/mountinfo").read_text()
    for challenge_file in sorted(root.glob("*/challenge.json")):
        challenge = json.loads(challenge_file.read_text(encoding="utf-8"))
        for folder in sorted(path for path in challenge_file.parent.iterdir() if path.is_dir()):
            began = time.monotonic()
            verdict = verdict_of(challenge, folder)
            line = {"folder": folder.name, "verdict": verdict, "left": left_behind(mounts)}
            print(json.dumps(line | {"seconds": round(time.monotonic() - began, 2)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
