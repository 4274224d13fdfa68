import sys
from collections import deque


def moves(grid):
    rows, columns = len(grid), len(grid[0])
    start = next((r, c) for r in range(rows) for c in range(columns) if grid[r][c] == "S")
    # A state is a field together with the number of charges left there.
    distance = {(*start, 1): 0}
    queue = deque(distance)
    while queue:
        row, column, charges = state = queue.popleft()
        if grid[row][column] == "E":
            return distance[state]
        for r, c in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            if 0 <= r < rows and 0 <= c < columns:
                left = charges - (grid[r][c] == "#")
                if left >= 0 and (r, c, left) not in distance:
                    distance[r, c, left] = distance[state] + 1
                    queue.append((r, c, left))
    return -1


print(moves(sys.stdin.read().split()[2:]))
