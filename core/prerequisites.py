"""What must be done before a challenge: a tree of {"all": [...]}, {"any": [...]}, {"challenge": id}, {"points": n}.

Pure: who has done what comes as a `Standing`. What is missing is a tree again, without the parts that are done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Tree = Mapping[str, Any]

MAX_DEPTH = 5
MAX_NODES = 50
MAX_NUMBER = 2**31 - 1
GROUPS = ("all", "any")
LEAVES = ("challenge", "points")
SHAPE = 'Must be {"all": [...]}, {"any": [...]}, {"challenge": id} or {"points": n}.'
NUMBER = f"Must be a whole number from 1 to {MAX_NUMBER}."
HIDDEN = "a challenge that is not published yet"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a learner has reached. `met` are challenges that count as done, `titles` those that they may see."""

    met: frozenset[int] = frozenset()
    titles: Mapping[int, str] = field(default_factory=dict)
    points: int = 0


def tree_errors(tree: Any) -> dict[str, list[str]]:
    """Messages by dotted path, beginning with "prerequisites"; empty when it is a tree of decent size."""
    errors = dict(_errors(tree, "prerequisites", 1))
    if not errors and sum(1 for _ in _nodes(tree)) > MAX_NODES:
        errors = {"prerequisites": [f"Must have at most {MAX_NODES} parts."]}
    return errors


def challenges_in(tree: Tree | None) -> set[int]:
    """The ids of all challenges that it names."""
    return {node["challenge"] for node in _nodes(tree) if "challenge" in node} if tree else set()


def asks_for_points(tree: Tree | None) -> bool:
    """Whether points matter to it."""
    return bool(tree) and any("points" in node for node in _nodes(tree or {}))


def both(tree: Tree | None, challenge_ids: Sequence[int]) -> Tree | None:
    """The tree, and these challenges besides."""
    parts = [*([tree] if tree else []), *({"challenge": number} for number in challenge_ids)]
    return {"all": parts} if len(parts) > 1 else next(iter(parts), None)


def missing(tree: Tree, standing: Standing) -> dict[str, Any] | None:
    """What is left of the tree to do; None: nothing. A challenge comes with its title, both None where it is hidden."""
    if "challenge" in tree:
        return None if tree["challenge"] in standing.met else _named(tree["challenge"], standing)
    if "points" in tree:
        done = standing.points >= tree["points"]
        return None if done else {"points": tree["points"], "have": standing.points}
    group = next(name for name in GROUPS if name in tree)
    left = [missing(part, standing) for part in tree[group]]
    undone = [part for part in left if part]
    if not undone or (group == "any" and len(undone) < len(left)):
        return None
    return undone[0] if len(undone) == 1 else {group: undone}


def sentence(left: Tree) -> str:
    """What `missing` found, in words: solve “A” and (solve “B” or reach 100 points (you have 40))."""
    if "challenge" in left:
        return f"solve “{left['title']}”" if left["title"] else f"solve {HIDDEN}"
    if "points" in left:
        return f"reach {left['points']} points (you have {left['have']})"
    group = next(name for name in GROUPS if name in left)
    word = " and " if group == "all" else " or "
    return word.join(_inner(part) for part in left[group])


def _inner(part: Tree) -> str:
    return f"({sentence(part)})" if any(name in part for name in GROUPS) else sentence(part)


def _named(challenge_id: int, standing: Standing) -> dict[str, Any]:
    if challenge_id not in standing.titles:
        return {"challenge": None, "title": None}
    return {"challenge": challenge_id, "title": standing.titles[challenge_id]}


def _nodes(tree: Tree) -> Iterator[Tree]:
    yield tree
    for group in GROUPS:
        for part in tree.get(group, ()):
            yield from _nodes(part)


def _errors(tree: Any, path: str, depth: int) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(tree, dict) or len(tree) != 1 or next(iter(tree)) not in GROUPS + LEAVES:
        yield path, [SHAPE]
        return
    ((name, value),) = tree.items()
    if name in LEAVES:
        fits = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_NUMBER
        yield from () if fits else [(f"{path}.{name}", [NUMBER])]
    elif depth > MAX_DEPTH:
        yield path, [f"Must be at most {MAX_DEPTH} levels deep."]
    elif not isinstance(value, list) or not 0 < len(value) <= MAX_NODES:
        yield f"{path}.{name}", [f"Must be a list of 1 to {MAX_NODES} parts."]
    else:
        for i, part in enumerate(value):
            yield from _errors(part, f"{path}.{name}.{i}", depth + 1)
