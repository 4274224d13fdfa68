"""A challenge as single questions, one after the other, and the answer that they add up to. Pure.

A telephone shows one question at a time: a matching is asked left one by left one, a cloze blank by blank, a multipart
part by part. All that a step knows is what the learner may see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

Spec = Mapping[str, Any]
# Of a long text with blanks so much is shown before and after the one that is asked for.
AROUND = 300
PLACE = re.compile(r"\{\{([A-Za-z0-9_-]{1,32})\}\}")


class Way(Enum):
    """One tap, boxes, all options in an order, a program of lines, or a message."""

    ONE = auto()
    MANY = auto()
    ORDER = auto()
    LINES = auto()
    TYPED = auto()


@dataclass(frozen=True, slots=True)
class Option:
    """What a button stands for. `value` is what the answer then holds."""

    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `path` is where its value stands in the answer, `part` the part or blank that it belongs to."""

    way: Way
    kind: str
    path: tuple[str, ...]
    options: tuple[Option, ...] = ()
    least: int = 1
    most: int = 1
    # What is asked: `text` is Markdown, `code` a program and `about` one more line of plain text.
    text: str = ""
    code: str = ""
    about: str = ""
    indentation: bool = False
    part: str | None = None
    optional: bool = False


def steps_of(kind: str, spec: Spec, finished: Collection[str] = ()) -> tuple[Step, ...]:
    """The questions of a redacted spec. Those of `finished` parts are left out, unless that leaves none."""
    if kind != "multipart":
        return tuple(ASKED[kind](spec, ()))
    parts = [part for part in spec["parts"] if part["id"] not in finished] or spec["parts"]
    return tuple(step for part in parts for step in _of_part(part))


def is_asked(kind: str) -> bool:
    """Whether challenges of this kind can be asked step by step."""
    return kind == "multipart" or kind in ASKED


def answer_of(steps: Sequence[Step], values: Sequence[Any]) -> dict[str, Any]:
    """The answer made of the values of the steps, in their order; None: the step was skipped."""
    answer: dict[str, Any] = {}
    for step, value in zip(steps, values, strict=True):
        if value is not None:
            *above, last = step.path
            place = answer
            for name in above:
                place = place.setdefault(name, {})
            place[last] = value
    return answer or {step.path[0]: {} for step in steps}


def _of_part(part: Spec) -> list[Step]:
    """The steps of a part of a multipart; its text stands above each of them."""
    at, optional = ("parts", part["id"]), not part["required"]
    asked = ASKED[part["kind"]](part["spec"], at)
    return [replace(step, part=part["id"], optional=optional, text=part["text"]) for step in asked]


def _choice(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    path = (*at, "selected")
    if not spec["multiple"]:
        options = tuple(Option([option["id"]], option["text"]) for option in spec["options"])
        return [Step(Way.ONE, "choice", path, options)]
    bounds = {"least": spec["min_selections"], "most": spec["max_selections"]}
    return [Step(Way.MANY, "choice", path, _options(spec["options"]), **bounds)]


def _true_false(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    return [Step(Way.ONE, "true_false", (*at, "value"), (Option(True, "True"), Option(False, "False")))]


def _text(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    return [Step(Way.TYPED, "text", (*at, "text"))]


def _numeric(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    about = "A number with its unit." if spec.get("unit_required") else "A number."
    return [Step(Way.TYPED, "numeric", (*at, "value"), about=about)]


def _ordering(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    return [Step(Way.ORDER, "ordering", (*at, "order"), _options(spec["items"]))]


def _matching(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    right = _options(spec["right"])
    return [
        Step(Way.ONE, "matching", (*at, "pairs", item["id"]), right, about=item["text"])
        for item in spec["left"]
    ]


def _parsons(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    lines, indentation = _options(spec["lines"]), bool(spec["indentation"])
    about = "Not every line belongs." if spec["distractors"] else ""
    return [Step(Way.LINES, "parsons", (*at, "lines"), lines, indentation=indentation, about=about)]


def _output(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    about = f"It reads: {spec['stdin']}" if spec.get("stdin") else ""
    return [Step(Way.TYPED, "output_prediction", (*at, "text"), code=spec["source"], about=about)]


def _cloze(spec: Spec, at: tuple[str, ...]) -> list[Step]:
    names = PLACE.findall(spec["text"])
    return [_blank(spec, names, name) for name in names]


def _blank(spec: Spec, names: Sequence[str], name: str) -> Step:
    """One blank; in the text it is the one with the question mark, the others have numbers."""
    blank, about = spec["blanks"][name], _around(spec["text"], names, name)
    options = _options(blank["spec"]["options"]) if blank["kind"] == "choice" else ()
    way = Way.ONE if options else Way.TYPED
    return Step(way, blank["kind"], ("blanks", name), options, about=about, part=name)


def with_numbers(text: str) -> str:
    """The text of a cloze with its blanks numbered."""
    numbers = {name: f"[{number}]" for number, name in enumerate(PLACE.findall(text), 1)}
    return PLACE.sub(lambda found: numbers[found[1]], text).strip()


def _around(text: str, names: Sequence[str], name: str) -> str:
    """The text as `with_numbers`, with a question mark in one blank; of a long one what stands around it."""
    before, after = text.split("{{" + name + "}}", 1)
    numbered = {other: f"[{number}]" for number, other in enumerate(names, 1)}
    before, after = (PLACE.sub(lambda found: numbered[found[1]], part) for part in (before, after))
    if len(before) > AROUND:
        before = "…" + before[-AROUND:]
    if len(after) > AROUND:
        after = after[:AROUND] + "…"
    return f"{before}[ ❓ ]{after}".strip()


def _options(items: Sequence[Spec]) -> tuple[Option, ...]:
    return tuple(Option(item["id"], item["text"]) for item in items)


ASKED: dict[str, Callable[[Spec, tuple[str, ...]], list[Step]]] = {
    "choice": _choice,
    "true_false": _true_false,
    "text": _text,
    "numeric": _numeric,
    "ordering": _ordering,
    "matching": _matching,
    "parsons": _parsons,
    "output_prediction": _output,
    "cloze": _cloze,
}
