"""Challenges as folders of YAML and Markdown: what creathon_reader reads, the same again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.content import DEFAULTS, CategoryContent, ChallengeContent, Problem
from core.exchange.creathon_reader import PROSE, read_content
from core.exchange.tree import Tree
from core.plain_yaml import write_yaml

# Longer texts, and texts of several lines, go to files of their own.
LINE_MAX = 60
ORDER = (
    "title", "difficulty", "points", "kind", "tags", "state", "locale", "publish_at", "attempts_max", "on_resubmit",
    "on_rejudge", "cooldown_seconds", "attempt_penalty", "prerequisites", "hints", "spec", "examples", "translations",
)  # fmt: skip
ENDINGS = {"python": ".py", "cpp": ".cpp", "c": ".c", "java": ".java", "javascript": ".js"}

Files = dict[str, bytes]


@dataclass(slots=True)
class _Folder:
    """The files of one challenge by their path inside its folder."""

    files: dict[str, str] = field(default_factory=dict)

    def put(self, path: str, text: str) -> str:
        self.files[path] = text
        return path


def write_content(
    categories: list[CategoryContent], challenges: list[ChallengeContent]
) -> tuple[Files, list[Problem]]:
    """The files of `challenges`, and why the others cannot be written so that reading gives the same again."""
    known = {category.slug: category for category in categories}
    files: Files = {}
    problems: list[Problem] = []
    for challenge in challenges:
        category = known.get(challenge.category)
        if category is None:
            problems.append(
                Problem(challenge.slug, "", "Is in no category, so it has no folder; give it one.")
            )
            continue
        written = _challenge_files(challenge)
        if problem := _misread(category, challenge, written):
            problems.append(problem)
        else:
            files |= written
    return ({"categories.yaml": _categories(categories)} | files if files else {}), problems


def _categories(categories: list[CategoryContent]) -> bytes:
    value = {
        one.slug: {"name": one.name} | ({"description": one.description} if one.description else {})
        for one in categories
    }
    return write_yaml(value).encode()


def _challenge_files(challenge: ChallengeContent) -> Files:
    folder = _Folder()
    body = challenge.body
    head = {
        key: value
        for key, value in body.items()
        if key not in PROSE.values() and value != DEFAULTS.get(key, ())
    }
    head["spec"] = _Moving(folder, body["kind"]).moved(body["spec"])
    if challenge.examples:
        head["examples"] = {example.name: example.answer for example in challenge.examples}
    if texts := _translations(body.get("translations", {}), folder):
        head["translations"] = texts
    else:
        head.pop("translations", None)
    head = {key: head[key] for key in ORDER if key in head}
    folder.put("challenge.yaml", write_yaml(head))
    folder.put("statement.md", body["description"] + "\n")
    if body.get("editorial"):
        folder.put("editorial.md", body["editorial"] + "\n")
    for solution in challenge.solutions:
        folder.put(f"solutions/{solution.name}", solution.source)
    return {
        f"{challenge.slug}/{path}": text.encode(errors="replace")
        for path, text in sorted(folder.files.items())
    }


def _translations(translations: dict[str, Any], folder: _Folder) -> dict[str, Any]:
    """What is left for challenge.yaml when the prose went to files."""
    left = {}
    for locale, texts in translations.items():
        moved = {key: file for file, key in PROSE.items() if texts.get(key)}
        for key, file in moved.items():
            folder.put(f"{file}.{locale}.md", texts[key] + "\n")
        rest = {key: value for key, value in texts.items() if key not in moved}
        if rest or not moved:
            left[locale] = rest
    return left


class _Moving:
    """Puts the long texts of a spec into files. The names say what they hold: tests/01.in, checker.py."""

    def __init__(self, folder: _Folder, kind: str) -> None:
        self.folder = folder
        self.batch = kind in ("code.batch", "code.interactive")
        self.case = 0

    def moved(self, value: Any, path: tuple[str, ...] = ()) -> Any:
        if isinstance(value, list):
            return [self.moved(item, (*path, str(index))) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if self.batch and len(path) == 4 and path[2] == "cases":
            self.case += 1
        return dict(self._entry(value, name, path) for name in value)

    def _entry(self, holder: dict[str, Any], name: str, path: tuple[str, ...]) -> tuple[str, Any]:
        value = holder[name]
        target = self._file_of(holder, name, path) if isinstance(value, str) else None
        if target is None:
            return name, self.moved(value, (*path, name))
        return f"{name}_file", self.folder.put(target, value)

    def _file_of(self, holder: dict[str, Any], name: str, path: tuple[str, ...]) -> str | None:
        """Where a text of the spec goes when it is long; None where it stays."""
        if self.batch and len(path) == 4 and name in ("input", "output"):
            # Both of a case, or neither.
            if not any(_is_long(holder.get(key, "")) for key in ("input", "output")):
                return None
            return f"tests/{self.case:02d}.{'in' if name == 'input' else 'out'}"
        if path in (("checker",), ("interactor",)) and name == "source":
            return path[0] + ENDINGS.get(holder.get("language", ""), ".txt")
        if path == () and name in ("tests", "sample_tests"):
            return f"{name}.py"
        return None


def _is_long(text: str) -> bool:
    return len(text) > LINE_MAX or text.count("\n") > 1


def _misread(category: CategoryContent, challenge: ChallengeContent, files: Files) -> Problem | None:
    """Why reading `files` does not give `challenge` again."""
    tree = Tree({"categories.yaml": _categories([category]), **files})
    content = read_content(tree)
    if content.problems:
        return Problem(challenge.slug, content.problems[0].key, content.problems[0].message)
    if content.challenges != [challenge]:
        return Problem(challenge.slug, _difference(challenge, content.challenges), _CHANGED)
    return None


_CHANGED = "Would not come back as it is: a folder of files cannot hold it."


def _difference(challenge: ChallengeContent, found: list[ChallengeContent]) -> str:
    if not found or found[0].slug != challenge.slug:
        return ""
    keys: Iterator[str] = (key for key in challenge.body if challenge.body[key] != found[0].body.get(key))
    return next(keys, "solutions")
