#include <iostream>
#include <string>
#include <vector>

int main() {
    const std::string opening = "([{", closing = ")]}";
    std::string line;
    std::getline(std::cin, line);
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < line.size(); i++) {
        const auto kind = closing.find(line[i]);
        if (opening.find(line[i]) != std::string::npos) {
            open.push_back(opening.find(line[i]));
        } else if (kind != std::string::npos) {
            if (open.empty() || open.back() != kind) {
                std::cout << i + 1 << '\n';
                return 0;
            }
            open.pop_back();
        }
    }
    if (open.empty()) std::cout << "balanced\n";
    else std::cout << line.size() + 1 << '\n';
}
