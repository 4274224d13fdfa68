"""What must come before what, and how much of a sequence keeps to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Before = Mapping[str, frozenset[str]]


def all_before(direct: Mapping[str, Sequence[str]]) -> dict[str, frozenset[str]]:
    """All that must precede each key, directly or not. Raises ValueError, naming one, when they go in a circle."""
    found: dict[str, frozenset[str]] = {}
    while len(found) < len(direct):
        ready = [
            name for name in direct if name not in found and all(other in found for other in direct[name])
        ]
        if not ready:
            raise ValueError(next(name for name in direct if name not in found))
        for name in ready:
            found[name] = frozenset(direct[name]).union(*(found[other] for other in direct[name]))
    return found


def most_in_order(order: Sequence[str], before: Before) -> int:
    """How many of `order`, at most, keep to `before` among themselves: its length less the fewest misplaced.

    "Must precede and yet stands behind" is a partial order, so its largest set without such a pair has, by
    R. P. Dilworth ("A decomposition theorem for partially ordered sets", 1950), as many elements as the fewest
    chains that cover it: the length less a maximum matching (D. R. Fulkerson, 1956). When every pair has an
    order this is the longest common subsequence.
    """
    misplaced = {
        name: [late for late in order[at + 1 :] if late in before[name]] for at, name in enumerate(order)
    }
    partner: dict[str, str] = {}
    matched = sum(_augment(name, misplaced, partner, set()) for name in order)
    return len(order) - matched


def _augment(name: str, edges: Mapping[str, Sequence[str]], partner: dict[str, str], tried: set[str]) -> bool:
    """Find `name` a partner, moving others to another one where needed. H. W. Kuhn's method, 1955."""
    for other in edges[name]:
        if other not in tried:
            tried.add(other)
            if other not in partner or _augment(partner[other], edges, partner, tried):
                partner[other] = name
                return True
    return False
