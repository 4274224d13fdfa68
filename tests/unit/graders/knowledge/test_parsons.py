from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from graders.knowledge.parsons import ParsonsGrader

grader = ParsonsGrader()

# total = 0 / for x in xs: / total += x / print(total), with ids that tell nothing.
LINES = [
    {"id": "q", "text": "total = 0"},
    {"id": "b", "text": "for x in xs:"},
    {"id": "x", "text": "total += x", "indent": 1},
    {"id": "e", "text": "print(total)"},
    {"id": "k", "text": "total = x", "distractor": True, "feedback": "That forgets the sum."},
]
SUM = {"indentation": True, "credit": "lines_in_order", "lines": LINES}
KEY = [("q", 0), ("b", 0), ("x", 1), ("e", 0)]
# Two assignments in any order, then their sum; the greeting anywhere.
FREE = {
    "order": "dependencies",
    "credit": "lines_in_order",
    "lines": [
        {"id": "m", "text": "a = 1"},
        {"id": "c", "text": "b = 2"},
        {"id": "z", "text": "print(a + b)", "after": ["m", "c"]},
        {"id": "f", "text": "print('hello')"},
    ],
}


def answer(*lines: tuple[str, int]) -> dict:
    return {"lines": [{"id": name, "indent": indent} for name, indent in lines]}


def score(spec: dict, *lines: tuple[str, int]) -> float:
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, answer(*lines))
    return result.score


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (KEY, 1.0),
        ([("q", 0), ("b", 0), ("x", 0), ("e", 0)], 0.75),
        ([("b", 0), ("q", 0), ("x", 1), ("e", 0)], 0.75),
        ([("e", 0), ("x", 1), ("b", 0), ("q", 0)], 0.25),
        ([*KEY, ("k", 0)], 0.75),
        ([("k", 1)], 0.0),
        ([("q", 0)], 0.25),
    ],
)
def test_lines_in_order_pay_and_a_line_that_does_not_belong_takes_one_back(lines, expected):
    assert score(SUM, *lines) == expected
    assert score(SUM | {"credit": "all_or_nothing"}, *lines) == float(expected == 1)


def test_the_learner_reads_the_feedback_of_a_distractor_they_used():
    (result,) = grader.validate_submission(SUM, answer(("q", 0), ("k", 0)))
    assert result.feedback == "Not right. That forgets the sum."


def test_indents_count_only_when_the_spec_says_so():
    flat = {"lines": [{k: v for k, v in line.items() if k != "indent"} for line in LINES]}
    assert score(flat, *((name, 3) for name, _ in KEY)) == 1
    grader.check_answer(flat, {"lines": [{"id": "q"}]})


@pytest.mark.parametrize("order", list(permutations("mczf")))
def test_with_dependencies_every_order_that_keeps_them_scores_1_and_no_other(order):
    keeps = order.index("z") > max(order.index("m"), order.index("c"))
    assert (score(FREE, *((name, 0) for name in order)) == 1) == keeps


def test_of_a_broken_dependency_only_the_line_that_broke_it_is_lost():
    assert score(FREE, ("z", 0), ("m", 0), ("c", 0), ("f", 0)) == 0.75


def test_lines_of_the_same_text_may_stand_for_each_other():
    braces = {
        "lines": [
            {"id": "p", "text": "if (a) {"},
            {"id": "b", "text": "if (b) {"},
            {"id": "y", "text": "}"},
            {"id": "a", "text": "}"},
        ]
    }
    for order in ("pbya", "pbay"):
        assert score(braces, *((name, 0) for name in order)) == 1
    assert score(braces, *((name, 0) for name in "payb")) == 0


lines_of = st.lists(
    st.tuples(st.sampled_from("qbxek"), st.integers(0, 2)), min_size=1, unique_by=lambda line: line[0]
)


@given(lines_of, st.randoms(use_true_random=False))
def test_a_score_lies_between_0_and_1_and_only_the_key_scores_1(lines, random):
    assert 0 <= score(SUM, *lines) <= 1
    assert (score(SUM, *lines) == 1) == (lines == KEY)
    distractor_first = SUM | {"lines": [LINES[4], *LINES[:4]]}
    assert score(distractor_first, *lines) == score(SUM, *lines)


@given(st.lists(st.text("abc{}; ", min_size=1, max_size=3).filter(str.strip), min_size=2, max_size=9))
def test_the_lines_as_listed_score_1_whatever_their_texts(texts):
    ids = sorted((f"l{n}" for n in range(len(texts))), reverse=True)
    spec = {"lines": [{"id": name, "text": text} for name, text in zip(ids, texts, strict=True)]}
    assert score(spec, *((name, 0) for name in ids)) == 1


def test_the_redaction_shows_all_lines_alike_in_an_order_that_tells_nothing():
    shown = grader.redact(SUM)
    assert {frozenset(line) for line in shown["lines"]} == {frozenset({"id", "text"})}
    assert shown == grader.redact(SUM | {"lines": LINES[::-1]})
    assert shown | {"lines": []} == {
        "language": None,
        "indentation": True,
        "credit": "lines_in_order",
        "distractors": True,
        "lines": [],
    }
    orders = {tuple(line["id"] for line in grader.arrange(shown, f"{n}:1")["lines"]) for n in range(50)}
    assert len(orders) > 10


@pytest.mark.parametrize(
    "given_answer",
    [
        {},
        {"lines": []},
        {"lines": [{}]},
        {"lines": ["q"]},
        {"lines": [{"id": "nowhere"}]},
        {"lines": [{"id": "q"}, {"id": "q", "indent": 1}]},
        {"lines": [{"id": "q", "indent": -1}]},
        {"lines": [{"id": "q", "indent": 10**9}]},
        {"lines": [{"id": "q", "indent": "0"}]},
        {"lines": [{"id": "q", "text": "x"}]},
        {"lines": [{"id": "q"}] * 51},
        {"lines": "q"},
        None,
    ],
)
def test_a_blank_or_malformed_answer_is_refused(given_answer):
    with pytest.raises(InvalidAnswer):
        list(grader.validate_submission(SUM, given_answer))


def changed(index: int, **fields: object) -> dict:
    return SUM | {"lines": [*LINES[:index], LINES[index] | fields, *LINES[index + 1 :]]}


def after(**chain: list[str]) -> dict:
    return FREE | {"lines": [line | {"after": chain.get(line["id"], [])} for line in FREE["lines"]]}


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        (SUM | {"lines": LINES[:1]}, "spec.lines"),
        (SUM | {"lines": [LINES[0], LINES[4]]}, "spec.lines"),
        (changed(1, id="q"), "spec.lines"),
        (changed(2, text=" total += x"), "spec.lines.2.text"),
        (changed(2, text="\u200b \u00a0".replace("\u200b", "")), "spec.lines.2.text"),
        (changed(2, after=["b"]), "spec.lines.2.after"),
        (changed(2, feedback="x"), "spec.lines.2.feedback"),
        (changed(4, text="total = 0"), "spec.lines"),
        (SUM | {"indentation": False}, "spec.lines.2.indent"),
        (SUM | {"lines": [line | {"id": f"l{n}"} for n, line in enumerate(LINES)]}, "spec.lines"),
        (after(m=["nowhere"]), "spec.lines"),
        (after(m=["c"], c=["m"]), "spec.lines"),
        (after(m=["z"]), "spec.lines"),
        (FREE | {"lines": [*FREE["lines"], {"id": "d", "text": "a = 1"}]}, "spec.lines"),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert list(refusal.value.errors) == [field]
