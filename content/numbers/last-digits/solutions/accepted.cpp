#include <iostream>

static unsigned long long power(unsigned long long base, unsigned long long exponent, unsigned long long modulus) {
    unsigned long long result = 1 % modulus;
    for (base %= modulus; exponent; exponent >>= 1) {
        if (exponent & 1) result = result * base % modulus;
        base = base * base % modulus;
    }
    return result;
}

int main() {
    int questions;
    unsigned long long base, exponent, modulus;
    std::cin >> questions;
    while (questions-- > 0 && std::cin >> base >> exponent >> modulus)
        std::cout << power(base, exponent, modulus) << '\n';
}
