"""A challenge of each kind in which everything that gives the answer away carries a mark, so that it can be looked for.

`wrong` is an answer that learners may give without saying the mark themselves; `bad` are answers that are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# A word and a number that occur nowhere else; numbers in any notation that keeps their digits.
WORD, NUMBER = "zqxvar", 7319.46
MARK = re.compile("zqxvar|7[ ,.]?3[ ,.]?1[ ,.]?9[ ,.]?4[ ,.]?6", re.IGNORECASE)
# Names in specs that say which answer is right, or how much it is worth. What learners see of one has none of them.
KEYS = frozenset(
    {
        "correct",
        "weight",
        "accept",
        "wrong",
        "pattern",
        "pairs",
        "after",
        "distractor",
        "feedback",
        "output",
        "value",
    }
    | {
        "absolute",
        "relative",
        "interval",
        "close",
        "similarity",
        "guidance",
        "model_answer",
        "tests",
        "returns",
    }
    | {"raises", "interactor", "checker_source", "solution", "fixtures", "expected", "solutions", "editorial"}
)
LIMITS = {"cpu_seconds": 1.0, "memory_mb": 64, "output_kb": 64}
# Tells all that it is given, on both streams, and as its last words.
BLABS = "import sys\nheard = sys.stdin.read()\nprint(heard)\nprint(heard, file=sys.stderr)\nraise SystemExit(heard)\n"
SAMPLE = {"name": "sample", "sample": True, "points": 0, "cases": [{"input": "1\n", "output": "1\n"}]}


@dataclass(frozen=True, slots=True)
class Secret:
    """A challenge whose key is marked."""

    kind: str
    spec: dict[str, Any]
    wrong: dict[str, Any]
    bad: tuple[Any, ...]
    solution: dict[str, Any]

    @property
    def fields(self) -> dict[str, Any]:
        """What an author sends beside the spec, marked too."""
        return {
            "solutions": [{"name": f"accepted_{WORD}", "verdict": "accepted", "answer": self.solution}],
            "editorial": f"It is {WORD}.",
            "hints": [{"text": f"Think of {WORD}.", "cost": 1}],
            "translations": {"de": {"editorial": f"Es ist {WORD}.", "hints": [f"Denke an {WORD}."]}},
        }


def secrets() -> Iterator[Secret]:
    """One of each kind."""
    yield from _questions()
    yield from _programs()


def _questions() -> Iterator[Secret]:
    options = [
        {"id": "a", "text": "Red", "weight": 73.1946, "feedback": f"{WORD}: right."},
        {"id": "b", "text": "Blue", "weight": -73.1946, "feedback": "Blue is cold."},
        {"id": "c", "text": "Green", "weight": 0, "feedback": f"Not {WORD}."},
    ]
    yield Secret(
        "choice",
        {"multiple": True, "credit": "weights", "options": options},
        {"selected": ["b"]},
        ({"selected": []}, {"selected": ["z"]}, {"selected": "a"}),
        {"selected": ["a"]},
    )
    yield Secret(
        "true_false",
        {"correct": True, "feedback": {"right": f"Yes, {WORD}.", "wrong": "Think again."}},
        {"value": False},
        ({"value": "yes"}, {}),
        {"value": True},
    )
    text = {
        "accept": [{"text": WORD}, {"pattern": f"{WORD}[0-9]+", "example": f"{WORD}1"}],
        "wrong": [{"text": f"{WORD} not", "feedback": f"Not {WORD}."}],
        "similarity": 0.9,
    }
    yield Secret("text", text, {"text": "something else"}, ({"text": " "}, {"text": 5}), {"text": WORD})
    numeric = {"value": NUMBER, "absolute": 0.5, "unit": "m", "close": {"absolute": 2, "credit": 0.5}}
    yield Secret(
        "numeric",
        numeric,
        {"value": "1 m"},
        ({"value": "many"}, {"value": ""}),
        {"value": NUMBER, "unit": "m"},
    )
    items = [{"id": name, "text": f"Item {name}"} for name in "kcx"]
    yield Secret(
        "ordering",
        {"items": items, "order": ["x", "c", "k"]},
        {"order": ["k", "c", "x"]},
        ({"order": ["k"]}, {"order": ["k", "k", "c"]}),
        {"order": ["x", "c", "k"]},
    )
    yield Secret(
        "matching",
        {
            "left": [{"id": "l", "text": "One"}, {"id": "m", "text": "Two"}],
            "right": [{"id": "r", "text": "Uno"}, {"id": "s", "text": "Due"}],
            "pairs": {"l": "r", "m": "s"},
        },
        {"pairs": {"l": "s", "m": "r"}},
        ({"pairs": {"l": "nowhere", "m": "s"}}, {"pairs": {}}),
        {"pairs": {"l": "r", "m": "s"}},
    )
    cloze = {
        "text": "{{who}} in {{year}}",
        "blanks": {"who": {"spec": text}, "year": {"kind": "numeric", "spec": {"value": NUMBER}}},
    }
    yield Secret(
        "cloze",
        cloze,
        {"blanks": {"who": "nobody", "year": "1"}},
        ({"blanks": {"who": "nobody"}}, {"blanks": {"who": "nobody", "year": "when"}}),
        {"blanks": {"who": WORD, "year": str(NUMBER)}},
    )
    lines = [
        {"id": "m", "text": "a = 1"},
        {"id": "c", "text": "print(a)", "after": ["m"]},
        {"id": "k", "text": "print(b)", "distractor": True, "feedback": f"{WORD}"},
    ]
    yield Secret(
        "parsons",
        {"order": "dependencies", "lines": lines},
        {"lines": [{"id": "c"}, {"id": "m"}]},
        ({"lines": []}, {"lines": [{"id": "?"}]}),
        {"lines": [{"id": "m"}, {"id": "c"}]},
    )
    prediction = {
        "source": "print(answer)",
        "output": WORD,
        "wrong": [{"output": f"{WORD}s", "feedback": f"One {WORD} only."}],
    }
    yield Secret("output_prediction", prediction, {"text": "answer"}, ({"text": ""},), {"text": WORD})
    rubric = [{"id": "a", "text": "Decides.", "points": 2, "guidance": f"Must say {WORD}."}]
    yield Secret(
        "essay",
        {"model_answer": f"{WORD}.", "rubric": rubric},
        {"text": "I do not know."},
        ({"text": ""},),
        {"text": "x"},
    )
    parts = [
        {"id": "p", "text": "What?", "kind": "text", "spec": text},
        {"id": "q", "text": "How many?", "kind": "numeric", "spec": {"value": NUMBER}},
    ]
    yield Secret(
        "multipart",
        {"parts": parts},
        {"parts": {"p": {"text": "nothing"}, "q": {"value": "1"}}},
        ({"parts": {}}, {"parts": {"p": {"text": ""}}}, {"parts": {"z": {}}}),
        {"parts": {"p": {"text": WORD}, "q": {"value": NUMBER}}},
    )


def _programs() -> Iterator[Secret]:
    bad = ({"language": "python", "source": ""}, {"language": "klingon", "source": "x"}, {})
    blabs = {"language": "python", "source": BLABS}
    hidden = {
        "name": "main",
        "points": 100,
        "cases": [{"input": f"{WORD}\n", "output": f"{WORD} {NUMBER}\n"}],
    }
    checker = {"name": "custom", "language": "python", "source": f"import sys  # {WORD}\nsys.exit(43)\n"}
    right = {"language": "python", "source": f"print('{WORD}')"}
    yield Secret(
        "code.batch",
        {"languages": ["python"], "limits": LIMITS, "groups": [SAMPLE, hidden]},
        blabs,
        bad,
        right,
    )
    custom = {"languages": ["python"], "limits": LIMITS, "checker": checker, "groups": [SAMPLE, hidden]}
    yield Secret("code.batch", custom, blabs, bad, right)
    yield Secret(
        "code.function",
        {
            "languages": ["python"],
            "limits": LIMITS,
            "function": "say",
            "cases": [{"args": [1], "returns": 1, "sample": True}, {"args": [WORD], "returns": f"{WORD}!"}],
        },
        {"language": "python", "source": "def say(x):\n    print(x)\n    raise ValueError(x)\n"},
        bad,
        right,
    )
    tests = (
        "import unittest\nfrom solution import say\n\n\nclass Say(unittest.TestCase):\n"
        f"    def test_it_says_it(self):\n        self.assertEqual(say('{WORD}'), '{WORD}!')\n"
    )
    yield Secret(
        "code.unit_tests",
        {"languages": ["python"], "limits": LIMITS, "module": "solution", "tests": tests},
        {"language": "python", "source": "def say(x):\n    print(x)\n    raise ValueError(x)\n"},
        bad,
        right,
    )
    talk = f"import sys  # {WORD}\nprint('hello', flush=True)\nsys.stdin.readline()\nsys.exit(43)\n"
    yield Secret(
        "code.interactive",
        {
            "languages": ["python"],
            "limits": LIMITS,
            "interactor": {"language": "python", "source": talk},
            "groups": [
                {"name": "main", "points": 100, "cases": [{"input": f"{WORD}\n", "output": f"{WORD}\n"}]}
            ],
        },
        {"language": "python", "source": "print(input())"},
        bad,
        right,
    )
    yield Secret(
        "code.sql",
        {
            "schema": "CREATE TABLE t (word TEXT);",
            "solution": f"SELECT word FROM t WHERE word LIKE '{WORD}%';",
            "limits": LIMITS,
            "cases": [{"fixtures": f"INSERT INTO t VALUES ('{WORD}');"}],
        },
        {"language": "sql", "source": "SELECT word, 1 FROM t"},
        ({"language": "sql", "source": ""},),
        {"language": "sql", "source": f"SELECT '{WORD}'"},
    )
