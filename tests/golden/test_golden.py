"""Every folder `<challenge>/<language>_<verdict>_<note>/` is a test: its solution gets the verdict in its name.

Adding a test is adding a folder; an `expected.json` beside the solution names further fields of the report.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graders.command import grade
from graders.languages.availability import available_languages

HERE = Path(__file__).parent
LANGUAGES = {"py": "python", "js": "javascript", "ts": "typescript", "sh": "bash"}
VERDICTS = {
    "ac": "accepted",
    "pac": "partially_accepted",
    "wa": "wrong_answer",
    "ce": "compile_error",
    "re": "runtime_error",
    "tle": "time_limit_exceeded",
    "mle": "memory_limit_exceeded",
    "ole": "output_limit_exceeded",
}
FOLDERS = sorted(path for path in HERE.glob("*/*_*_*") if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_solution_gets_the_verdict_of_its_folder(folder: Path) -> None:
    short, code, _ = folder.name.split("_", 2)
    language = LANGUAGES.get(short, short)
    if reason := available_languages()[language].reason:
        pytest.skip(f"{language}: {reason}")
    challenge = json.loads((folder.parent / "challenge.json").read_text(encoding="utf-8"))
    source = next(folder.glob("solution.*")).read_text(encoding="utf-8")
    expected = folder / "expected.json"
    wanted = json.loads(expected.read_text(encoding="utf-8")) if expected.exists() else {}

    report = grade(challenge, {"language": language, "source": source}).as_dict()

    assert {name: report[name] for name in ("verdict", *wanted)} == {"verdict": VERDICTS[code], **wanted}
