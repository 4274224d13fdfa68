"""`cloze`: a text with blanks to fill in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from graders.knowledge.choice import ChoiceGrader
from graders.knowledge.numeric import NumericGrader
from graders.knowledge.parts import POINTS, Part, PartsGrader
from graders.knowledge.question import Errors, QuestionGrader
from graders.knowledge.text import ANSWER_MAX, TextGrader

BLANKS_MAX = 50
BLANKS: dict[str, QuestionGrader] = {
    grader.kind: grader for grader in (TextGrader(), NumericGrader(), ChoiceGrader())
}
# What stands in a blank, as the kind behind it takes it.
_ANSWER = {
    "text": lambda filled: {"text": filled},
    "numeric": lambda filled: {"value": filled},
    "choice": lambda filled: {"selected": [filled]},
}
_PLACE = re.compile(r"\{\{([A-Za-z0-9_-]{1,32})\}\}")


class ClozeGrader(PartsGrader):
    """Answer `{"blanks": {"x": "..."}}`, every blank; a blank of options takes an option's id."""

    kind = "cloze"
    title = "Text with blanks"
    spec_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["text", "blanks"],
        "properties": {
            "text": {"type": "string", "minLength": 1, "maxLength": 20_000},
            "blanks": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": BLANKS_MAX,
                "propertyNames": {"pattern": "^[A-Za-z0-9_-]{1,32}$"},
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["spec"],
                    "properties": {
                        "kind": {"enum": list(BLANKS)},
                        "points": POINTS,
                        "spec": {"type": "object"},
                    },
                },
            },
        },
    }
    answer_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["blanks"],
        "properties": {
            "blanks": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": BLANKS_MAX,
                "propertyNames": {"maxLength": 64},
                "additionalProperties": {"type": "string", "maxLength": ANSWER_MAX},
            }
        },
    }

    def parts(self, spec: Mapping[str, Any]) -> list[Part]:
        return [
            Part(
                name, BLANKS[_kind(blank)], blank["spec"], blank.get("points", 1), f"spec.blanks.{name}.spec"
            )
            for name, blank in spec["blanks"].items()
        ]

    def answers(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
        filled = answer["blanks"]
        return {name: _ANSWER[_kind(blank)](filled[name]) for name, blank in spec["blanks"].items()}

    def answer_path(self, part: Part) -> str:
        return f"answer.blanks.{part.id}"

    def spec_errors(self, spec: Mapping[str, Any]) -> Errors:
        if errors := _place_errors(spec):
            return errors
        for name, blank in spec["blanks"].items():
            if _kind(blank) == "choice" and blank["spec"].get("multiple"):
                return {f"spec.blanks.{name}.spec.multiple": ["A blank takes one option; leave this out."]}
        return super().spec_errors(spec)

    def answer_errors(self, spec: Mapping[str, Any], answer: Mapping[str, Any]) -> Errors:
        filled, blanks = answer["blanks"], spec["blanks"]
        if strangers := [name for name in filled if name not in blanks]:
            return {"answer.blanks": [f"There is no blank {strangers[0]!r}. Blanks: {', '.join(blanks)}."]}
        if missing := [name for name in blanks if not filled.get(name, "").strip()]:
            return {"answer.blanks": [f"Fill every blank; empty: {', '.join(missing)}."]}
        errors = super().answer_errors(spec, answer)
        # The learner knows blanks, not the fields of the kinds behind them.
        return {".".join(field.split(".")[:3]): messages for field, messages in errors.items()}

    def redact(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        blanks = {
            part.id: {
                "kind": part.grader.kind,
                "points": part.points,
                "spec": part.grader.redact(part.spec),
            }
            for part in self.parts(spec)
        }
        return {"text": spec["text"], "blanks": blanks}

    def arrange(self, shown: Mapping[str, Any], seed: str) -> dict[str, Any]:
        blanks = {
            name: {**blank, "spec": BLANKS[blank["kind"]].arrange(blank["spec"], f"{seed}:{name}")}
            for name, blank in shown["blanks"].items()
        }
        return {**shown, "blanks": blanks}


def _kind(blank: Mapping[str, Any]) -> str:
    return str(blank.get("kind", "text"))


def _place_errors(spec: Mapping[str, Any]) -> Errors:
    places = Counter(_PLACE.findall(spec["text"]))
    if lost := [name for name in spec["blanks"] if places[name] != 1]:
        return {
            "spec.text": [
                f"Must name each blank exactly once, as in {{{{{lost[0]}}}}}: mend {', '.join(lost)}."
            ]
        }
    if strangers := [name for name in places if name not in spec["blanks"]]:
        return {
            "spec.text": [f"Names blanks that are not in blanks: {', '.join(strangers)}; add them there."]
        }
    return {}
