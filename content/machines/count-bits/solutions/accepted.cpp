#include <bitset>
#include <iostream>

int main() {
    int count;
    long long number;
    std::cin >> count;
    while (count-- > 0 && std::cin >> number)
        std::cout << std::bitset<64>(static_cast<unsigned long long>(number)).count() << '\n';
}
