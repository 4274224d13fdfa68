from __future__ import annotations

from graders.languages.base import Language

# The classes travel as one archive: a box takes in and hands out single files.
COMPILE = (
    "javac -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -encoding UTF-8 -d classes Main.java"
    " && jar --create --file solution.jar -C classes ."
)

JAVA = Language(
    name="java",
    title="Java (class Main)",
    file_name="Main.java",
    version=("javac", "--version"),
    compile=("sh", "-c", COMPILE),
    artifact="solution.jar",
    run=(
        "java",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-Xshare:auto",
        "-Xss16m",
        "-Xmx{memory_mb}m",
        "-cp",
        "solution.jar",
        "Main",
    ),
    smoke="""import java.util.Scanner;

public class Main {
    public static void main(String[] arguments) {
        Scanner in = new Scanner(System.in);
        System.out.println(in.nextInt() + in.nextInt());
    }
}
""",
    time_factor=2.0,
    address_slack_mb=None,
    memory_extra_mb=128,
    processes_extra=48,
    unlimited_stack=False,
)
