"""`code.batch` challenges as Kattis problem packages, a folder each; the others are named with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from core.content import ChallengeContent, Problem, promised
from core.exchange.kattis.checking import flags_of
from core.exchange.kattis.reader import VERDICTS
from core.exchange.kattis.tex_writer import markdown_as_latex
from core.exchange.values import BadValue
from core.grading import Verdict
from core.plain_yaml import write_yaml

Files = dict[str, bytes]
ENDINGS = {
    "python": ".py", "cpp": ".cpp", "c": ".c", "java": ".java", "javascript": ".js", "typescript": ".ts", "go": ".go",
    "rust": ".rs", "ruby": ".rb", "php": ".php", "perl": ".pl", "bash": ".sh",
}  # fmt: skip
FOLDERS = {verdict: folder for folder, verdict in VERDICTS.items()} | {
    Verdict.MEMORY_LIMIT_EXCEEDED: "run_time_error",
    Verdict.OUTPUT_LIMIT_EXCEEDED: "run_time_error",
}
_LIMITS = {"cpu_seconds", "memory_mb", "output_kb"}


def write_kattis(challenges: list[ChallengeContent]) -> tuple[Files, list[Problem]]:
    """The files of the packages, and why the other challenges cannot be written."""
    files: Files = {}
    problems: list[Problem] = []
    taken: set[str] = set()
    for challenge in challenges:
        name = _short_name(challenge.slug, taken)
        try:
            written = _package(challenge)
        except BadValue as error:
            problems.append(Problem(challenge.slug, error.key, error.message))
            continue
        taken.add(name)
        files |= {f"{name}/{path}": text.encode(errors="replace") for path, text in written.items()}
    return files, problems


def _short_name(slug: str, taken: set[str]) -> str:
    """A package's folder: Kattis takes letters and digits only."""
    plain = wanted = slug.rpartition("/")[2].replace("-", "")
    number = 1
    while plain in taken:
        number += 1
        plain = f"{wanted}{number}"
    return plain


def _package(challenge: ChallengeContent) -> dict[str, str]:
    body, spec = challenge.body, challenge.body["spec"]
    if body["kind"] != "code.batch":
        raise BadValue("kind", f"Kattis packages hold code.batch only, not {body['kind']}.")
    if not body["description"].strip():
        raise BadValue("description", "Is empty; a package needs a statement.")
    files = _statement("en", body["title"], body["description"])
    names = {"en": body["title"]}
    for locale, texts in body.get("translations", {}).items():
        if texts.get("description"):
            names[locale] = texts.get("title", body["title"])
            files |= _statement(locale, names[locale], texts["description"])
    head: dict[str, Any] = {"name": names if len(names) > 1 else body["title"]}
    hidden = [group for group in spec["groups"] if not group.get("sample")]
    scoring = len(hidden) != 1 or hidden[0].get("scoring", "min") != "min"
    head |= {"type": "scoring" if scoring else "pass-fail"} | _limits(spec, files) | _validation(spec, files)
    if tags := body.get("tags"):
        # One text, parted by spaces.
        head["keywords"] = " ".join("-".join(tag.split()) for tag in tags)
    files["problem.yaml"] = write_yaml(head)
    _tests(spec, hidden if scoring else None, files)
    return files | _submissions(challenge)


def _statement(locale: str, title: str, description: str) -> dict[str, str]:
    """In Markdown, as it was written, and in LaTeX for tools that read nothing else."""
    stem = f"problem_statement/problem.{locale}"
    return {f"{stem}.md": description + "\n", f"{stem}.tex": markdown_as_latex(title, description)}


def _limits(spec: Mapping[str, Any], files: dict[str, str]) -> dict[str, Any]:
    limits = spec.get("limits", {})
    if strange := [key for key in limits if key not in _LIMITS]:
        raise BadValue(f"spec.limits.{strange[0]}", "Kattis knows no such limit; leave it out.")
    files[".timelimit"] = f"{limits.get('cpu_seconds', 2.0):g}\n"
    written = {}
    if "memory_mb" in limits:
        written["memory"] = limits["memory_mb"]
    if "output_kb" in limits:
        if limits["output_kb"] % 1024:
            raise BadValue(
                "spec.limits.output_kb", "Kattis counts output in megabytes; use a multiple of 1024."
            )
        written["output"] = limits["output_kb"] // 1024
    return {"limits": written} if written else {}


def _validation(spec: Mapping[str, Any], files: dict[str, str]) -> dict[str, str]:
    checker = spec.get("checker", {"name": "tokens"})
    if checker["name"] != "custom":
        flags = flags_of(checker)
        return {"validation": "default"} | ({"validator_flags": flags} if flags else {})
    if checker["language"] not in ENDINGS:
        raise BadValue("spec.checker.language", f"Packages have no checkers in {checker['language']}.")
    files[f"output_validators/validate{ENDINGS[checker['language']]}"] = checker["source"]
    return {"validation": "custom"}


def _tests(spec: Mapping[str, Any], scored: list[dict[str, Any]] | None, files: dict[str, str]) -> None:
    for key in ("hints_after",):
        if key in spec:
            raise BadValue(f"spec.{key}", "Kattis has no place for it; leave it out.")
    for group in spec["groups"]:
        if group.get("dependencies"):
            raise BadValue(
                "spec.groups", f"Kattis' groups do not depend on each other; {group['name']} does."
            )
        if "hint" in group or any("hint" in case for case in group["cases"]):
            raise BadValue("spec.groups", "Kattis has no place for hints; leave them out.")
    samples = [case for group in spec["groups"] if group.get("sample") for case in group["cases"]]
    _cases("data/sample", samples, files)
    if scored is None:
        _cases(
            "data/secret",
            [c for group in spec["groups"] if not group.get("sample") for c in group["cases"]],
            files,
        )
        return
    files["data/testdata.yaml"] = write_yaml({"on_reject": "continue", "grader_flags": "ignore_sample"})
    for number, group in enumerate(scored, 1):
        folder = f"data/secret/{_folder(number, group['name'], len(scored))}"
        _cases(folder, group["cases"], files)
        files[f"{folder}/testdata.yaml"] = write_yaml(_grading(group))


def _grading(group: Mapping[str, Any]) -> dict[str, Any]:
    points, scoring = group.get("points", 100), group.get("scoring", "min")
    each = points if scoring == "min" else points / len(group["cases"])
    return {
        "on_reject": "break" if group.get("stop_on_failure", scoring == "min") else "continue",
        "grader_flags": scoring,
        "accept_score": int(each) if float(each).is_integer() else each,
        "range": f"0 {points:g}",
    }


def _folder(number: int, name: str, count: int) -> str:
    """Folders are read in the order of their names."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in name)[
        :40
    ]
    return f"{number:0{len(str(count))}d}-{plain}" if count > 1 else plain or "all"


def _cases(folder: str, cases: list[Mapping[str, Any]], files: dict[str, str]) -> None:
    for number, case in enumerate(cases, 1):
        stem = f"{folder}/{number:0{max(2, len(str(len(cases))))}d}"
        files[f"{stem}.in"], files[f"{stem}.ans"] = case["input"], case["output"]
        if "name" in case:
            files[f"{stem}.desc"] = case["name"] + "\n"


def _submissions(challenge: ChallengeContent) -> dict[str, str]:
    files = {}
    for solution in challenge.solutions:
        if folder := FOLDERS.get(solution.verdict):
            stem = PurePosixPath(solution.name).stem
            name = solution.name if promised(stem) else f"{solution.verdict}_{solution.name}"
            files[f"submissions/{folder}/{name}"] = solution.source
    return files
