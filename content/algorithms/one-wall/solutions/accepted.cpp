#include <iostream>
#include <queue>
#include <string>
#include <vector>

struct State {
    int row, column, charges;
};

int main() {
    int rows, columns;
    std::cin >> rows >> columns;
    std::vector<std::string> grid(rows);
    for (auto &line : grid) std::cin >> line;

    std::vector<int> distance(rows * columns * 2, -1);
    auto at = [&](const State &s) -> int & { return distance[(s.row * columns + s.column) * 2 + s.charges]; };
    std::queue<State> queue;
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            if (grid[r][c] == 'S') queue.push({r, c, 1});
    at(queue.front()) = 0;
    while (!queue.empty()) {
        const State here = queue.front();
        queue.pop();
        if (grid[here.row][here.column] == 'E') {
            std::cout << at(here) << '\n';
            return 0;
        }
        const int steps[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
        for (const auto &step : steps) {
            State next{here.row + step[0], here.column + step[1], here.charges};
            if (next.row < 0 || next.row >= rows || next.column < 0 || next.column >= columns) continue;
            next.charges -= grid[next.row][next.column] == '#';
            if (next.charges < 0 || at(next) != -1) continue;
            at(next) = at(here) + 1;
            queue.push(next);
        }
    }
    std::cout << -1 << '\n';
}
