"""What worker and supervisor say to each other, as the worker writes and reads it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import InfrastructureError
from graders.sandbox.streams import Capture
from graders.sandbox.values import Allowance, Command, Outcome, Stop


def run_request(command: Command, allowed: Allowance) -> dict[str, Any]:
    """The request that runs one program."""
    return {
        "op": "run",
        "argv": command.argv,
        "script": command.script,
        "sealed": command.sealed,
        "environment": command.environment,
        "cpu": allowed.cpu_seconds,
        "wall": allowed.wall_seconds,
        "memory_kb": allowed.memory_bytes // 1024,
        "rlimits": _rlimits(allowed),
    }


def _rlimits(allowed: Allowance) -> dict[str, int]:
    """The kernel's own limits; CPU is whole seconds and only a backstop for the supervisor's clock."""
    optional = {} if allowed.address_bytes is None else {"AS": allowed.address_bytes}
    return {
        "CPU": int(allowed.cpu_seconds) + 2,
        "FSIZE": allowed.file_bytes,
        "NPROC": allowed.processes + 1,  # the supervisor counts too
        "NOFILE": 256,
        "CORE": 0,
        "MEMLOCK": 65536,
        "STACK": allowed.stack_bytes,
        **optional,
    }


def outcome_of(reply: Mapping[str, Any], captures: Sequence[Capture]) -> Outcome:
    """What the supervisor's reply and the captured streams add up to. Raises InfrastructureError for nonsense."""
    try:
        return _outcome(reply, captures)
    except (KeyError, TypeError, ValueError) as error:
        raise InfrastructureError("A box answered nonsense.") from error


def _outcome(reply: Mapping[str, Any], captures: Sequence[Capture]) -> Outcome:
    status = int(reply["status"])
    ended = os.WIFEXITED(status)
    stopped = Stop(reply["stopped"]) if reply["stopped"] else None
    return Outcome(
        exit_code=os.WEXITSTATUS(status) if ended else None,
        signal=None if ended else os.WTERMSIG(status),
        cpu_seconds=float(reply["cpu"]),
        wall_seconds=float(reply["wall"]),
        peak_kb=int(reply["peak_kb"]),
        stopped=Stop.OUTPUT if any(capture.overflowed for capture in captures) else stopped,
        failed_to_start=bool(reply["failed_to_start"]),
        stdout=captures[0].data(),
        stderr=captures[1].data(),
        results=b"".join(capture.data() for capture in captures[2:]),
    )


def decoded(data: bytes) -> dict[str, Any]:
    """One datagram. Raises InfrastructureError for anything but a JSON object."""
    try:
        message = json.loads(data)
    except ValueError as error:
        raise InfrastructureError("A box answered nonsense.") from error
    if not isinstance(message, dict):
        raise InfrastructureError("A box answered nonsense.")
    return message
