import java.util.*;

public class Main {
    static class Adder {
        long add(long a, long b) { return a + b; }
    }

    public static void main(String[] arguments) {
        Scanner in = new Scanner(System.in);
        List<long[]> all = new ArrayList<>(); for (;;) all.add(new long[1000000]);
    }
}
