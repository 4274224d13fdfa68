#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int kinds, amount;
    std::cin >> kinds >> amount;
    std::vector<int> coins(kinds);
    for (auto &coin : coins) std::cin >> coin;
    std::vector<int> fewest(amount + 1, amount + 1);
    fewest[0] = 0;
    for (int coin : coins)
        for (int total = coin; total <= amount; total++)
            fewest[total] = std::min(fewest[total], fewest[total - coin] + 1);
    std::cout << (fewest[amount] > amount ? -1 : fewest[amount]) << '\n';
}
