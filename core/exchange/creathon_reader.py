"""Folders of YAML and Markdown, Creathon's own format: read them, and say what is wrong. See content/README.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from core.content import (
    DEFAULTS,
    LANGUAGES,
    CategoryContent,
    ChallengeContent,
    Content,
    Example,
    Problem,
    Solution,
    promised,
)
from core.content_fields import CATEGORY, CHALLENGE, field_errors, locale_tag
from core.exchange.slugs import BAD_SLUG, SLUG
from core.exchange.tree import Place, open_folder
from core.folders import UnreadableFile
from core.grading import Verdict
from core.plain_yaml import BadYaml, read_yaml

TEXT_MAX = 256 * 1024
FILE_MAX = 1024 * 1024
CHALLENGE_MAX = 8 * 1024 * 1024
# What a learner reads in another language stands beside the original: statement.de.md.
PROSE = {"statement": "description", "editorial": "editorial"}
_TRANSLATED = re.compile(r"(statement|editorial)\.(?P<locale>[^.]+)\.md")


def read_content(place: Place) -> Content:
    """Read the content folder `place`. Bad content raises nothing: it is told in `Content.problems`."""
    content = Content()
    with _noting(content.problems, "categories.yaml"):
        content.categories = list(_categories(place, content.problems))
    for category, name in _challenge_folders(place, content):
        reader = _ChallengeReader(place, category, name)
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


def _categories(place: Place, problems: list[Problem]) -> Iterator[CategoryContent]:
    listed = read_yaml(open_folder(place, TEXT_MAX).read("categories.yaml", TEXT_MAX))
    if not isinstance(listed, dict):
        raise BadYaml("Must map each category's folder name to its name and description.")
    for slug, value in listed.items():
        errors = field_errors(CATEGORY, value) if SLUG.fullmatch(slug) else {"": BAD_SLUG}
        problems += [Problem("categories.yaml", _join(slug, key), text) for key, text in errors.items()]
        if not errors:
            # One that says nothing of its description leaves what another course has written.
            description = value["description"].strip() if "description" in value else None
            yield CategoryContent(slug, value["name"], description)


def _challenge_folders(place: Place, content: Content) -> Iterator[tuple[str, str]]:
    top = open_folder(place, TEXT_MAX)
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

    def __init__(self, place: Place, category: str, name: str) -> None:
        self.category = category
        self.name = name
        self.folder = open_folder(place, CHALLENGE_MAX, (category, name))
        self.problems: list[Problem] = []

    def read(self) -> ChallengeContent | None:
        """The challenge, or None with `problems` filled."""
        if not SLUG.fullmatch(self.name):
            self._add("", "", BAD_SLUG)
            return None
        head = self._head()
        description = self._text("statement.md", TEXT_MAX)
        solutions = tuple(self._solutions())
        prose = {"description": (description or "").strip()} | self._editorial()
        locales = self._translated()
        if head is None or description is None or self.problems:
            return None
        spec = self._with_files(head["spec"], "spec")
        examples = tuple(self._examples(head.pop("examples", {})))
        body = DEFAULTS | head | prose | {"spec": spec}
        body |= _settled(body, self.category, locales)
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

    def _editorial(self) -> dict[str, str]:
        if "editorial.md" not in self._names():
            return {}
        return {"editorial": (self._text("editorial.md", TEXT_MAX) or "").strip()}

    def _translated(self) -> dict[str, dict[str, str]]:
        """By locale, what stands in files of its own."""
        found: dict[str, dict[str, str]] = {}
        for name in self._names():
            match = _TRANSLATED.fullmatch(name)
            if match is None:
                continue
            if locale_tag(match["locale"]):
                self._add(name, "", "Must name a locale such as de or pt-BR before .md.")
            elif text := self._text(name, TEXT_MAX):
                found.setdefault(match["locale"], {})[PROSE[match[1]]] = text.strip()
        return found

    def _names(self) -> list[str]:
        with _noting(self.problems, self._path("")):
            return self.folder.files()
        return []

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
                verdict = promised(PurePosixPath(name).stem)
                language = LANGUAGES.get(PurePosixPath(name).suffix)
                source = self._text(path, TEXT_MAX)
                if verdict is None:
                    self._add(path, "", f"The name must begin with a verdict: {', '.join(Verdict)}.")
                elif language is None:
                    self._add(path, "", f"The name must end with one of {' '.join(LANGUAGES)}.")
                elif source is not None:
                    yield Solution(f"{self.category}/{self.name}/{path}", verdict, language, source)

    def _examples(self, examples: dict[str, Any]) -> Iterator[Example]:
        for name, answer in examples.items():
            verdict = promised(name)
            if verdict is None or not isinstance(answer, dict):
                message = f"Must be `verdict: answer`; verdicts: {', '.join(Verdict)}."
                self._add("challenge.yaml", f"examples.{name}", message)
            else:
                yield Example(verdict, answer, name)

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


def _settled(body: dict[str, Any], category: str, locales: dict[str, dict[str, str]]) -> dict[str, Any]:
    """What is written in several ways, in one: times in UTC, prerequisites with their category, translations whole."""
    at = body["publish_at"]
    translations = body["translations"]
    return {
        "publish_at": datetime.fromisoformat(at).astimezone(UTC).isoformat() if at else None,
        "prerequisites": _placed(body["prerequisites"], category),
        "translations": {
            locale: translations.get(locale, {}) | locales.get(locale, {})
            for locale in sorted({*translations, *locales})
        },
    }


def _placed(tree: Any, category: str) -> Any:
    """The tree with every sibling's name made whole: "sums" in the category "loops" is "loops/sums"."""
    if isinstance(tree, list):
        return [_placed(branch, category) for branch in tree]
    if not isinstance(tree, dict):
        return tree
    if "challenge" in tree:
        name = tree["challenge"]
        return {"challenge": name if "/" in name else f"{category}/{name}"}
    return {key: _placed(value, category) for key, value in tree.items()}
