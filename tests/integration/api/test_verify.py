"""`flask content verify`: what an author sees, and the exit code. No server and no settings."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.verify import verify
from graders.sandbox.pool import close_pool

HEAD = "title: Grown up\ndifficulty: beginner\npoints: 10\nkind: code.function\n"
SPEC = "spec:\n  function: grown_up\n  cases:\n"
PROGRAM = "def grown_up(age):\n    return age >= 18\n"
WRONG = "def grown_up(age):\n    return age > 18\n"


@pytest.fixture(autouse=True)
def _no_box_outlives_a_test() -> Iterator[None]:
    yield
    close_pool()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write(*ages, **solutions)` makes a content folder with one challenge, tested with those ages."""

    def challenge(*ages: int, **solutions: str) -> Path:
        place = tmp_path / "people" / "grown-up"
        (place / "solutions").mkdir(parents=True)
        cases = "".join(f"    - {{args: [{age}], returns: {str(age >= 18).lower()}}}\n" for age in ages)
        (tmp_path / "categories.yaml").write_text("people: {name: People}\n")
        (place / "challenge.yaml").write_text(HEAD + SPEC + cases)
        (place / "statement.md").write_text("Is somebody of that age grown up?")
        for name, source in solutions.items():
            (place / "solutions" / f"{name}.py").write_text(source)
        return tmp_path

    return challenge


def run(*arguments: object) -> Result:
    return CliRunner().invoke(verify, [str(argument) for argument in arguments])


def test_a_good_challenge_passes_and_its_score_is_told(write):
    done = run(write(17, 18, 19, accepted=PROGRAM, partially_accepted=WRONG))
    assert done.exit_code == 0, done.output
    assert "1 checked: 1 fit to be published, 0 refused." in done.output
    assert "score 1.00" in done.output


def test_weak_tests_pass_unless_a_score_is_asked_for(write):
    place = write(3, 40, accepted=PROGRAM)
    assert run(place).exit_code == 0
    done = run(place, "--at-least", "0.99")
    assert done.exit_code == 1
    assert "`>=` became `>`" in done.output
    assert "-    return age >= 18" in done.output
    assert "1 with tests that are too weak" in done.output


def test_a_refused_challenge_is_told_with_its_reason(write):
    done = run(write(3, 40, accepted=PROGRAM, wrong_answer=WRONG), "--no-mutants")
    assert done.exit_code == 1
    assert "REFUSED  wrong_answer.py" in done.output
    assert "the tests accept it: add a test that it fails" in done.output


def test_a_folder_that_cannot_be_read_is_refused(write):
    place = write(3, accepted=PROGRAM)
    (place / "people" / "grown-up" / "statement.md").unlink()
    done = run(place)
    assert done.exit_code == 1
    assert "people/grown-up/statement.md" in done.output


def test_a_spec_that_does_not_fit_its_kind_is_refused(write):
    place = write(3, accepted=PROGRAM)
    (place / "people" / "grown-up" / "challenge.yaml").write_text(HEAD + SPEC + "    - {args: 3}\n")
    done = run(place)
    assert done.exit_code == 1
    assert "REFUSED  spec.cases.0" in done.output


def test_a_challenge_that_is_not_there_is_told_with_those_that_are(write):
    done = run(write(3, accepted=PROGRAM), "--challenge", "people/small")
    assert done.exit_code == 2
    assert "there are people/grown-up" in " ".join(done.output.split())


def test_no_setting_is_needed(write):
    command = [
        Path(sys.executable).with_name("flask"),
        "content",
        "verify",
        write(18, accepted=PROGRAM),
        "--no-mutants",
    ]
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        command,
        cwd=Path(__file__).parents[3],
        env=bare,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 checked: 1 fit to be published" in done.stdout
