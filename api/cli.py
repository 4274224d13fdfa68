"""What operators do from the shell: `flask create-admin` and friends."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
