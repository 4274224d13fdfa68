"""Kattis problem packages (the legacy format) as `code.batch` challenges."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from core.content import LANGUAGES, ChallengeContent, Content, Problem, Solution, promised
from core.exchange.kattis.checking import checker_of
from core.exchange.kattis.groups import groups_of
from core.exchange.kattis.latex import latex_as_markdown, name_in
from core.exchange.slugs import Slugs, slug_of
from core.exchange.tree import AnyFolder, Place, open_folder
from core.exchange.values import BadValue
from core.folders import UnreadableFile
from core.grading import Verdict
from core.plain_yaml import BadYaml, read_yaml

INDEX = "problem.yaml"
PREFIX = "kattis"
PACKAGES_MAX = 500
TEXT_MAX = 256 * 1024
PACKAGE_MAX = 24 * 1024 * 1024
ENDINGS = LANGUAGES | {".cc": "cpp", ".cxx": "cpp", ".c++": "cpp", ".py3": "python"}
VERDICTS = {
    "accepted": Verdict.ACCEPTED,
    "wrong_answer": Verdict.WRONG_ANSWER,
    "time_limit_exceeded": Verdict.TIME_LIMIT_EXCEEDED,
    "run_time_error": Verdict.RUNTIME_ERROR,
    "partially_accepted": Verdict.PARTIALLY_ACCEPTED,
}
_STATEMENT = re.compile(r"problem(?:\.(?P<locale>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?))?\.(?P<format>md|tex)")
_DEFAULT_SECONDS = 2.0


def holds_package(place: Place) -> bool:
    """Whether the folder is a package, or has packages in it."""
    return bool(_packages(place))


def read_kattis(place: Place, name: str = PREFIX) -> Content:
    """The package `place`, called `name`, or all those in it. Bad ones are told in `Content.problems`."""
    content, slugs = Content(), Slugs()
    packages = _packages(place)
    if not packages:
        content.problems.append(
            Problem(INDEX, "", "There is no such file, neither here nor in a folder below.")
        )
    for steps in packages:
        folder = open_folder(place, PACKAGE_MAX, steps)
        reader = _Package(folder, steps[-1] if steps else name, content)
        try:
            content.challenges.append(reader.read(f"{PREFIX}/{slugs.make(steps[-1] if steps else name)}"))
        except BadValue as error:
            content.problems.append(Problem(reader.path(reader.file), error.key, error.message))
        except (UnreadableFile, BadYaml) as error:
            content.problems.append(Problem(reader.path(reader.file), "", str(error)))
    return content


def _packages(place: Place) -> list[tuple[str, ...]]:
    """Where packages are: here, or in folders."""
    try:
        top = open_folder(place, 0)
        if INDEX in top.files():
            return [()]
        return [(name,) for name in top.folders()[:PACKAGES_MAX] if INDEX in top.files(name)]
    except UnreadableFile:
        return []


class _Package:
    """Reads one package. `file` is what it looks at, for the problem that may come of it."""

    def __init__(self, folder: AnyFolder, name: str, content: Content) -> None:
        self.folder = folder
        self.name = name
        self.content = content
        self.file = INDEX

    def path(self, file: str) -> str:
        return f"{self.name}/{file}"

    def read(self, slug: str) -> ChallengeContent:
        """Raises BadValue, BadYaml or UnreadableFile."""
        head = self._yaml(INDEX)
        texts = self._statements(head)
        locale = "en" if "en" in texts else next(iter(texts))
        body: dict[str, Any] = {**texts.pop(locale), "kind": "code.batch"}
        body["description"] = "\n\n".join(filter(None, (body["description"], _credits(head))))
        if texts:
            body["translations"] = texts
        if tags := _keywords(head):
            body["tags"] = tags
        body["spec"] = self._spec(head)
        return ChallengeContent(slug, "", body, tuple(self._solutions(slug)))

    def _spec(self, head: dict[str, Any]) -> dict[str, Any]:
        spec: dict[str, Any] = {"limits": self._limits(head), "checker": self._checker(head)}
        self.file = "data"
        kind = str(head.get("type", "pass-fail"))
        if kind not in ("pass-fail", "scoring"):
            raise BadValue("type", f"{kind[:40]} problems have no place here; pass-fail and scoring have.")
        return spec | {"groups": groups_of(self, kind == "scoring")}

    def text(self, path: str, limit: int = PACKAGE_MAX) -> str:
        """A file of the package."""
        self.file = path
        return self.folder.read(path, limit)

    def _yaml(self, path: str) -> dict[str, Any]:
        value = read_yaml(self.text(path, TEXT_MAX))
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadValue("", "Must be a mapping.")
        return value

    def flags(self, folder: str) -> dict[str, Any]:
        """The testdata.yaml of a folder, {} where there is none."""
        names = self.folder.files(folder)
        return self._yaml(f"{folder}/testdata.yaml") if "testdata.yaml" in names else {}

    def _statements(self, head: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Title and description by locale."""
        self.file = "problem_statement"
        found: dict[str, dict[str, str]] = {}
        names = sorted(self.folder.files("problem_statement"), key=lambda name: not name.endswith(".md"))
        for name in names:
            match = _STATEMENT.fullmatch(name)
            if match is None:
                self.note(
                    f"problem_statement/{name}", "Pictures and other files of a statement are left out."
                )
            elif (locale := match["locale"] or "en") not in found:
                found[locale] = self._statement(f"problem_statement/{name}", locale, head)
        if not found:
            raise BadValue("", "Must hold problem.en.md or problem.en.tex.")
        return found

    def _statement(self, path: str, locale: str, head: dict[str, Any]) -> dict[str, str]:
        text = self.text(path, TEXT_MAX)
        names = head.get("name", "")
        title = names.get(locale, "") if isinstance(names, dict) else names
        title = str(title) or name_in(text) or self.name
        if path.endswith(".tex"):
            text = latex_as_markdown(text)
        return {"title": " ".join(title.split())[:200], "description": text.strip()}

    def _limits(self, head: dict[str, Any]) -> dict[str, Any]:
        given = head.get("limits") or {}
        if not isinstance(given, dict):
            raise BadValue("limits", "Must be a mapping.")
        limits: dict[str, Any] = {"cpu_seconds": self._seconds()}
        if "memory" in given:
            limits["memory_mb"] = _whole(given["memory"], "limits.memory", (16, 2048))
        if "output" in given:
            limits["output_kb"] = 1024 * _whole(given["output"], "limits.output", (1, 64))
        return limits

    def _seconds(self) -> float:
        try:
            text = self.text(".timelimit", 100).strip()
        except UnreadableFile:
            self.note(".timelimit", f"Is missing, so the limit is {_DEFAULT_SECONDS:g} seconds.")
            self.file = INDEX
            return _DEFAULT_SECONDS
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", text) or not 0.05 <= float(text) <= 20:
            raise BadValue("", "Must hold the seconds of CPU time, from 0.05 to 20.")
        self.file = INDEX
        return float(text)

    def _checker(self, head: dict[str, Any]) -> dict[str, Any]:
        how = " ".join(str(head.get("validation", "default")).split())
        if how == "default":
            return checker_of(str(head.get("validator_flags") or ""))
        if how != "custom":
            message = f"{how[:40]!r} has no place here: interactive problems and scores of validators are not taken."
            raise BadValue("validation", message)
        if head.get("validator_flags"):
            raise BadValue(
                "validator_flags", "A custom checker gets no flags here; write them into the program."
            )
        return {"name": "custom", **self._validator()}

    def _validator(self) -> dict[str, str]:
        self.file = "output_validators"
        paths = [f"output_validators/{name}" for name in self.folder.files("output_validators")]
        for inner in self.folder.folders("output_validators"):
            inside = f"output_validators/{inner}"
            paths += [f"{inside}/{name}" for name in self.folder.files(inside)]
        if len(paths) != 1:
            raise BadValue("", f"Must hold one file with the whole program, not {len(paths)}.")
        language = ENDINGS.get(PurePosixPath(paths[0]).suffix)
        source = self.text(paths[0], TEXT_MAX)
        if language is None:
            raise BadValue("", f"The name must end with one of {' '.join(ENDINGS)}.")
        if re.search(r'^\s*#\s*include\s*"', source, re.MULTILINE):
            raise BadValue("", "Includes a file of its own; put everything into one file.")
        return {"language": language, "source": source}

    def _solutions(self, slug: str) -> list[Solution]:
        self.file = "submissions"
        found: list[Solution] = []
        for kind in self.folder.folders("submissions"):
            inside = f"submissions/{kind}"
            if kind not in VERDICTS:
                self.note(inside, f"Is left out; verdicts are {', '.join(VERDICTS)}.")
                continue
            for name in self.folder.folders(inside):
                self.note(f"{inside}/{name}", "Is left out: a program here is one file.")
            for name in self.folder.files(inside):
                if solution := self._solution(f"{inside}/{name}", VERDICTS[kind], slug):
                    found.append(solution)
        return sorted(found, key=lambda one: one.file)

    def _solution(self, path: str, verdict: Verdict, slug: str) -> Solution | None:
        stem, ending = PurePosixPath(path).stem, PurePosixPath(path).suffix
        language = ENDINGS.get(ending)
        if language is None:
            self.note(path, f"Is left out; programs end with {' '.join(ENDINGS)}.")
            return None
        # memory_limit_exceeded_x.py stands among Kattis' run_time_errors.
        told = promised(stem)
        stem = stem if told else f"{verdict}_{slug_of(stem)}"
        ending = (
            ending if LANGUAGES.get(ending) else next(e for e, name in LANGUAGES.items() if name == language)
        )
        return Solution(
            f"{slug}/solutions/{stem}{ending}", told or verdict, language, self.text(path, TEXT_MAX)
        )

    def note(self, file: str, message: str) -> None:
        self.content.skipped.append(Problem(self.path(file), "", message))


def _credits(head: dict[str, Any]) -> str:
    """Whose it is, as most licences want it said."""
    named = (("Author", head.get("author")), ("Source", head.get("source")), ("Licence", head.get("license")))
    said = [f"{what}: {text.strip()[:200]}" for what, text in named if isinstance(text, str) and text.strip()]
    return f"*{'. '.join(said)}.*" if said else ""


def _keywords(head: dict[str, Any]) -> list[str]:
    words = head.get("keywords") or []
    words = words.split() if isinstance(words, str) else words
    texts = [word.strip()[:64] for word in words if isinstance(word, str)] if isinstance(words, list) else []
    return list(dict.fromkeys(filter(None, texts)))[:20]


def _whole(value: Any, key: str, bounds: tuple[int, int]) -> int:
    least, most = bounds
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadValue(key, f"Must be a whole number of megabytes from {least} to {most}.")
    return value
