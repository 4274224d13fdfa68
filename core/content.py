"""Challenges as authors hand them in and take them away, in whatever format: see core.exchange and docs/formats.md.

Values only. Whether a spec or an answer fits its kind is the grader's word, asked by whoever saves them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from core.grading import Verdict

# Languages by file name ending. Whether a worker offers one is another matter.
LANGUAGES = {
    ".py": "python",
    ".c": "c",
    ".cpp": "cpp",
    ".java": "java",
    ".js": "javascript",
    ".ts": "typescript",
    ".go": "go",
    ".rs": "rust",
    ".rb": "ruby",
    ".php": "php",
    ".pl": "perl",
    ".sh": "bash",
    ".sql": "sql",
}
# What a challenge has that its author says nothing of; as the API fills it in.
DEFAULTS: dict[str, Any] = {
    "tags": [],
    "state": "draft",
    "attempts_max": None,
    "on_resubmit": "keep",
    "on_rejudge": "keep",
    "cooldown_seconds": None,
    "attempt_penalty": 0,
    "hints": [],
    "editorial": "",
    "locale": "en",
    "publish_at": None,
    "prerequisites": None,
    "translations": {},
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item cannot be taken: `file` below what was read, dotted `key` in it ("" for all of it)."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.key, self.message)))


@dataclass(frozen=True, slots=True)
class CategoryContent:
    """A category; `slug` is the name of its folder."""

    slug: str
    name: str
    description: str | None  # None: the format has none, so one that is there stays


@dataclass(frozen=True, slots=True)
class Solution:
    """A program and the verdict that its file name promises."""

    file: str
    verdict: Verdict
    language: str
    source: str

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePosixPath(self.file).name

    @property
    def answer(self) -> dict[str, str]:
        """The submission's answer that sends this program."""
        return {"language": self.language, "source": self.source}


@dataclass(frozen=True, slots=True)
class Example:
    """An answer and the verdict that it gets; `name` begins with the verdict."""

    verdict: Verdict
    answer: dict[str, Any]
    name: str


@dataclass(frozen=True, slots=True)
class ChallengeContent:
    """A challenge; `slug` is "category/challenge", `category` a CategoryContent's slug or "".

    `body` is the API's challenge without its category_id. A format that knows nothing of a field leaves it out: a new
    challenge then gets the default, one that is there already keeps what it has.
    """

    slug: str
    category: str
    body: dict[str, Any]
    solutions: tuple[Solution, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def references(self) -> list[dict[str, Any]]:
        """Every answer whose verdict is known: [{"name", "verdict", "answer"}], programs first."""
        known: list[Solution | Example] = [*self.solutions, *self.examples]
        return [{"name": one.name, "verdict": one.verdict.value, "answer": one.answer} for one in known]


@dataclass(slots=True)
class Content:
    """What was read. An item with a problem is left out; the others are complete. `skipped` are no challenges."""

    categories: list[CategoryContent] = field(default_factory=list)
    challenges: list[ChallengeContent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)


def promised(name: str) -> Verdict | None:
    """The verdict at the beginning of `name`: wrong_answer, or wrong_answer_greedy."""
    return next((verdict for verdict in Verdict if name == verdict or name.startswith(f"{verdict}_")), None)
