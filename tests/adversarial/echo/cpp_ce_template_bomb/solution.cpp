template <int n, class T> struct Bomb { Bomb<n - 1, Bomb<n - 1, T>> left; Bomb<n - 1, T*> right; };
template <class T> struct Bomb<0, T> { int end; };
int main() { return sizeof(Bomb<24, int>); }
