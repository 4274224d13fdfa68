"""How alike two strings are.

Not difflib: its ratio depends on the order of the arguments, and its worst case is cubic.
"""

from __future__ import annotations

from fractions import Fraction


def similarity(one: str, other: str) -> Fraction:
    """1 - d / max(len), 0..1, where d is the edit distance; 1 for equal strings only."""
    return 1 - Fraction(distance(one, other), max(len(one), len(other), 1))


def distance(one: str, other: str) -> int:
    """The fewest insertions, deletions and replacements that turn `one` into `other`, in O(len x len).

    V. I. Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", 1966;
    row by row as R. A. Wagner and M. J. Fischer, "The String-to-String Correction Problem", 1974.
    """
    above = list(range(len(other) + 1))
    for row, char in enumerate(one, 1):
        left = row
        current = [left]
        for column, opposite in enumerate(other):
            left = min(left + 1, above[column + 1] + 1, above[column] + (char != opposite))
            current.append(left)
        above = current
    return above[-1]
