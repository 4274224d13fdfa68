import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import Verdict
from graders.knowledge.text import TextGrader
from graders.knowledge.wording import WHITESPACE, is_blank, normalise

grader = TextGrader()
CAPITAL = {"accept": [{"text": "Paris"}, {"text": "Lutetia", "weight": 0.5}], "ignore_case": True}

visible = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
rules = st.fixed_dictionaries(
    {},
    optional={
        "ignore_case": st.booleans(),
        "ignore_accents": st.booleans(),
        "whitespace": st.sampled_from(WHITESPACE),
        "similarity": st.floats(0.5, 1),
    },
)


def score(spec: dict, text: str) -> float:
    grader.check_spec(spec)
    (result,) = grader.validate_submission(spec, {"text": text})
    assert result.name == "answer"
    return result.score


def test_an_accepted_text_is_accepted():
    (result,) = grader.validate_submission(CAPITAL, {"text": "paris"})
    assert (result.verdict, result.score, result.feedback) == (Verdict.ACCEPTED, 1.0, "Right.")


def test_a_text_with_half_weight_is_partially_accepted():
    (result,) = grader.validate_submission(CAPITAL, {"text": "LUTETIA"})
    assert (result.verdict, result.score) == (Verdict.PARTIALLY_ACCEPTED, 0.5)


def test_another_text_is_a_wrong_answer_and_the_feedback_does_not_tell_the_key():
    (result,) = grader.validate_submission(CAPITAL, {"text": "Lyon"})
    assert (result.verdict, result.score, result.feedback) == (Verdict.WRONG_ANSWER, 0.0, "Not right.")


def test_the_feedback_of_the_matched_text_is_shown():
    spec = {"accept": [{"text": "TCP"}, {"text": "IP", "weight": 0.25, "feedback": "One layer up."}]}
    (result,) = grader.validate_submission(spec, {"text": "IP"})
    assert result.feedback == "Partly right: 25% of the points. One layer up."


@pytest.mark.parametrize(
    ("rule", "accepted", "given_text", "expected"),
    [
        ({}, "Paris", "paris", 0),
        ({"ignore_case": True}, "Straße", "STRASSE", 1),
        ({}, "Zürich", "Zurich", 0),
        ({"ignore_accents": True}, "Zürich", "Zurich", 1),
        ({"ignore_accents": True, "ignore_case": True}, "İzmir", "izmir", 1),
        ({}, "cafe\u0301", "caf\u00e9", 1),
        ({}, "hash table", "  hash \u00a0\n table ", 1),
        ({}, "hash table", "hashtable", 0),
        ({"whitespace": "trim"}, "hash table", " hash table\n", 1),
        ({"whitespace": "trim"}, "hash table", "hash  table", 0),
        ({"whitespace": "ignore"}, "hash table", "h ashtabl e", 1),
        ({"whitespace": "exact"}, "a b", "a b ", 0),
        ({"whitespace": "exact"}, " a", " a", 1),
        ({"similarity": 0.8}, "recursion", "recurzion", 1),
        ({"similarity": 0.8}, "recursion", "rekurzion", 0),
        ({"similarity": 0.9}, "abcdefghij", "abcdefghix", 1),
        ({"similarity": 1}, "abcdefghij", "abcdefghix", 0),
        ({"similarity": 0.5}, "ab", "a" * 10_000, 0),
    ],
)
def test_a_text_is_compared_under_the_rules_of_the_spec(rule, accepted, given_text, expected):
    assert score(rule | {"accept": [{"text": accepted}]}, given_text) == expected


@given(st.lists(st.tuples(visible, st.floats(0.01, 1)), min_size=1, max_size=5), rules, visible)
def test_a_score_lies_between_0_and_1_and_is_one_of_the_weights(entries, rule, answer):
    spec = rule | {"accept": [{"text": text, "weight": weight} for text, weight in entries]}
    try:
        grader.check_spec(spec)
        grader.check_answer(spec, {"text": answer})
    except (InvalidSpec, InvalidAnswer):
        return
    assert score(spec, answer) in {0.0, *(weight for _, weight in entries)}


@given(st.text("abc äÄß\u0301\u00a0", min_size=1, max_size=30).filter(lambda text: not is_blank(text)), rules)
def test_the_key_scores_1_under_every_rule(text, rule):
    spec = rule | {"accept": [{"text": text}]}
    if is_blank(normalise(spec, text)):
        return
    assert score(spec, text) == 1.0


@given(visible, rules)
def test_composed_and_decomposed_characters_are_the_same(text, rule):
    forms = {normalise(rule, unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@given(
    st.permutations(
        [{"text": "Paris"}, {"text": "Lutetia", "weight": 0.5}, {"text": "Lutece", "weight": 0.7}]
    )
)
def test_the_order_of_accepted_texts_does_not_matter(accept):
    assert score({"accept": accept, "similarity": 0.7}, "Lutecia") == 0.7


def test_the_redaction_tells_the_rules_and_never_the_key():
    spec = {
        "accept": [{"text": "secret-a", "feedback": "secret-b"}, {"text": "secret-c", "weight": 0.375}],
        "ignore_case": True,
        "similarity": 0.625,
    }
    redacted = grader.redact(spec)
    assert redacted == {"ignore_case": True, "ignore_accents": False, "whitespace": "collapse"}
    assert not any(word in json.dumps(redacted) for word in ("secret", "0.375", "0.625", "accept"))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"text": ""},
        {"text": " \n\t\u00a0"},
        {"text": "\u200b\u2060"},
        {"text": None},
        {"text": 5},
        {"text": ["Paris"]},
        {"text": "x" * 10_001},
        {"text": "Par\ud800is"},
        {"text": "Par\0is"},
        {"text": "Paris", "weight": 1},
        "Paris",
    ],
)
def test_a_blank_or_malformed_answer_is_refused(answer):
    with pytest.raises(InvalidAnswer):
        list(grader.validate_submission(CAPITAL, answer))


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        ({"accept": []}, "spec.accept"),
        ({"accept": ["Paris"]}, "spec.accept.0"),
        ({"accept": [{"text": "x"}] * 51}, "spec.accept"),
        ({"accept": [{"text": "Paris", "weight": 0.5}]}, "spec.accept"),
        ({"accept": [{"text": "a", "weight": 0}]}, "spec.accept.0.weight"),
        ({"accept": [{"text": "a", "weight": 1.5}]}, "spec.accept.0.weight"),
        ({"accept": [{"text": "a", "weight": True}]}, "spec.accept.0.weight"),
        ({"accept": [{"text": "a"}, {"text": "b", "weight": float("nan")}]}, "spec.accept.1.weight"),
        ({"accept": [{"text": "a", "weight": 10**4000}]}, "spec.accept.0.weight"),
        ({"accept": [{"text": "  "}]}, "spec.accept.0.text"),
        ({"accept": [{"text": "\u0301"}], "ignore_accents": True}, "spec.accept.0.text"),
        ({"accept": [{"text": "a"}, {"text": "A"}], "ignore_case": True}, "spec.accept.1.text"),
        ({"accept": [{"text": "a"}], "similarity": 0.2}, "spec.similarity"),
        ({"accept": [{"text": "a"}], "similarity": float("nan")}, "spec.similarity"),
        ({"accept": [{"text": "a" * 201}], "similarity": 0.9}, "spec.accept.0.text"),
        ({"accept": [{"text": "a"}], "whitespace": "sometimes"}, "spec.whitespace"),
        ({"accept": [{"text": "a"}], "regex": True}, "spec"),
        ({"accept": [{"weight": 1}]}, "spec.accept.0"),
        ({"accept": [{"text": "a", "pattern": "a", "example": "a"}]}, "spec.accept.0"),
        ({"accept": [{"pattern": "a+"}]}, "spec.accept.0"),
        ({"accept": [{"text": "a", "example": "a"}]}, "spec.accept.0"),
        ({"accept": [{"pattern": "(", "example": "a"}]}, "spec.accept.0.pattern"),
        ({"accept": [{"pattern": "(?=a)a", "example": "a"}]}, "spec.accept.0.pattern"),
        ({"accept": [{"pattern": r"(a)\1", "example": "aa"}]}, "spec.accept.0.pattern"),
        ({"accept": [{"pattern": "(a{1000}){1000}", "example": "a"}]}, "spec.accept.0.pattern"),
        ({"accept": [{"pattern": r"\pL{1,900}", "example": "a"}]}, "spec.accept.0.pattern"),
        ({"accept": [{"pattern": "a" * 501, "example": "a"}]}, "spec.accept.0.pattern"),
        ({"accept": [{"pattern": "a+", "example": "b"}]}, "spec.accept.0.example"),
        ({"accept": [{"pattern": " *", "example": " "}]}, "spec.accept.0.example"),
        ({"accept": [{"pattern": f"a{i}", "example": f"a{i}"} for i in range(11)]}, "spec.accept"),
        ({"accept": [{"text": "a"}], "wrong": [{"text": "a", "feedback": "No."}]}, "spec.wrong.0.text"),
        ({"accept": [{"text": "a"}], "wrong": [{"text": "b"}]}, "spec.wrong.0"),
        (
            {"accept": [{"pattern": "a", "example": "a"}], "wrong": [{"text": "a", "feedback": "No."}]},
            "spec.accept.0.example",
        ),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert list(refusal.value.errors) == [field]


@pytest.mark.parametrize(
    ("rules", "pattern", "example", "text", "expected"),
    [
        ({}, "colou?r", "color", "colour", 1),
        ({}, "colou?r", "color", "a color", 0),
        ({}, "colou?r", "color", " color\n", 1),
        ({}, "colou?r", "color", "Color", 0),
        ({"ignore_case": True}, r"\Wab\W", "(ab)", "(AB)", 1),
        ({"ignore_accents": True}, "é+", "éé", "e", 1),
        ({}, "a|ab", "a", "ab", 1),
        ({"whitespace": "ignore"}, "[0-9]{6}", "123456", "123 456", 1),
    ],
)
def test_a_pattern_must_match_the_whole_text_under_the_rules_of_the_spec(
    rules, pattern, example, text, expected
):
    assert score(rules | {"accept": [{"pattern": pattern, "example": example}]}, text) == expected


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|a)*", "(a|aa)+", "(.*a){20}", "(a*)*b?", "(?:a?){300}a{300}"]
)
def test_a_pattern_that_hangs_a_backtracking_engine_is_answered_at_once(pattern):
    spec = {"accept": [{"text": "x"}, {"pattern": pattern, "example": "a" * 300}]}
    # A backtracking engine would need longer than the universe has, so the test's own time limit would end it.
    assert score(spec, "a" * 1999 + "!") == 0.0


def test_a_text_too_long_for_patterns_is_a_wrong_answer():
    spec = {"accept": [{"pattern": "a+", "example": "a"}]}
    assert (score(spec, "a" * 2000), score(spec, "a" * 2001)) == (1.0, 0.0)


KNOWN_WRONG = {
    "accept": [{"text": "affect"}, {"pattern": "to affect .+", "example": "to affect it", "weight": 0.5}],
    "wrong": [
        {"text": "effect", "feedback": "That is the noun."},
        {"pattern": "(a|an|the) .+", "example": "an affect", "feedback": "A verb is asked for."},
    ],
    "similarity": 0.6,
}


@pytest.mark.parametrize(
    ("text", "points", "feedback"),
    [
        ("affect", 1.0, "Right."),
        ("afect", 1.0, "Right."),
        ("effect", 0.0, "Not right. That is the noun."),
        ("the effect", 0.0, "Not right. A verb is asked for."),
        ("to affect him", 0.5, "Partly right: 50% of the points."),
        ("influence", 0.0, "Not right."),
    ],
)
def test_a_known_wrong_text_is_told_why_and_beats_a_mere_likeness(text, points, feedback):
    grader.check_spec(KNOWN_WRONG)
    (result,) = grader.validate_submission(KNOWN_WRONG, {"text": text})
    assert (result.score, result.feedback) == (points, feedback)
