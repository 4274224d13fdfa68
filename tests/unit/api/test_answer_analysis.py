"""Options and texts, and who gives them."""

from __future__ import annotations

from api.answer_analysis import PartAnalysis, analyse_answers
from core.services.statistics import FirstAnswer
from graders.registry import GRADERS

CHOICE, TEXT = GRADERS["choice"], GRADERS["text"]
OPTIONS = {"options": [{"id": name, "text": name, "correct": name == "a"} for name in "abc"]}
PARIS = {"accept": [{"text": "Paris"}], "ignore_case": True}


def chose(option: str, learners: range, rest: float | None) -> list[FirstAnswer]:
    return [FirstAnswer(n, float(option == "a"), rest, {"selected": [option]}) for n in learners]


def wrote(text: str, learners: range) -> list[FirstAnswer]:
    return [FirstAnswer(n, 0.0, None, {"text": text}) for n in learners]


def only(parts: list[PartAnalysis]) -> PartAnalysis:
    (part,) = parts
    return part


def test_each_option_has_its_share_and_the_strength_of_who_took_it():
    firsts = chose("a", range(15), -0.2) + chose("b", range(20, 25), 0.3)
    part = only(analyse_answers(CHOICE, OPTIONS, firsts))
    told = {one.value: (one.learners, one.share, one.score) for one in part.values}
    assert told == {"a": (15, 0.75, 1.0), "b": (5, 0.25, 0.0), "c": (0, 0.0, None)}
    assert [round(one.rest_score, 3) for one in part.values[:2]] == [-0.2, 0.3]


def test_a_strength_that_rests_on_few_is_not_told():
    firsts = chose("a", range(8), None) + chose("a", range(20, 24), 0.1)
    assert only(analyse_answers(CHOICE, OPTIONS, firsts)).values[0].rest_score is None


def test_a_text_that_few_wrote_is_not_shown():
    firsts = wrote("Rome", range(6)) + wrote("my name is Ada", range(10, 14)) + wrote("Lyon", range(20, 23))
    part = only(analyse_answers(TEXT, PARIS, firsts))
    assert [one.value for one in part.values] == ["rome"]
    assert (part.others.values, part.others.count) == (2, 7)


def test_texts_that_compare_equal_are_one():
    part = only(analyse_answers(TEXT, PARIS, wrote("ROME ", range(3)) + wrote("rome", range(5, 8))))
    assert [(one.value, one.learners) for one in part.values] == [("rome", 6)]


def test_four_learners_are_not_analysed():
    assert analyse_answers(CHOICE, OPTIONS, chose("a", range(4), 0.1)) == []


def test_a_long_answer_is_cut():
    part = only(analyse_answers(TEXT, PARIS, wrote("x" * 500, range(5))))
    assert len(part.values[0].value) == 201


def test_an_answer_that_does_not_fit_the_text_is_left_out():
    spec = {"left": [], "right": [{"id": "1", "text": "1"}], "pairs": {"new": "1"}}
    firsts = [FirstAnswer(n, 0.0, None, {"pairs": {"old": "1"}}) for n in range(5)]
    assert analyse_answers(GRADERS["matching"], spec, firsts) == []
