"""`demo` on a copy of the project: it tells the truth and leaves nothing behind."""

import re
import shutil

import pytest

from graders.registry import GRADERS
from tests.support.checkout import Checkout

# What the first part of the demo is about; without the others the second part is soon over.
PLAYED = ("first-steps/add-two-numbers", "first-steps/leave-the-loop")


@pytest.mark.timeout(300)
def test_the_demo_shows_every_verdict_and_every_kind_and_leaves_no_process(checkout: Checkout) -> None:
    shown = checkout.run("demo")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    verdicts = re.findall(r"s  verdict +([a-z ]+)", shown.stdout)
    assert verdicts == ["wrong answer", "time limit exceeded", "accepted", "accepted"]
    assert re.search(r"✘ .*time limit exceeded, \d{4} ms CPU, \d+\.\d MB", shown.stdout)
    assert "put TELEGRAM_BOT_TOKEN=" in shown.stdout
    sheets = re.findall(r"^(\S+) .*✘ .*✔ 1\.00", shown.stdout, re.MULTILINE)
    assert sorted(sheets) == sorted(GRADERS)
    partly = re.findall(r"^(\S+) .*◐ 0\.\d\d", shown.stdout, re.MULTILINE)
    assert set(GRADERS) - set(partly) == {"true_false"}
    assert checkout.processes() == []


@pytest.mark.timeout(300)
def test_a_verdict_that_should_not_be_fails_the_demo(checkout: Checkout) -> None:
    content = checkout.path / "content"
    for other in {path.parent for path in content.glob("*/*/challenge.yaml")} - {
        content / one for one in PLAYED
    }:
        shutil.rmtree(other)
    solutions = content / PLAYED[0] / "solutions"
    (solutions / "accepted.py").write_text("print('no idea')\n")
    shown = checkout.run("demo")
    assert shown.returncode == 1
    assert "the verdict is wrong_answer, not accepted" in shown.stdout
    assert "Add two numbers: submitted" in shown.stdout
    assert checkout.processes() == []
