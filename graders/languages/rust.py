from __future__ import annotations

from graders.languages.base import Language

RUST = Language(
    name="rust",
    title="Rust 2021",
    file_name="solution.rs",
    version=("rustc", "--version"),
    compile=("rustc", "--edition=2021", "-O", "-o", "solution", "solution.rs"),
    artifact="solution",
    run=("./solution",),
    smoke="""fn main() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    println!("{}", line.split_whitespace().map(|n| n.parse::<i64>().unwrap()).sum::<i64>());
}
""",
)
