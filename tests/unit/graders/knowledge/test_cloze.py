import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import GradeReport, Verdict
from graders.knowledge.cloze import ClozeGrader

grader = ClozeGrader()
SORTING = {
    "text": "{{who}} invented quicksort in {{year}}; it is {{stable}}.",
    "blanks": {
        "who": {"points": 2, "spec": {"accept": [{"text": "Hoare"}], "ignore_case": True}},
        "year": {"kind": "numeric", "spec": {"value": 1959, "absolute": 1, "close": {"absolute": 5}}},
        "stable": {
            "kind": "choice",
            "spec": {
                "shuffle": True,
                "options": [
                    {"id": "y", "text": "stable"},
                    {"id": "n", "text": "not stable", "correct": True},
                    {"id": "s", "text": "sometimes stable", "feedback": "Only with extra work."},
                ],
            },
        },
    },
}
KEY = {"who": "Hoare", "year": "1959", "stable": "n"}


def grade(spec: dict, blanks: dict[str, str]) -> GradeReport:
    grader.check_spec(spec)
    answer = {"blanks": blanks}
    grader.check_answer(spec, answer)
    return grader.summarise(spec, list(grader.validate_submission(spec, answer)))


@pytest.mark.parametrize(
    ("changes", "score", "verdict"),
    [
        ({}, 1.0, Verdict.ACCEPTED),
        ({"who": "hoare"}, 1.0, Verdict.ACCEPTED),
        ({"who": "Knuth"}, 0.5, Verdict.PARTIALLY_ACCEPTED),
        ({"year": "1962"}, 0.875, Verdict.PARTIALLY_ACCEPTED),
        ({"who": "Knuth", "year": "1700", "stable": "y"}, 0.0, Verdict.WRONG_ANSWER),
    ],
)
def test_each_blank_earns_its_points(changes, score, verdict):
    report = grade(SORTING, KEY | changes)
    assert (report.score, report.verdict) == (score, verdict)


def test_there_is_a_result_for_each_blank_in_the_order_of_the_spec():
    report = grade(SORTING, KEY | {"stable": "s"})
    assert [(result.name, result.group, result.score) for result in report.results] == [
        ("who", "who", 1.0),
        ("year", "year", 1.0),
        ("stable", "stable", 0.0),
    ]
    assert report.results[2].feedback == "Not right. Only with extra work."


@given(
    st.fixed_dictionaries(
        {
            "who": st.sampled_from(["Hoare", "Knuth", "?"]),
            "year": st.integers(1900, 2000).map(str),
            "stable": st.sampled_from("yns"),
        }
    ),
    st.permutations(sorted(KEY)),
)
def test_a_score_lies_between_0_and_1_and_the_order_of_blanks_does_not_matter(blanks, order):
    report = grade(SORTING, blanks)
    assert 0 <= report.score <= 1
    assert grade(SORTING, {name: blanks[name] for name in order}) == report
    reordered = SORTING | {"blanks": {name: SORTING["blanks"][name] for name in order}}
    assert grade(reordered, blanks).score == report.score


def test_the_redaction_shows_the_text_and_what_each_blank_takes():
    assert grader.redact(SORTING) == {
        "text": SORTING["text"],
        "blanks": {
            "who": {
                "kind": "text",
                "points": 2,
                "spec": {"ignore_case": True, "ignore_accents": False, "whitespace": "collapse"},
            },
            "year": {"kind": "numeric", "points": 1, "spec": {"unit_required": False}},
            "stable": {
                "kind": "choice",
                "points": 1,
                "spec": {
                    "multiple": False,
                    "credit": "all_or_nothing",
                    "shuffle": True,
                    "min_selections": 1,
                    "max_selections": 1,
                    "options": [
                        {"id": "y", "text": "stable"},
                        {"id": "n", "text": "not stable"},
                        {"id": "s", "text": "sometimes stable"},
                    ],
                },
            },
        },
    }


def test_the_options_of_a_blank_are_shuffled_for_each_learner():
    shown = grader.redact(SORTING)
    orders = {
        tuple(o["id"] for o in grader.arrange(shown, f"{n}:1")["blanks"]["stable"]["spec"]["options"])
        for n in range(50)
    }
    assert len(orders) == 6


@pytest.mark.parametrize(
    ("blanks", "field"),
    [
        ({}, "answer.blanks"),
        ({"who": "Hoare"}, "answer.blanks"),
        (KEY | {"who": " "}, "answer.blanks"),
        (KEY | {"who": "\u200b"}, "answer.blanks.who"),
        (KEY | {"who": "\0"}, "answer.blanks.who"),
        (KEY | {"who": 5}, "answer.blanks.who"),
        (KEY | {"year": "long ago"}, "answer.blanks.year"),
        (KEY | {"year": "1959 m"}, "answer.blanks.year"),
        (KEY | {"stable": "z"}, "answer.blanks.stable"),
        (KEY | {"stable": "z" * 100}, "answer.blanks.stable"),
        (KEY | {"other": "x"}, "answer.blanks"),
        ("Hoare", "answer.blanks"),
    ],
)
def test_a_blank_or_malformed_answer_is_refused_under_the_name_of_its_blank(blanks, field):
    with pytest.raises(InvalidAnswer) as refusal:
        list(grader.validate_submission(SORTING, {"blanks": blanks}))
    assert list(refusal.value.errors) == [field]


def with_blank(name: str, blank: dict) -> dict:
    return SORTING | {"blanks": SORTING["blanks"] | {name: blank}}


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        (SORTING | {"text": "No blank at all."}, "spec.text"),
        (SORTING | {"text": SORTING["text"] + " {{who}}"}, "spec.text"),
        (SORTING | {"text": SORTING["text"] + " {{where}}"}, "spec.text"),
        (with_blank("who", {"spec": {"accept": []}}), "spec.blanks.who.spec.accept"),
        (with_blank("who", {"spec": {"accept": [{"text": "\0"}]}}), "spec.blanks.who.spec.accept.0.text"),
        (with_blank("year", {"kind": "numeric", "spec": {}}), "spec.blanks.year.spec.value"),
        (with_blank("who", {"kind": "essay", "spec": {}}), "spec.blanks.who.kind"),
        (with_blank("who", {"points": 0, "spec": {"accept": [{"text": "x"}]}}), "spec.blanks.who.points"),
        (
            with_blank(
                "stable", {"kind": "choice", "spec": SORTING["blanks"]["stable"]["spec"] | {"multiple": True}}
            ),
            "spec.blanks.stable.spec.multiple",
        ),
        (with_blank("a b", {"spec": {"accept": [{"text": "x"}]}}), "spec.blanks"),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused_with_the_path_in_the_whole(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert field in refusal.value.errors
