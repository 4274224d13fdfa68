"""What the grader has to know of a language."""

from __future__ import annotations

from dataclasses import dataclass

SMOKE_INPUT = "20 22\n"
SMOKE_OUTPUT = "42\n"


@dataclass(frozen=True, slots=True)
class Language:
    """One language. The smoke program adds two numbers: a host where it fails does not offer the language.

    `compile` None means that the source itself runs. `artifact` is the file that compiling leaves.
    `header` is worth precompiling.
    `warm` programs run in a fork of the box's interpreter; `address_slack_mb` is address space beyond the
    memory limit (a runtime reserves more than it uses), None for no cap. A runtime's own memory and threads
    are not the learner's: `memory_extra_mb` and `processes_extra` come on top of the limits. `{memory_mb}` in
    `run` stands for the challenge's memory limit.
    `general` programs read standard input and write standard output.
    """

    name: str
    title: str
    file_name: str
    version: tuple[str, ...]
    smoke: str
    run: tuple[str, ...]
    compile: tuple[str, ...] | None = None
    artifact: str | None = None
    warm: bool = False
    header: str | None = None
    time_factor: float = 1.0
    address_slack_mb: int | None = 1024
    memory_extra_mb: int = 0
    processes_extra: int = 0
    unlimited_stack: bool = True
    general: bool = True
