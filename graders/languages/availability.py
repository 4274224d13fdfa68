"""Which languages this host really offers: the toolchain answers and the smoke program adds up, in a box."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.errors import LanguageUnavailable
from core.grading import Limits
from graders.languages import LANGUAGES
from graders.languages.base import SMOKE_INPUT, SMOKE_OUTPUT, Language
from graders.languages.build import COMPILE, Diagnostics, allowance, build
from graders.languages.headers import prepare_header
from graders.sandbox.box import Box
from graders.sandbox.pool import pool
from graders.sandbox.values import ENVIRONMENT, Command

NUMBER = re.compile(r"\d+(?:\.\d+)+")
SMOKE_LIMITS = Limits(cpu_seconds=10)


@dataclass(frozen=True, slots=True)
class Availability:
    """A version when the language works here, else the reason why not."""

    version: str | None
    reason: str | None = None


@lru_cache(maxsize=1)
def available_languages() -> dict[str, Availability]:
    """Every known language by name, tried once per process. Raises SandboxUnavailable."""
    return dict(probe_languages())


def probe_languages() -> Iterator[tuple[str, Availability]]:
    """Every known language, each as soon as it was tried. Raises SandboxUnavailable."""
    for name, language in LANGUAGES.items():
        yield name, _try(language)


@lru_cache
def availability(name: str) -> Availability:
    """One language, tried once per process. Raises SandboxUnavailable."""
    return _try(LANGUAGES[name])


def prepare_headers(languages: Iterable[str]) -> None:
    """Precompile what these languages include most. Takes seconds the first time on a host: for a worker's start,
    after it has announced itself. Raises SandboxUnavailable."""
    for name in languages:
        prepare_header(LANGUAGES[name])


def _try(language: Language) -> Availability:
    with pool().borrow() as box:
        try:
            return _smoke(box, language, _version(box, language))
        except LanguageUnavailable as error:
            return Availability(None, error.message)


def _version(box: Box, language: Language) -> str:
    probe = box.run(Command(language.version), COMPILE)
    if probe.failed_to_start or probe.exit_code != 0:
        raise LanguageUnavailable(_why_not(language))
    said = (probe.stdout or probe.stderr).decode(errors="replace").strip()
    found = NUMBER.search(said)
    return found[0] if found else said.splitlines()[0] if said else "unknown"


def _why_not(language: Language) -> str:
    """A toolchain in somebody's home is the usual surprise: boxes see what is installed for everybody."""
    program = language.version[0]
    elsewhere = shutil.which(program)
    if elsewhere and not shutil.which(program, path=ENVIRONMENT["PATH"]):
        return f"{elsewhere} is out of the boxes' reach; install {program} below /usr or /usr/local."
    return f"`{' '.join(language.version)}` does not work on this host."


def _smoke(box: Box, language: Language, version: str) -> Availability:
    program = build(box, language, language.smoke.encode())
    if isinstance(program, Diagnostics):
        return Availability(None, f"Its smoke program does not compile: {program.text[:300]}")
    box.load(program.files)
    outcome = box.run(
        program.under(SMOKE_LIMITS), allowance(language, SMOKE_LIMITS, box), SMOKE_INPUT.encode()
    )
    if outcome.stdout.decode(errors="replace") != SMOKE_OUTPUT:
        return Availability(None, f"Its smoke program fails: {outcome.stderr.decode(errors='replace')[:300]}")
    return Availability(version)
