import java.util.*;

public class Main {
    static class Adder {
        long add(long a, long b) { return a + b; }
    }

    public static void main(String[] arguments) {
        Scanner in = new Scanner(System.in);
        System.out.println(new Adder().add(in.nextLong(), in.nextLong()));
    }
}
