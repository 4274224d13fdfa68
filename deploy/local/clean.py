"""`python -m deploy.local.clean`: remove the data of this checkout's stack, here and under /var/lib.

It imports nothing but the standard library, so that it works after `.venv` is gone.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.home import remove_outside_home
from deploy.local.leftovers import end_servers_in
from deploy.local.lock import is_held
from deploy.local.places import VAR, private_directory


def clean(var: Path) -> list[Path]:
    """Remove `var` and what lies outside; returns what was removed. Raises StackError while something uses it."""
    if is_held(var):
        raise StackError("The stack of this checkout runs. Stop it first.")
    removed = [remove_outside_home(var)]
    if var.exists():
        private_directory(var)
        end_servers_in(var)
        shutil.rmtree(var)
        removed.append(var)
    return [path for path in removed if path]


def main() -> int:
    """Clean this checkout; exit code."""
    try:
        for path in clean(VAR):
            print(f"removed {path}")
    except StackError as error:
        print(f"creathon: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
