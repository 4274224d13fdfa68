"""Our own programs inside the box: compiled once per interpreter by the box itself, then only loaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.errors import InfrastructureError
from graders.sandbox.box import Box
from graders.sandbox.values import MEGABYTE, Allowance, Command

ALLOWED = Allowance(cpu_seconds=10, wall_seconds=30, memory_bytes=256 * MEGABYTE, output_bytes=64 * 1024)
COMPILER = b"""import marshal, os, sys
code = [(name, compile(open(name + ".py").read(), name + ".py", "exec")) for name in sys.argv[1:]]
data = marshal.dumps(code)
while data:
    data = data[os.write(3, data):]
"""
LOADER = b"""import marshal, sys
with open("/box/harness.bin", "rb") as file:
    parts = marshal.load(file)
for name, code in parts:
    sys.modules[name] = type(sys)(name)
    exec(code, sys.modules[name].__dict__)
"""
SCRIPT = "harness.py"
JSON_TEXT = Path(__file__).with_name("inside") / "json_text.py"


@dataclass(frozen=True, slots=True)
class Harness:
    """Modules in the order in which they are loaded; loading the last one is running it."""

    modules: tuple[Path, ...]


def harness_files(harness: Harness, box: Box) -> dict[str, bytes]:
    """What lets a box run the harness as SCRIPT; compiled in `box`, which must be unused so far, or recalled."""
    key = (harness, box.python_version)
    if key not in _compiled:
        _compiled[key] = _compile(harness, box)
    return {SCRIPT: LOADER, "harness.bin": _compiled[key]}


_compiled: dict[tuple[Harness, str], bytes] = {}


@lru_cache
def _sources(harness: Harness) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in harness.modules}


def _compile(harness: Harness, box: Box) -> bytes:
    box.load({"compiler.py": COMPILER, **_sources(harness)})
    argv = ("compiler.py", *(path.stem for path in harness.modules))
    outcome = box.run(Command(argv, script="compiler.py", results=16 * MEGABYTE), ALLOWED)
    if outcome.exit_code != 0 or not outcome.results:
        raise InfrastructureError(f"A harness does not compile: {outcome.stderr[-500:].decode()}")
    return outcome.results
