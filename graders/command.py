"""The command line of the grading library."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from core.errors import CreathonError, ValidationFailed
from core.grading import GradeReport
from graders.languages.availability import available_languages
from graders.registry import grader_for
from graders.sandbox.doctor import examine

EXIT_UNSAFE = 1
EXIT_WRONG_REQUEST = 2
EXIT_WE_FAILED = 3


class Unreadable(CreathonError):
    """A file cannot be read."""

    code = "unreadable"


def main(arguments: list[str]) -> int:
    """Run one command. 0: done, whatever the verdict; 1: this host is unsafe; 2: the request is wrong; 3: we failed."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except ValidationFailed as error:
        return _complain({"error": error.message, "errors": error.errors}, EXIT_WRONG_REQUEST)
    except Unreadable as error:
        return _complain({"error": error.message}, EXIT_WRONG_REQUEST)
    except CreathonError as error:
        return _complain({"error": error.message, "code": error.code}, EXIT_WE_FAILED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m graders", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    grade = commands.add_parser("grade", help="grade one answer and print the report as JSON")
    grade.add_argument(
        "--challenge", required=True, type=Path, help='JSON file: {"kind": ..., "spec": {...}}'
    )
    grade.add_argument("--answer", required=True, type=Path, help="JSON file: the answer as the API takes it")
    grade.set_defaults(run=_grade)
    doctor = commands.add_parser("doctor", help="say what protects this host from learners' programs")
    doctor.set_defaults(run=_doctor)
    return parser


def _grade(options: argparse.Namespace) -> int:
    report = grade(_read_json(options.challenge), _read_json(options.answer))
    _print(report.as_dict())
    return 0


def _doctor(options: argparse.Namespace) -> int:
    layers = examine()
    for layer in layers:
        sys.stdout.write(layer.line() + "\n")
    safe = all(layer.present or not layer.required for layer in layers)
    if safe:
        for name, found in available_languages().items():
            sys.stdout.write(f"language {name}: {found.version or 'absent, ' + str(found.reason)}\n")
    sys.stdout.write("Untrusted code may run here.\n" if safe else "Untrusted code must NOT run here.\n")
    return 0 if safe else EXIT_UNSAFE


def grade(challenge: Any, answer: Any) -> GradeReport:
    """The report on one answer. Raises ValidationFailed for a wrong challenge or answer, InfrastructureError."""
    if not isinstance(challenge, dict) or set(challenge) < {"kind", "spec"}:
        raise ValidationFailed({"challenge": ['Must be an object with the fields "kind" and "spec".']})
    grader, spec = grader_for(challenge["kind"]), challenge["spec"]
    grader.check_spec(spec)
    grader.check_answer(spec, answer)
    return grader.summarise(spec, list(grader.validate_submission(spec, answer)))


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}.") from error
    except ValueError as error:
        raise Unreadable(f"{path} is not JSON: {error}.") from error


def _print(value: Any, stream: Any = None) -> None:
    (stream or sys.stdout).write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _complain(value: dict[str, Any], code: int) -> int:
    _print(value, sys.stderr)
    return code
