from __future__ import annotations

from graders.languages.base import Language

# Its cache of the standard library lies in the box, so it is compiled anew for each source.
COMPILE = "GOCACHE=/tmp/go CGO_ENABLED=0 GOTOOLCHAIN=local go build -o solution solution.go"

GO = Language(
    name="go",
    title="Go",
    file_name="solution.go",
    version=("go", "version"),
    compile=("sh", "-c", COMPILE),
    artifact="solution",
    run=("./solution",),
    smoke="""package main

import "fmt"

func main() {
	var a, b int
	fmt.Scan(&a, &b)
	fmt.Println(a + b)
}
""",
    address_slack_mb=None,  # its runtime reserves address space by the gigabyte
    processes_extra=16,
    unlimited_stack=False,
)
