"""`make audit`: the locked requirements are sound in themselves, and none has a vulnerability that is known.

The first is checked always. The second needs a service on the internet; where that does not answer, it is said that
nothing was checked, and only `--strict` (for CI with internet) fails for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.audit.locks import dependencies, out_of_step, problems_of, read_lock
from deploy.local.places import CHECKOUT

LOCKS = {"requirements.txt": (), "requirements-dev.txt": ("dev",)}
KNOWN_BAD = Path(__file__).with_name("known_bad.toml")
# The service is asked about the developers' lock, which holds the other one. Not the package index: it may be a mirror.
PIP_AUDIT = (
    *("--require-hashes", "--disable-pip", "--vulnerability-service", "osv", "--timeout", "10"),
    *("--progress-spinner", "off", "--format", "json", "-r", "requirements-dev.txt"),
)
PATIENCE = 300  # seconds


def main(arguments: list[str]) -> int:
    """Print what was found. Exit code 1: something is wrong, or (strict) not everything could be checked; 2: usage."""
    if arguments not in ([], ["--strict"]):
        print("Usage: make audit, or make audit ARGS=--strict", file=sys.stderr)
        return 2
    problems = list(offline_problems())
    for problem in problems:
        print(f"audit: {problem}")
    if problems:
        return 1
    print(
        f"audit: {' and '.join(LOCKS)} are pinned, hashed, in step with pyproject.toml, without known-bad versions"
    )
    return online(strict=bool(arguments))


def offline_problems() -> Iterator[str]:
    """Everything that is wrong with the lock files of this checkout."""
    pyproject = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
    bad = tomllib.loads(KNOWN_BAD.read_text())["bad"]
    for name, groups in LOCKS.items():
        lock = read_lock((CHECKOUT / name).read_text())
        for problem in (*problems_of(lock, bad), *out_of_step(lock, dependencies(pyproject, *groups))):
            yield f"{name}: {problem}"


def online(strict: bool) -> int:
    """Ask for known vulnerabilities."""
    command = [sys.executable, "-m", "pip_audit", *PIP_AUDIT]
    try:
        asked = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=PATIENCE)
        report = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError, subprocess.TimeoutExpired) as error:
        reason = _reason(asked.stderr) if isinstance(error, ValueError) else str(error)
        print(f"audit: NOT CHECKED for known vulnerabilities, the service did not answer: {reason}")
        return int(strict)
    return _told(report)


def _told(report: list[dict[str, Any]]) -> int:
    found = [(item, vulnerability) for item in report for vulnerability in item.get("vulns", [])]
    for item, vulnerability in found:
        fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
        print(f"audit: {item['name']}=={item['version']} has {vulnerability['id']}; mended in {fixed}")
    if not found:
        print(f"audit: none of {len(report)} locked packages has a known vulnerability")
    return int(bool(found))


def _reason(log: str) -> str:
    """The last line of a log: the exception, where there was one."""
    return (log.strip().splitlines() or ["it said nothing"])[-1][:200]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
