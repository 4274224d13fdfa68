"""What the demo's learner hands in: programs and answers of the sample content, each with the verdict it must get."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.local.places import CHECKOUT

CONTENT = CHECKOUT / "content"
PROGRAMS = CONTENT / "first-steps" / "add-two-numbers"
QUESTION = CONTENT / "first-steps" / "leave-the-loop"


@dataclass(frozen=True, slots=True)
class Act:
    """One submission of the demo."""

    story: str
    challenge: str  # its title
    answer: dict[str, Any]
    verdict: str  # the one it must get
    shown: str  # what to show the spectator of it

    @property
    def is_program(self) -> bool:
        return "source" in self.answer


def acts() -> list[Act]:
    """A wrong program, one that is too slow, a right one, and a right answer to a question."""
    return [
        _program("A first try: right for the samples, wrong in general", "wrong_answer"),
        _program("A second try: right, but much too slow", "time_limit_exceeded"),
        _program("A third try", "accepted"),
        _answer("A question that takes no program", "accepted"),
    ]


def _program(story: str, verdict: str) -> Act:
    source = (PROGRAMS / "solutions" / f"{verdict}.py").read_text()
    return Act(story, _facts(PROGRAMS)["title"], {"language": "python", "source": source}, verdict, source)


def _answer(story: str, verdict: str) -> Act:
    facts = _facts(QUESTION)
    answer = facts["examples"][verdict]
    return Act(story, facts["title"], answer, verdict, ", ".join(str(value) for value in answer.values()))


def _facts(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "challenge.yaml").read_text())
    return found
