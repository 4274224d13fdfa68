"""What a reviewer gave and said, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.html import clip
from core.grading import Verdict
from graders.rubric import REVIEW

NAME_MAX = 80
# All comments together; a rubric of many lines leaves each of them less.
COMMENTS_MAX = 1400
WHOLE_MAX = 900
CRITERIA_MAX = 12
MARKS = {Verdict.ACCEPTED: "✅", Verdict.PARTIALLY_ACCEPTED: "🟡"}


def reviewed(results: Sequence[Mapping[str, Any]], rubric: Mapping[str, float]) -> Iterator[str]:
    """A block for the criteria and one for the word on the whole. `rubric`: the most points by criterion."""
    criteria = [result for result in results if result["group"] != REVIEW]
    room = COMMENTS_MAX // max(min(len(criteria), CRITERIA_MAX), 1)
    lines = [_criterion(result, rubric, room) for result in criteria[:CRITERIA_MAX]]
    if len(criteria) > CRITERIA_MAX:
        lines.append(f"…and {len(criteria) - CRITERIA_MAX} more; read them on the web page.")
    yield "\n".join(lines)
    yield from (_word(result) for result in results if result["group"] == REVIEW)


def _criterion(result: Mapping[str, Any], rubric: Mapping[str, float], room: int) -> str:
    mark = MARKS.get(Verdict(result["verdict"]), "❌")
    line = f"{mark} {clip(result['name'], NAME_MAX)} · {_points(result, rubric)}"
    return f"{line}\n<i>{clip(result['feedback'], room)}</i>" if result.get("feedback") else line


def _points(result: Mapping[str, Any], rubric: Mapping[str, float]) -> str:
    if most := rubric.get(result["group"]):
        return f"{result['score'] * most:.4g} of {most:g}"
    return f"{result['score']:.0%}"


def _word(result: Mapping[str, Any]) -> str:
    return clip(result.get("feedback") or "", WHOLE_MAX)
