"""What is written reads with the same key, whatever signs authors use."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.content import CategoryContent, ChallengeContent
from core.exchange.gift.reader import read_gift
from core.exchange.gift.writer import write_gift
from core.exchange.values import decoded

SIGNS = "ab~=#{}:\\*%[]->/\n$T.1 é"
texts = st.text(SIGNS, min_size=1, max_size=12).map(str.strip).filter(bool)
comments = st.text(SIGNS, max_size=12).map(str.strip)
tagged = st.lists(st.text("ab]\\[ ", min_size=1).map(str.strip).filter(bool), unique=True, max_size=3)
percents = st.sampled_from([5, 10, 25, 50, 100])
FEEDBACK = {"feedback": "Why?"}


def challenge(kind: str, spec: dict[str, Any], **body: Any) -> ChallengeContent:
    described = {"title": "Question", "description": "What?", "kind": kind, "spec": spec}
    return ChallengeContent("quiz/question", "quiz", described | body)


def again(one: ChallengeContent) -> ChallengeContent:
    text, problems = write_gift([CategoryContent("quiz", "Quiz", "")], [one])
    assert [str(problem) for problem in problems] == []
    content = read_gift(decoded(text.encode()))
    assert [str(problem) for problem in content.problems] == []
    (back,) = content.challenges
    assert (back.slug, back.category, content.categories[0].name) == ("quiz/question", "quiz", "Quiz")
    return back


def spec_again(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    return again(challenge(kind, spec)).body["spec"]


@settings(max_examples=80, deadline=None)
@given(
    texts,
    texts,
    comments,
    tagged,
)
def test_what_learners_read_keeps_every_sign(title, description, editorial, tags):
    assume(" ".join(title.split()) == title)
    wanted = {"title": title, "description": description, "editorial": editorial, "tags": tags}
    back = again(challenge("true_false", {"correct": True}, **wanted)).body
    assert {key: back.get(key, type(value)()) for key, value in wanted.items()} == wanted


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(texts, comments), min_size=2, max_size=5), st.data())
def test_a_single_choice_keeps_its_key(options, data):
    right = data.draw(st.integers(0, len(options) - 1))
    spec = {
        "options": [
            {"id": f"o{number}", "text": text}
            | ({"correct": True} if number == right + 1 else {})
            | ({"feedback": comment} if comment else {})
            for number, (text, comment) in enumerate(options, 1)
        ]
    }
    assert spec_again("choice", spec) == spec


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([-1, -0.5, 0, 0.25, 0.5, 1]), min_size=2, max_size=6))
def test_weights_keep_their_worth(weights):
    assume(max(weights) > 0 and min(weights) >= -sum(w for w in weights if w > 0))
    options = [{"id": f"o{n}", "text": f"{n}", "weight": w} for n, w in enumerate(weights, 1)]
    back = spec_again("choice", {"multiple": True, "credit": "weights", "options": options})["options"]
    total, shares = sum(w for w in weights if w > 0), [option.get("weight", 0) for option in back]
    assert shares == pytest.approx([w / total for w in weights], abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(st.booleans(), comments, comments)
def test_a_statement_keeps_its_key(correct, wrong, right):
    feedback = {key: text for key, text in (("wrong", wrong), ("right", right)) if text}
    spec = {"correct": correct} | ({"feedback": feedback} if feedback else {})
    assert spec_again("true_false", spec) == spec


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(texts, percents, comments), min_size=1, max_size=4), texts)
def test_a_short_answer_keeps_its_key(accepted, wrong):
    assume("->" not in wrong and not any("->" in text for text, _, _ in accepted))
    accept = [
        {"text": text}
        | ({"weight": percent / 100} if percent < 100 else {})
        | ({"feedback": comment} if comment else {})
        for text, percent, comment in accepted
    ]
    spec = {"accept": accept, "ignore_case": True, "wrong": [{"text": wrong, "feedback": "No."}]}
    assert spec_again("text", spec) == spec


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(texts, texts), min_size=2, max_size=5, unique_by=(lambda p: p[0], lambda p: p[1])),
    texts,
)
def test_pairs_keep_their_key(pairs, distractor):
    assume("->" not in distractor and not any("->" in text for pair in pairs for text in pair))
    left = [{"id": f"a{n}", "text": one} for n, (one, _) in enumerate(pairs)]
    right = [{"id": f"b{n}", "text": other} for n, (_, other) in enumerate(pairs)]
    right.append({"id": "x", "text": distractor})
    assume(distractor not in [other for _, other in pairs])
    spec = {
        "left": left,
        "right": right,
        "pairs": {f"a{n}": f"b{n}" for n in range(len(pairs))},
        "credit": "each_pair",
    }
    back = spec_again("matching", spec)
    names = {item["id"]: item["text"] for item in (*back["left"], *back["right"])}
    assert {names[one]: names[other] for one, other in back["pairs"].items()} == dict(pairs)
    assert distractor in names.values()


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ({"value": 3.5}, {"value": 3.5}),
        ({"value": "2e-3", "absolute": 1e-4}, {"value": 0.002, "absolute": 0.0001}),
        ({"value": -200, "relative": 0.05}, {"value": -200, "absolute": 10.0}),
        ({"value": 3.14, "decimals": 2}, {"value": 3.14, "absolute": 0.005}),
        ({"interval": {"min": -1, "max": 2.5}}, {"interval": {"min": -1, "max": 2.5}}),
        (
            {"value": 7, "absolute": 0.5, "close": {"absolute": 2, "credit": 0.25}},
            {"value": 7, "absolute": 0.5, "close": {"absolute": 2.0, "credit": 0.25}},
        ),
    ],
)
def test_a_number_keeps_its_key(spec, wanted):
    assert spec_again("numeric", spec) == wanted


def test_an_essay_comes_back():
    spec = {"rubric": [{"id": "answer", "text": "The answer as a whole.", "points": 10}]}
    assert spec_again("essay", spec) == spec


OPTIONS = [{"id": "a", "text": "x", "correct": True}, {"id": "b", "text": "y"}]
PAIRS = {"left": [{"id": "a", "text": "x"}], "right": [{"id": "b", "text": "y"}], "pairs": {"a": "b"}}


@pytest.mark.parametrize(
    ("kind", "spec", "said"),
    [
        ("ordering", {}, "kind: GIFT has no questions of the kind ordering"),
        ("choice", {"multiple": True, "options": OPTIONS}, "spec.credit: GIFT pays for each right pick"),
        ("choice", {"multiple": True, "max_selections": 1, "options": OPTIONS}, "spec.max_selections"),
        ("choice", {"options": [{"id": "a", "text": " x", "correct": True}]}, "white space"),
        ("text", {"accept": [{"text": "x"}]}, "spec.ignore_case"),
        ("text", {"accept": [{"text": "x"}], "ignore_case": True, "similarity": 0.8}, "spec.similarity"),
        ("text", {"accept": [{"pattern": "x", "example": "x"}], "ignore_case": True}, "regular expression"),
        ("text", {"accept": [{"text": "a->b"}], "ignore_case": True}, "read as a pair"),
        ("numeric", {"value": 1, "unit": "m"}, "spec.unit"),
        ("numeric", {"value": "1/3"}, "no decimal number"),
        ("numeric", {"interval": {"min": 1}}, "both ends"),
        ("matching", PAIRS, "spec.credit: GIFT pays for each pair"),
        ("essay", {"rubric": [{"id": "a", "text": "b", "points": 1}]}, "no place for a rubric"),
    ],
)
def test_what_gift_has_no_words_for_is_refused(kind, spec, said):
    text, problems = write_gift([], [challenge(kind, spec)])
    assert text == ""
    assert said in str(problems[0])
