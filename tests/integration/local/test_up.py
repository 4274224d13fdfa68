"""`up`, the whole stack: it comes up by itself, mends itself, and goes without a trace."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
import requests

from deploy.local.lock import running
from tests.support.checkout import Checkout
from tests.support.processes import wait_until

READY = "Ctrl-C; the data stays"


def start(checkout: Checkout) -> subprocess.Popen[str]:
    """`up` until its banner shows."""
    seen = checkout.output.count(READY) if (checkout.path / "output").exists() else 0
    process = checkout.start("up")
    wait_until(
        lambda: checkout.output.count(READY) > seen or process.poll() is not None, "the stack is up", 120
    )
    assert process.poll() is None, checkout.output
    return process


def url(checkout: Checkout) -> str:
    stack = running(checkout.var)
    assert stack is not None
    return f"http://127.0.0.1:{stack.env['PORT']}"


def logged_in(checkout: Checkout, role: str) -> requests.Response:
    lines = (checkout.var / "accounts.txt").read_text().splitlines()
    password = next(line.split()[2] for line in lines if line.startswith(role))
    return requests.post(
        f"{url(checkout)}/api/auth/login", json={"login": role, "password": password}, timeout=30
    )


def processes_named(checkout: Checkout, word: str) -> list[int]:
    """The programs, not their guards, whose command line has `word`."""
    lines = {pid: command_line(pid) for pid in checkout.processes()}
    return [pid for pid, line in lines.items() if word in line and "deploy.local.guard" not in line]


def command_line(pid: int) -> str:
    """Empty when the process has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode()
    except OSError:
        return ""


@pytest.mark.timeout(400)
def test_the_stack_serves_survives_crashes_and_keeps_its_data(checkout: Checkout) -> None:
    first = start(checkout)
    assert [logged_in(checkout, role).status_code for role in ("admin", "author", "learner")] == [200] * 3
    assert requests.get(f"{url(checkout)}/api/docs", timeout=30).status_code == 200
    token = logged_in(checkout, "learner").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert requests.get(f"{url(checkout)}/api/challenges/", headers=headers, timeout=30).json()[0]["title"]
    a_second_one_is_refused(checkout)
    a_killed_process_comes_back(checkout, "workers.sweeper")
    a_killed_process_comes_back(checkout, "gunicorn")
    wait_until(lambda: answers(checkout), "the web server answers again")
    accounts = (checkout.var / "accounts.txt").read_text()
    first.send_signal(signal.SIGINT)
    assert first.wait(90) == 0, checkout.output
    assert checkout.processes() == []

    second = start(checkout)
    assert (checkout.var / "accounts.txt").read_text() == accounts
    assert logged_in(checkout, "learner").status_code == 200
    second.kill()
    second.wait(60)
    wait_until(lambda: not checkout.processes(), "everything ended with the killed stack")


def a_second_one_is_refused(checkout: Checkout) -> None:
    refused = checkout.run("up")
    assert refused.returncode == 1
    assert f"already runs at {url(checkout)}" in refused.stderr


def a_killed_process_comes_back(checkout: Checkout, word: str) -> None:
    before = processes_named(checkout, word)
    assert before, f"no process named {word}"
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: set(processes_named(checkout, word)) - set(before), f"{word} is back")


def answers(checkout: Checkout) -> bool:
    try:
        return requests.get(f"{url(checkout)}/healthz", timeout=5).ok
    except requests.RequestException:  # a busy machine may take longer than that to load the application
        return False


def test_a_broken_content_folder_stops_the_start_with_the_reason(checkout: Checkout) -> None:
    challenge = next((checkout.path / "content").glob("*/*/challenge.yaml"))
    challenge.write_text("title: [unclosed\n")
    refused = checkout.run("up")
    assert refused.returncode == 1
    assert str(challenge.relative_to(checkout.path / "content")) in refused.stderr
    assert "could not be prepared" in refused.stderr
