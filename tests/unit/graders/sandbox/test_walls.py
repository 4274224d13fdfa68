from __future__ import annotations

import os
from typing import Any

import pytest

from graders.sandbox.walls import NAMESPACES, WALLS, missing_walls


def hello(**changes: Any) -> dict[str, Any]:
    report: dict[str, Any] = {
        "pid": 1,
        "hidden": True,
        "status": {
            "CapEff": "0000000000000000",
            "CapBnd": "0000000000000000",
            "NoNewPrivs": "1",
            "Seccomp": "2",
        },
        "namespaces": dict.fromkeys(NAMESPACES, 1),
    }
    return report | changes


def test_a_box_with_every_wall_lacks_nothing() -> None:
    assert missing_walls(hello()) == []


@pytest.mark.parametrize("name", NAMESPACES)
def test_a_namespace_shared_with_the_worker_is_a_missing_wall(name: str) -> None:
    shared = {**hello()["namespaces"], name: os.stat(f"/proc/self/ns/{name}").st_ino}
    assert missing_walls(hello(namespaces=shared)) == [f"{name} namespace"]


@pytest.mark.parametrize(
    ("field", "value", "wall"),
    [
        ("CapEff", "000001fffeffffff", "capabilities dropped"),
        ("CapBnd", "0000000000000001", "capabilities dropped"),
        ("NoNewPrivs", "0", "no_new_privs"),
        ("Seccomp", "0", "seccomp filter"),
    ],
)
def test_a_weak_status_is_a_missing_wall(field: str, value: str, wall: str) -> None:
    assert missing_walls(hello(status={**hello()["status"], field: value})) == [wall]


def test_every_wall_says_what_it_protects() -> None:
    assert all(WALLS.values())


def test_a_supervisor_that_can_be_traced_is_a_missing_wall() -> None:
    assert missing_walls(hello(hidden=False)) == ["supervisor out of reach"]
