"""Free TCP ports on the loopback, remembered so that addresses stay the same from run to run."""

from __future__ import annotations

import json
import random
import socket
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.places import read_json, write_private

HOST = "127.0.0.1"
# Below the kernel's ephemeral range: no outgoing connection takes a port of ours while its server is down.
FIRST, LAST, TRIES = 20_000, 32_000, 200


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen on `port` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Any free port. Raises StackError when there seems to be none."""
    for _ in range(TRIES):
        if is_free(port := random.randint(FIRST, LAST)):
            return port
    raise StackError(f"No free TCP port between {FIRST} and {LAST}: stop some other server first.")


def remembered_port(memory: Path, name: str) -> int:
    """The port that `name` had last time, another one when that is taken; noted in the file `memory`."""
    known = read_json(memory)
    port = known.get(name)
    if not isinstance(port, int) or not is_free(port):
        port = free_port()
        write_private(memory, json.dumps(known | {name: port}, indent=1))
    return port
