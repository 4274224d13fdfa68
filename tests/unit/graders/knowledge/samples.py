"""One rich spec per kind, with a word that is found nowhere else in every field that learners must not read.

Every string in `spec` that begins with MARK is secret; `wrong` holds answers that are well-formed and not right,
`bad` ones that are refused. None of them touches what carries a comment meant for whoever gives that answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MARK = "SECRET"


@dataclass(frozen=True)
class Sample:
    spec: dict[str, Any]
    right: dict[str, Any]
    wrong: tuple[dict[str, Any], ...]
    bad: tuple[Any, ...]


CHOICE = Sample(
    spec={
        "multiple": True,
        "credit": "weights",
        "shuffle": True,
        "max_selections": 3,
        "options": [
            {"id": "b", "text": "one", "weight": 0.71825, "feedback": "SECRET-choice-1"},
            {"id": "a", "text": "two", "weight": -0.31415},
            {"id": "d", "text": "three", "weight": 0.57721, "feedback": "SECRET-choice-2"},
            {"id": "c", "text": "four", "feedback": "SECRET-choice-3"},
        ],
    },
    right={"selected": ["b", "d"]},
    wrong=({"selected": ["a"]},),
    bad=({"selected": ["z"]}, {"selected": []}, {"selected": ["a", "a"]}, {"selected": list("abcd")}),
)
TRUE_FALSE = Sample(
    spec={"correct": True, "feedback": {"right": "SECRET-true"}},
    right={"value": True},
    wrong=({"value": False},),
    bad=({"value": "true"}, {"value": None}, {}),
)
TEXT = Sample(
    spec={
        "accept": [
            {"text": "SECRET text", "feedback": "SECRET-text-1"},
            {"text": "SECRET half", "weight": 0.71825, "feedback": "SECRET-text-2"},
            {"pattern": "SECRET [a-z]+ pattern", "example": "SECRET long pattern", "weight": 0.57721},
        ],
        "wrong": [
            {"text": "SECRET error", "feedback": "SECRET-text-3"},
            {"pattern": "SECRET x+", "example": "SECRET xx", "feedback": "SECRET-text-4"},
        ],
        "ignore_case": True,
        "similarity": 0.95125,
    },
    right={"text": "secret TEXT"},
    wrong=({"text": "no idea"}, {"text": "text"}),
    bad=({"text": ""}, {"text": " "}, {"text": "\0"}, {"text": 5}),
)
NUMERIC = Sample(
    spec={
        "value": "31415.9265",
        "absolute": 0.71825,
        "unit": "kilofeet",
        "close": {"absolute": 8.57721, "credit": 0.31415},
    },
    right={"value": "31415.9265", "unit": "kilofeet"},
    wrong=({"value": "1", "unit": "s"}, {"value": "1 m"}),
    bad=({"value": "x", "unit": "m"}, {"value": "1"}, {"value": "1 m", "unit": "m"}, {"value": None}),
)
ORDERING = Sample(
    spec={
        "credit": "relative_next",
        "items": [{"id": name, "text": f"item {name}"} for name in "dbca"],
        "order": list("dbca"),
    },
    right={"order": list("dbca")},
    wrong=({"order": list("acbd")}, {"order": list("dbac")}),
    bad=({"order": []}, {"order": list("dbc")}, {"order": list("dbcz")}, {"order": list("ddbc")}),
)
MATCHING = Sample(
    spec={
        "credit": "each_pair",
        "left": [{"id": name, "text": f"left {name}"} for name in "abc"],
        "right": [{"id": name, "text": f"right {name}"} for name in "3214"],
        "pairs": {"a": "3", "b": "1", "c": "2"},
    },
    right={"pairs": {"a": "3", "b": "1", "c": "2"}},
    wrong=({"pairs": {"a": "1", "b": "2", "c": "3"}}, {"pairs": {"a": "3", "b": "2", "c": "4"}}),
    bad=({"pairs": {}}, {"pairs": {"a": "3"}}, {"pairs": {"a": "9", "b": "1", "c": "2"}}),
)
PARSONS = Sample(
    spec={
        "order": "dependencies",
        "indentation": True,
        "credit": "lines_in_order",
        "lines": [
            {"id": "q", "text": "for x in xs:"},
            {"id": "b", "text": "total += x", "indent": 17, "after": ["q"]},
            {"id": "x", "text": "print(total)", "after": ["b"]},
            {"id": "k", "text": "total = x", "distractor": True, "feedback": "SECRET-parsons"},
        ],
    },
    right={"lines": [{"id": "q"}, {"id": "b", "indent": 17}, {"id": "x"}]},
    wrong=({"lines": [{"id": "x"}]}, {"lines": [{"id": "b", "indent": 1}, {"id": "q"}]}),
    bad=({"lines": []}, {"lines": [{"id": "z"}]}, {"lines": [{"id": "q"}, {"id": "q"}]}, {"lines": ["q"]}),
)
OUTPUT = Sample(
    spec={
        "source": "print(...)",
        "stdin": "4",
        "output": "SECRET-output-1\nSECRET-output-2",
        "credit": "each_line",
        "wrong": [{"output": "SECRET-output-3", "feedback": "SECRET-output-4"}],
    },
    right={"text": "SECRET-output-1\nSECRET-output-2\n"},
    wrong=({"text": "None"}, {"text": "1\n2\n3"}),
    bad=({"text": ""}, {"text": "\n"}, {"text": 4}, {"output": "x"}),
)
CLOZE = Sample(
    spec={
        "text": "{{who}} wrote {{what}} in {{when}}.",
        "blanks": {
            "who": {"points": 2, "spec": TEXT.spec},
            "when": {"kind": "numeric", "spec": {k: v for k, v in NUMERIC.spec.items() if k != "unit"}},
            "what": {
                "kind": "choice",
                "spec": {
                    "options": [
                        {"id": "a", "text": "one", "correct": True, "feedback": "SECRET-cloze-1"},
                        {"id": "b", "text": "two"},
                        {"id": "c", "text": "three", "feedback": "SECRET-cloze-2"},
                    ]
                },
            },
        },
    },
    right={"blanks": {"who": "secret text", "when": "31415.9265", "what": "a"}},
    wrong=({"blanks": {"who": "Knuth", "when": "4", "what": "b"}},),
    bad=(
        {"blanks": {"who": "Knuth", "when": "4"}},
        {"blanks": {"who": "", "when": "4", "what": "b"}},
        {"blanks": {"who": "Knuth", "when": "?", "what": "b"}},
        {"blanks": {"who": "Knuth", "when": "4", "what": "z"}},
    ),
)
ESSAY = Sample(
    spec={
        "min_words": 2,
        "model_answer": "SECRET-essay-1",
        "rubric": [{"id": "a", "text": "Names a cost.", "points": 2, "guidance": "SECRET-essay-2"}],
    },
    right={"text": "some words"},
    wrong=(),
    bad=({"text": ""}, {"text": "one"}, {"text": "\0 \0"}, {}),
)
QUESTIONS = {
    "choice": CHOICE,
    "true_false": TRUE_FALSE,
    "text": TEXT,
    "numeric": NUMERIC,
    "ordering": ORDERING,
    "matching": MATCHING,
    "parsons": PARSONS,
    "output_prediction": OUTPUT,
}
MULTIPART = Sample(
    spec={
        "parts": [
            {"id": kind, "kind": kind, "text": f"part {kind}", "spec": sample.spec}
            for kind, sample in QUESTIONS.items()
        ]
    },
    right={"parts": {kind: sample.right for kind, sample in QUESTIONS.items()}},
    wrong=(
        {"parts": {kind: sample.wrong[0] for kind, sample in QUESTIONS.items()}},
        {"parts": {kind: sample.wrong[-1] for kind, sample in QUESTIONS.items()}},
        {"parts": {"choice": CHOICE.wrong[0]}},
    ),
    bad=(
        {"parts": {}},
        *({"parts": {kind: bad}} for kind, sample in QUESTIONS.items() for bad in sample.bad),
    ),
)
SAMPLES = {**QUESTIONS, "cloze": CLOZE, "multipart": MULTIPART, "essay": ESSAY}
