"""A small challenge of a program, with solutions: what the tests of the publish gate are about."""

from __future__ import annotations

from typing import Any

RIGHT = "a, b = map(int, input().split())\nprint(a + b)"
WRONG = "print(3)"
GENEROUS = {"cpu_seconds": 20.0, "wall_seconds": 30.0, "memory_mb": 64}


def spec(*cases: tuple[str, str]) -> dict[str, Any]:
    """Tests of adding two numbers."""
    listed = [{"input": given, "output": wanted} for given, wanted in cases]
    groups = [{"name": "main", "points": 100, "cases": listed}]
    return {"languages": ["python"], "limits": GENEROUS, "groups": groups}


def solution(name: str, source: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "answer": {"language": "python", "source": source}, **fields}


WEAK, GOOD = spec(("1 2\n", "3\n")), spec(("1 2\n", "3\n"), ("5 0\n", "5\n"))
SOLUTIONS = [solution("accepted.py", RIGHT), solution("wrong_answer.py", WRONG)]
SUM = {
    "title": "Add",
    "difficulty": "beginner",
    "points": 10,
    "kind": "code.batch",
    "spec": GOOD,
    "solutions": SOLUTIONS,
    "state": "published",
}
