"""Another parser of GIFT (pygiftparser) finds in the same file what we find."""

import io
import re
import warnings
from pathlib import Path
from typing import Any

import pytest

from core.exchange.gift.reader import read_gift

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pygiftparser import answer as their
    from pygiftparser.parser import parseFile

TEXT = Path(__file__).with_name("quiz.gift").read_text()
THEIRS = parseFile(io.StringIO(TEXT))
OURS = read_gift(TEXT)
QUESTIONS = [question for question in THEIRS if not isinstance(question.answers, their.Description)]
PAIRS = list(zip(QUESTIONS, OURS.challenges, strict=True))
KINDS = {
    their.SelectSet: "choice",
    their.MultipleChoicesSet: "choice",
    their.TrueFalseSet: "true_false",
    their.ShortSet: "text",
    their.NumericAnswerSet: "numeric",
    their.MatchingSet: "matching",
    their.Essay: "essay",
}


def plain(text: str) -> str:
    return re.sub(r"\\([=#~:{}])", r"\1", text).strip()


def of_kind(kind: str) -> list[Any]:
    found = [pytest.param(q, c.body["spec"], id=c.slug) for q, c in PAIRS if c.body["kind"] == kind]
    assert found
    return found


def test_the_file_holds_every_kind():
    assert OURS.problems == []
    assert {type(question.answers) for question, _ in PAIRS} == set(KINDS)
    assert len(OURS.skipped) - len(THEIRS) + len(QUESTIONS) == 2  # besides descriptions: feedback of numbers


@pytest.mark.parametrize(("question", "challenge"), PAIRS)
def test_kind_texts_and_category_agree(question, challenge):
    assert challenge.body["kind"] == KINDS[type(question.answers)]
    text = plain(question.text) + (f" _____ {plain(question.tail)}" if question.tail else "")
    assert challenge.body["description"] == text
    assert challenge.body["title"] == plain(question.title) or not question.title
    assert challenge.body.get("editorial", "") == plain(question.generalFeedback)
    assert challenge.category in question.cat.lower()


@pytest.mark.parametrize(("question", "spec"), of_kind("choice"))
def test_choices_agree_in_text_worth_and_feedback(question, spec):
    ours = [
        (
            option["text"],
            100 * option.get("weight", int(option.get("correct", False))),
            option.get("feedback", ""),
        )
        for option in spec["options"]
    ]
    answers = question.answers.answers
    assert ours == [(plain(one.answer), one.fraction, plain(one.feedback)) for one in answers]
    assert spec.get("multiple", False) == isinstance(question.answers, their.MultipleChoicesSet)


@pytest.mark.parametrize(("question", "spec"), of_kind("true_false"))
def test_statements_agree(question, spec):
    said = spec.get("feedback", {})
    theirs = question.answers
    assert (spec["correct"], said.get("wrong", ""), said.get("right", "")) == (
        theirs.answer, theirs.feedbackWrong, theirs.feedbackCorrect,
    )  # fmt: skip


@pytest.mark.parametrize(("question", "spec"), of_kind("text"))
def test_short_answers_agree(question, spec):
    ours = [
        (entry["text"], 100 * entry.get("weight", 1), entry.get("feedback", "")) for entry in spec["accept"]
    ]
    assert ours == [(one.answer, one.fraction, one.feedback) for one in question.answers.answers]


@pytest.mark.parametrize(("question", "spec"), of_kind("numeric"))
def test_numbers_agree(question, spec):
    full, *rest = question.answers.answers
    if isinstance(full, their.NumericAnswerMinMax):
        assert spec == {"interval": {"min": float(full.mini), "max": float(full.maxi)}}
        return
    assert (spec["value"], spec.get("absolute", 0)) == (full.value, full.tolerance)
    closer = spec.get("close", {})
    assert [(one.tolerance, one.fraction) for one in rest] == (
        [(closer["absolute"], 100 * closer["credit"])] if closer else []
    )


@pytest.mark.parametrize(("question", "spec"), of_kind("matching"))
def test_pairs_agree(question, spec):
    names = {item["id"]: item["text"] for item in (*spec["left"], *spec["right"])}
    ours = {names[one]: names[other] for one, other in spec["pairs"].items()}
    assert ours == {one.question.strip(): one.answer.strip() for one in question.answers.answers}
