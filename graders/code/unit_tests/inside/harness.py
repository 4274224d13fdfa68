"""Two processes from one: the learner's module in the one, the author's tests in the other.

The process of the tests hides from the learner's (not dumpable: no ptrace, no /proc/PID/mem or fd) and only after the
two have parted does it read the tests, from its standard input. It alone holds descriptor 3, where results go.
"""

from __future__ import annotations

import os
import sys
from _socket import socketpair

from inside.measure import set_dumpable
from json_text import from_json
from learner import serve
from runner import run_tests


def main() -> None:
    """Part, and be one of the two."""
    ours, theirs = socketpair()
    set_dumpable(False)
    name = sys.argv[1]
    if os.fork() == 0:
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 3)
        os.close(null)
        ours.close()
        set_dumpable(True)
        serve(theirs, name)
        os._exit(0)
    theirs.close()
    run_tests(ours, from_json(sys.stdin.read()))


main()
