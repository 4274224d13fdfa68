"""From a source to a program that a box can run: compiled in the box, and once per host."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.errors import InfrastructureError, LanguageUnavailable
from core.grading import Limits
from graders.languages.base import Language
from graders.languages.cache import build_key, recall, remember
from graders.languages.headers import header_options
from graders.sandbox.box import Box
from graders.sandbox.values import MEGABYTE, Allowance, Command, Outcome, Stop

MAX_ARTIFACT = 64 * MEGABYTE
UNLIMITED, STACK = -1, 8 * MEGABYTE
NOT_FOUND = 127  # how a shell says that there is no such command
COMPILE = Allowance(
    cpu_seconds=10,
    wall_seconds=30,
    memory_bytes=1024 * MEGABYTE,
    output_bytes=64 * 1024,
    processes=512,  # no less than any run: a box cannot lift limits
    file_bytes=MAX_ARTIFACT,
    stack_bytes=64 * MEGABYTE,
)


@dataclass(frozen=True, slots=True)
class Program:
    """Files for the box and the command that runs them."""

    files: dict[str, bytes]
    command: Command

    def under(self, limits: Limits) -> Command:
        """The command, told of the memory limit where it asks for that."""
        argv = tuple(part.replace("{memory_mb}", str(limits.memory_mb)) for part in self.command.argv)
        return replace(self.command, argv=argv)


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Why the compiler refused the source, in its own words."""

    text: str


def build(box: Box, language: Language, source: bytes) -> Program | Diagnostics:
    """Compile when the language asks for it. Raises LanguageUnavailable, InfrastructureError."""
    files = {language.file_name: source}
    if language.compile is None:
        script = language.file_name if language.warm else None
        return Program(files, Command(language.run, script=script))
    key = build_key(language, source)
    if artifact := recall(key):
        return _compiled(language, artifact)
    box.load(files)
    compiler, *options = language.compile
    outcome = box.run(Command((compiler, *header_options(language), *options)), COMPILE)
    if outcome.failed_to_start or outcome.exit_code == NOT_FOUND:
        raise LanguageUnavailable(f"This host has not what compiling {language.title} needs.")
    if outcome.stopped or outcome.exit_code != 0:
        return Diagnostics(_complaint(outcome))
    artifact = box.collect(language.artifact or "", MAX_ARTIFACT)
    if artifact is None:
        return Diagnostics("The compiler left no program, or one that is too large.")
    remember(key, artifact)
    return _compiled(language, artifact)


def _compiled(language: Language, artifact: bytes) -> Program:
    name = language.artifact or ""
    native = language.run[0] == f"./{name}"
    return Program({name: artifact}, Command(language.run, sealed=name if native else None))


def _complaint(outcome: Outcome) -> str:
    said = (outcome.stderr + outcome.stdout).decode(errors="replace").replace("/box/", "")
    reasons = {
        Stop.CPU: f"Compiling took more than {COMPILE.cpu_seconds:g} s of CPU.",
        Stop.WALL: f"Compiling took more than {COMPILE.wall_seconds:g} s.",
        Stop.MEMORY: f"Compiling took more than {COMPILE.memory_bytes // MEGABYTE} MB of memory.",
        Stop.OUTPUT: "The compiler complained without end.",
        Stop.FILES: "Compiling made too many files.",
    }
    reason = reasons[outcome.stopped] if outcome.stopped else ""
    if not said.strip() and not reason:
        raise InfrastructureError(f"The compiler failed silently (signal {outcome.signal}).")
    return "\n".join(part for part in (reason, said) if part)


def allowance(language: Language, limits: Limits, box: Box) -> Allowance:
    """What one test may use: the challenge's limits, times scaled by the language's factor."""
    memory = (limits.memory_mb + language.memory_extra_mb) * MEGABYTE
    slack = language.address_slack_mb
    base = box.address_kb * 1024 if language.warm else 0
    return Allowance(
        cpu_seconds=limits.cpu_seconds * language.time_factor,
        wall_seconds=limits.wall * language.time_factor,
        memory_bytes=memory,
        output_bytes=limits.output_kb * 1024,
        processes=limits.processes + language.processes_extra,
        address_bytes=None if slack is None else base + memory + slack * MEGABYTE,
        stack_bytes=UNLIMITED if language.unlimited_stack else STACK,
    )
