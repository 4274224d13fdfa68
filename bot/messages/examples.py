"""What a programming challenge shows of its tests: sample inputs, sample calls, sample test code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.html import clip, pre
from bot.messages.message import plural

SAMPLES_MAX = 3
SAMPLE_MAX = 700
TESTS_MAX = 2500


def examples(spec: dict[str, Any]) -> Iterator[str]:
    """Blocks for a redacted spec, whatever it shows, and its limits."""
    if spec.get("function"):
        yield f"Write a function <code>{clip(spec['function'], 100)}</code>."
    yield from _samples([case for group in spec.get("groups", []) for case in group.get("cases", [])])
    if spec.get("sample_tests"):
        yield f"<b>Example tests</b>:\n{pre(spec['sample_tests'], TESTS_MAX)}"
    if limits := spec.get("limits"):
        yield f"Limits per test: {limits['cpu_seconds']:g} s of CPU, {limits['memory_mb']} MB."


def _samples(cases: list[dict[str, Any]]) -> Iterator[str]:
    yield from filter(None, map(_sample, cases[:SAMPLES_MAX]))
    if len(cases) > SAMPLES_MAX:
        yield f"…and {plural(len(cases) - SAMPLES_MAX, 'more example')}."


def _sample(case: dict[str, Any]) -> str:
    if "call" in case:
        outcome = f"raises {case['raises']}" if "raises" in case else str(case.get("returns"))
        call = pre(f"{case['call']}\n→ {outcome}", SAMPLE_MAX)
        return f"<b>Example</b>:\n{call}"
    if "input" in case and "output" in case:
        given, wanted = pre(case["input"], SAMPLE_MAX), pre(case["output"], SAMPLE_MAX)
        return f"<b>Example</b> · input:\n{given}\noutput:\n{wanted}"
    return ""
