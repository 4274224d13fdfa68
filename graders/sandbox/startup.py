"""The supervisor as bytecode of the Python that runs it: compiled once per host, and one file instead of many."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from core.errors import SandboxUnavailable
from graders.sandbox.interpreter import Interpreter
from graders.sandbox.runtime import runtime_directory, write_atomically

INSIDE = Path(__file__).with_name("inside")
MODULES = ("files", "measure", "json", "script", "supervisor")  # each imports earlier ones only
# Runs in the inner Python; its output is a .pyc file, which a Python of that version runs like a script.
COMPILER = """
import importlib.util, marshal, sys
parts = [(name, compile(source, "inside/" + name + ".py", "exec")) for name, source in eval(sys.stdin.read())]
start = compile(f'''
import sys
from marshal import loads
def load(name, code):
    module = sys.modules[name] = type(sys)(name)
    module.__package__, module.__path__ = "inside", []
    if code:
        exec(code, module.__dict__)
load("inside", None)
for name, code in loads({marshal.dumps(parts)!r}):
    load("inside." + name, code)
sys.modules["inside.supervisor"].main(int(sys.argv[1]), int(sys.argv[2]))
''', "start", "exec")
sys.stdout.buffer.write(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(start))
"""


@lru_cache
def supervisor_code(python: Interpreter) -> bytes:
    """What `python` runs as the first process of a box. Raises SandboxUnavailable when it does not compile."""
    sources = [(name, (INSIDE / f"{name}.py").read_text()) for name in MODULES]
    path = runtime_directory() / f"supervisor-{_key(python, sources)}.pyc"
    if not path.is_file():
        write_atomically(path, _compiled(python, sources))
    return path.read_bytes()


def _key(python: Interpreter, sources: list[tuple[str, str]]) -> str:
    found = Path(python.program).stat()
    parts = (python.path, found.st_size, found.st_mtime_ns, COMPILER, sources)
    return sha256(repr(parts).encode()).hexdigest()[:16]


def _compiled(python: Interpreter, sources: list[tuple[str, str]]) -> bytes:
    done = subprocess.run(
        [python.program, "-I", "-S", "-c", COMPILER],
        input=repr(sources).encode(),
        capture_output=True,
        timeout=60,
        check=False,
        env={},
    )
    if done.returncode != 0:
        raise SandboxUnavailable(
            f"The supervisor does not compile: {done.stderr[-500:].decode(errors='replace')}"
        )
    return done.stdout
