"""Challenges as folders of YAML and Markdown: read them, and say what is wrong with them. See content/README.md.

Reading only: whether a spec or an answer fits its kind is the grader's word, asked by whoever loads the content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from core.content_fields import CATEGORY, CHALLENGE, field_errors
from core.folders import Folder, UnreadableFile
from core.grading import Verdict
from core.plain_yaml import BadYaml, read_yaml

TEXT_MAX = 256 * 1024
FILE_MAX = 1024 * 1024
CHALLENGE_MAX = 8 * 1024 * 1024

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
_SLUG = re.compile(r"(?=.{1,60}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item cannot be taken: `file` below the content folder, dotted `key` in it ("" for all of it)."""

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
    description: str


@dataclass(frozen=True, slots=True)
class Solution:
    """A program and the verdict that its file name promises."""

    file: str
    verdict: Verdict
    language: str
    source: str

    @property
    def answer(self) -> dict[str, str]:
        """The submission's answer that sends this program."""
        return {"language": self.language, "source": self.source}


@dataclass(frozen=True, slots=True)
class Example:
    """An answer and the verdict that it gets."""

    verdict: Verdict
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChallengeContent:
    """A challenge; `slug` is "category/challenge", `body` is the API's challenge without its category_id."""

    slug: str
    category: str
    body: dict[str, Any]
    solutions: tuple[Solution, ...]
    examples: tuple[Example, ...]


@dataclass(slots=True)
class Content:
    """What a folder holds. An item with a problem is left out; the others are complete."""

    categories: list[CategoryContent] = field(default_factory=list)
    challenges: list[ChallengeContent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_content(root: Path) -> Content:
    """Read the content folder `root`. Bad content raises nothing: it is told in `Content.problems`."""
    content = Content()
    top = Folder(root, TEXT_MAX)
    with _noting(content.problems, "categories.yaml"):
        content.categories = list(_categories(top, content.problems))
    for category, name in _challenge_folders(top, content):
        reader = _ChallengeReader(root, category, name)
        if challenge := reader.read():
            content.challenges.append(challenge)
        content.problems += reader.problems
    return content


@contextmanager
def _noting(problems: list[Problem], file: str, key: str = "") -> Iterator[None]:
    """Turn what goes wrong in the block into a problem of `file`."""
    try:
        yield
    except (UnreadableFile, BadYaml) as error:
        problems.append(Problem(file, key, str(error)))


def _categories(top: Folder, problems: list[Problem]) -> Iterator[CategoryContent]:
    listed = read_yaml(top.read("categories.yaml", TEXT_MAX))
    if not isinstance(listed, dict):
        raise BadYaml("Must map each category's folder name to its name and description.")
    for slug, value in listed.items():
        errors = field_errors(CATEGORY, value) if _SLUG.fullmatch(slug) else {"": _BAD_SLUG}
        problems += [Problem("categories.yaml", _join(slug, key), text) for key, text in errors.items()]
        if not errors:
            yield CategoryContent(slug, value["name"], value.get("description", "").strip())


_BAD_SLUG = "A folder name has at most 60 of a-z, 0-9 and single hyphens between them."


def _challenge_folders(top: Folder, content: Content) -> Iterator[tuple[str, str]]:
    known = {category.slug for category in content.categories}
    with _noting(content.problems, "."):
        for category in top.folders():
            if category not in known:
                content.problems.append(Problem(category, "", "Is not in categories.yaml; add it there."))
                continue
            with _noting(content.problems, category):
                yield from [(category, name) for name in top.folders(category)]


def _join(*keys: str) -> str:
    return ".".join(filter(None, keys))


class _ChallengeReader:
    """Reads one challenge's folder and collects all that is wrong with it."""

    def __init__(self, root: Path, category: str, name: str) -> None:
        self.category = category
        self.name = name
        self.folder = Folder(root, CHALLENGE_MAX, (category, name))
        self.problems: list[Problem] = []

    def read(self) -> ChallengeContent | None:
        """The challenge, or None with `problems` filled."""
        if not _SLUG.fullmatch(self.name):
            self._add("", "", _BAD_SLUG)
            return None
        head = self._head()
        description = self._text("statement.md", TEXT_MAX)
        solutions = tuple(self._solutions())
        if head is None or description is None or self.problems:
            return None
        spec = self._with_files(head["spec"], "spec")
        examples = tuple(self._examples(head.pop("examples", {})))
        body = _DEFAULTS | head | {"description": description.strip(), "spec": spec}
        slug = f"{self.category}/{self.name}"
        return None if self.problems else ChallengeContent(slug, self.category, body, solutions, examples)

    def _head(self) -> dict[str, Any] | None:
        text = self._text("challenge.yaml", TEXT_MAX)
        if text is None:
            return None
        with _noting(self.problems, self._path("challenge.yaml")):
            head = read_yaml(text)
            for key, message in field_errors(CHALLENGE, head).items():
                self._add("challenge.yaml", key, message)
            return head if isinstance(head, dict) else None
        return None

    def _with_files(self, value: Any, key: str) -> Any:
        """`value` with every `name_file: path` in it replaced by `name: the file's text`."""
        if isinstance(value, list):
            return [self._with_files(item, f"{key}.{index}") for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        return dict(self._entry(value, name, f"{key}.{name}") for name in value)

    def _entry(self, holder: dict[str, Any], name: str, key: str) -> tuple[str, Any]:
        target = name.removesuffix("_file")
        if target == name:
            return name, self._with_files(holder[name], key)
        if target in holder:
            self._add("challenge.yaml", key, f"Give {target} or {name}, not both.")
        elif not isinstance(holder[name], str):
            self._add("challenge.yaml", key, "Must be the path of a file.")
        else:
            return target, self._named(holder[name], key)
        return target, None

    def _solutions(self) -> Iterator[Solution]:
        with _noting(self.problems, self._path("solutions")):
            for name in self.folder.files("solutions"):
                path = f"solutions/{name}"
                verdict, language = (
                    _promised(PurePosixPath(name).stem),
                    LANGUAGES.get(PurePosixPath(name).suffix),
                )
                source = self._text(path, TEXT_MAX)
                if verdict is None:
                    self._add(path, "", f"The name must begin with a verdict: {', '.join(Verdict)}.")
                elif language is None:
                    self._add(path, "", f"The name must end with one of {' '.join(LANGUAGES)}.")
                elif source is not None:
                    yield Solution(f"{self.category}/{self.name}/{path}", verdict, language, source)

    def _examples(self, examples: dict[str, Any]) -> Iterator[Example]:
        for name, answer in examples.items():
            verdict = _promised(name)
            if verdict is None or not isinstance(answer, dict):
                message = f"Must be `verdict: answer`; verdicts: {', '.join(Verdict)}."
                self._add("challenge.yaml", f"examples.{name}", message)
            else:
                yield Example(verdict, answer)

    def _text(self, path: str, limit: int) -> str | None:
        with _noting(self.problems, self._path(path)):
            return self.folder.read(path, limit)
        return None

    def _named(self, path: str, key: str) -> str | None:
        # What is wrong with a file that challenge.yaml names is mended there, so it is told there.
        try:
            return self.folder.read(path, FILE_MAX)
        except UnreadableFile as error:
            self._add("challenge.yaml", key, f"{path}: {error}")
            return None

    def _add(self, file: str, key: str, message: str) -> None:
        self.problems.append(Problem(self._path(file), key, message))

    def _path(self, file: str) -> str:
        return "/".join(filter(None, (self.category, self.name, file)))


# What the API would fill in.
_DEFAULTS: dict[str, Any] = {
    "tags": [],
    "state": "draft",
    "attempts_max": None,
    "on_resubmit": "keep",
}


def _promised(name: str) -> Verdict | None:
    """The verdict at the beginning of `name`: wrong_answer, or wrong_answer_greedy."""
    return next((verdict for verdict in Verdict if name == verdict or name.startswith(f"{verdict}_")), None)
