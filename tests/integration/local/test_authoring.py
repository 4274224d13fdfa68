"""docs/authoring.md tells the truth: what it says to type is typed in a copy of the project, and answers as shown."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local.places import CHECKOUT
from tests.support.checkout import Checkout
from tests.support.page import Step, steps
from tests.support.processes import wait_until

PAGE = CHECKOUT / "docs" / "authoring.md"
USUAL = "http://127.0.0.1:8000"
READY = "Ctrl-C; the data stays"
COMMANDS = Path(__file__).parents[2] / "support" / "flask_commands.py"
END = "that was all:"
# One that needs no stack, and one that does.
TYPED_AS_IT_IS = ("./flask content new", "./flask content statistics")


@dataclass
class Terminal:
    """One shell for the whole page, so that variables stay. Most `flask` commands share a process."""

    shell: subprocess.Popen[str]
    flask: subprocess.Popen[str]

    def type(self, command: str) -> tuple[int, str]:
        """Its exit code and output."""
        if not command.startswith("./flask ") or command.startswith(TYPED_AS_IT_IS):
            return self._in_shell(command)
        answer = json.loads(_asked(self.flask, json.dumps(shlex.split(command)[1:])))
        return answer["code"], answer["output"]

    def _in_shell(self, command: str) -> tuple[int, str]:
        said, line = [], _asked(self.shell, f"{command}\necho; echo {END} $?")
        while not line.startswith(END):
            assert line, "".join(said)
            said.append(line)
            line = self.shell.stdout.readline()
        return int(line.split()[-1]), "".join(said)


def _asked(process: subprocess.Popen[str], text: str) -> str:
    """The first line of the answer."""
    process.stdin.write(f"{text}\n")
    process.stdin.flush()
    return process.stdout.readline()


@contextmanager
def piped(command: list[str], checkout: Checkout) -> Iterator[subprocess.Popen[str]]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=checkout.path, env=checkout.env(), **pipes) as process:
        try:
            yield process
        finally:
            process.stdin.close()


@pytest.fixture
def page(checkout: Checkout) -> Iterator[list[Step]]:
    """The steps after `make up`, which is done, at the address of this copy's stack."""
    shutil.copy(CHECKOUT / "flask", checkout.path / "flask")
    (checkout.path / ".venv").symlink_to(sys.prefix)
    for category in (checkout.path / "content").glob("*/"):  # loading and checking the samples takes its time
        shutil.rmtree(category)
    process = checkout.start("up")
    wait_until(lambda: READY in checkout.output or process.poll() is not None, "the stack is up", 120)
    first, *others = steps(PAGE.read_text().replace(USUAL, f"http://127.0.0.1:{checkout.port}"))
    assert first.typed == "make up\n"
    yield others
    checkout.crash()  # a polite stop would wait for everybody


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page asks the API with curl")
@pytest.mark.timeout(400)
def test_the_page_for_authors_works_as_it_is_written(checkout: Checkout, page: list[Step]) -> None:
    flask = [sys.executable, "-m", "deploy.local", "run", "--", "python", "-P", str(COMMANDS)]
    with piped(["bash", "-c", "exec bash 2>&1"], checkout) as shell, piped(flask, checkout) as commands:
        terminal = Terminal(shell, commands)
        for step in page:
            said = [terminal.type(command) for command in step.commands()]
            output = "".join(text for _, text in said)
            assert step.missing(output) is None, f"{step.typed}\nanswered:\n{output}"
            assert {code for code, _ in said} <= ({0, 1} if "REFUSED" in output else {0}), (
                f"{step.typed}\n{output}"
            )
