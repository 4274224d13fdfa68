"""Grade without a server, a queue or a database: `python -m graders --help`."""

from __future__ import annotations

import sys

from graders.command import main

sys.exit(main(sys.argv[1:]))
