"""Precompiled headers: most of the time that g++ takes is `bits/stdc++.h`, so it is read once per host.

Every box sees the directory read-only. Making one takes seconds, so it happens when a worker finds out which
languages it has, never on a learner's way; without it a program compiles as ever, only slower.
"""

from __future__ import annotations

import logging
from hashlib import sha256
from pathlib import Path

from graders.languages.base import Language
from graders.languages.cache import toolchain
from graders.sandbox.bwrap import HEADERS, headers_directory
from graders.sandbox.pool import pool
from graders.sandbox.runtime import write_atomically
from graders.sandbox.values import MEGABYTE, Allowance, Command

log = logging.getLogger(__name__)

MAX_HEADER = 256 * MEGABYTE
ALLOWED = Allowance(
    cpu_seconds=60,
    wall_seconds=120,
    memory_bytes=2048 * MEGABYTE,
    output_bytes=64 * 1024,
    file_bytes=MAX_HEADER,
)


def header_options(language: Language) -> tuple[str, ...]:
    """Compiler options that make use of the precompiled header, when it is there."""
    return ("-I", f"{HEADERS}/{_key(language)}") if language.header and _path(language).is_file() else ()


def prepare_header(language: Language) -> None:
    """Precompile the header of a language unless that was done. Raises SandboxUnavailable."""
    if not language.header or not language.compile or _path(language).is_file():
        return
    with pool().borrow() as box:
        box.load({"header.hpp": f"#include <{language.header}>\n".encode()})
        command = (*_flags(language), "-x", "c++-header", "-o", "header.gch", "header.hpp")
        outcome = box.run(Command(command), ALLOWED)
        header = box.collect("header.gch", MAX_HEADER)
    if outcome.exit_code != 0 or header is None:
        log.warning(
            "%s was not precompiled: %s", language.header, outcome.stderr[:500].decode(errors="replace")
        )
        return
    write_atomically(_path(language), header, mode=0o644)


def _flags(language: Language) -> tuple[str, ...]:
    """The compile command up to the names of files: a precompiled header fits the same options only."""
    command = language.compile or ()
    return command[: command.index("-o")]


def _key(language: Language) -> str:
    return sha256("\0".join([*_flags(language), toolchain(language)]).encode()).hexdigest()[:16]


def _path(language: Language) -> Path:
    return headers_directory() / _key(language) / f"{language.header}.gch"
