#include <iostream>

static long long leap_years_until(long long year) { return year / 4 - year / 100 + year / 400; }

int main() {
    long long first, last;
    std::cin >> first >> last;
    std::cout << leap_years_until(last) - leap_years_until(first - 1) << '\n';
}
