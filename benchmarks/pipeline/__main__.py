"""The whole pipeline on this machine: `make bench-pipeline`, `ARGS="--quick"` for a short run.

Everything goes through real HTTP and Socket.IO, from one load process that shares the cores with the stack. Exit code 0
when every submission reached exactly one verdict, also where a goal was missed.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.grading import machine
from benchmarks.pipeline.plan import QUICK, Plan
from benchmarks.pipeline.report import Report
from benchmarks.pipeline.scale import measure_scale
from benchmarks.pipeline.throughput import measure_throughput

PARTS = {"throughput": measure_throughput, "scale": measure_scale}


def main(arguments: list[str]) -> int:
    """Run; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pipeline", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about a minute, with 20 000 submissions")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    options = parser.parse_args(arguments)
    report = Report()
    report.line(machine())
    for name, measure in PARTS.items():
        if options.only in (None, name):
            measure(QUICK if options.quick else Plan(), report)
    return report.conclude()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
