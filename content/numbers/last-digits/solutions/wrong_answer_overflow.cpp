// The right idea in 32 bits: the product of two remainders does not fit.
#include <cstdint>
#include <iostream>

int main() {
    int questions;
    unsigned long long base, exponent, modulus;
    std::cin >> questions;
    while (questions-- > 0 && std::cin >> base >> exponent >> modulus) {
        const auto m = static_cast<std::uint32_t>(modulus);
        std::uint32_t result = 1 % m, power = static_cast<std::uint32_t>(base % modulus);
        for (; exponent; exponent >>= 1) {
            if (exponent & 1) result = result * power % m;
            power = power * power % m;
        }
        std::cout << result << '\n';
    }
}
