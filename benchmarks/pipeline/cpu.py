"""CPU seconds of process trees, from /proc."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(roots: Mapping[str, int]) -> dict[str, float]:
    """By name: what the process and all its descendants have used so far, those that ended and were reaped included."""
    parents, used = _table()
    totals = dict.fromkeys(roots, 0.0)
    names = {pid: name for name, pid in roots.items()}
    for pid in used:
        at = pid
        while at not in names and at in parents:
            at = parents[at]
        if at in names:
            totals[names[at]] += used[pid]
    return totals


def _table() -> tuple[dict[int, int], dict[int, float]]:
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        pid = int(stat.parent.name)
        parents[pid] = int(words[1])
        used[pid] = (
            sum(map(int, words[11:15])) / TICKS
        )  # own user and system time, and that of reaped children
    return parents, used
