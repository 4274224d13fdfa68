"""How much of a sequence is in the order of another."""

from __future__ import annotations

from collections.abc import Sequence


def common_length(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence, in O(len x len).

    R. A. Wagner and M. J. Fischer, "The String-to-String Correction Problem", 1974.
    """
    above = [0] * (len(other) + 1)
    for element in one:
        current = [0]
        for column, opposite in enumerate(other):
            longer = above[column] + 1 if element == opposite else max(above[column + 1], current[column])
            current.append(longer)
        above = current
    return above[-1]
