#include <iostream>
#include <vector>

int main() {
    std::vector<int> data(100000000, 7);
    std::cout << data[99];
}
