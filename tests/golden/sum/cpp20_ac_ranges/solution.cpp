#include <iostream>
#include <numeric>
#include <ranges>
#include <vector>

int main() {
    std::vector<long long> v(2);
    for (auto &x : v | std::views::all) std::cin >> x;
    std::cout << std::accumulate(v.begin(), v.end(), 0LL) << "\n";
}
