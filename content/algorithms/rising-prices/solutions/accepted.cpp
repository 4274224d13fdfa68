#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    int days, price;
    std::cin >> days;
    std::vector<int> lowest_end;
    while (days-- > 0 && std::cin >> price) {
        auto place = std::lower_bound(lowest_end.begin(), lowest_end.end(), price);
        if (place == lowest_end.end()) lowest_end.push_back(price);
        else *place = price;
    }
    std::cout << lowest_end.size() << '\n';
}
