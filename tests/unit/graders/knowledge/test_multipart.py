from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidAnswer, InvalidSpec
from core.grading import GradeReport, Verdict
from graders.knowledge.multipart import MultipartGrader

grader = MultipartGrader()
STACK = {
    "parts": [
        {
            "id": "kind",
            "text": "A stack is",
            "kind": "choice",
            "points": 1,
            "required": True,
            "spec": {
                "shuffle": True,
                "options": [{"id": "l", "text": "LIFO", "correct": True}, {"id": "f", "text": "FIFO"}],
            },
        },
        {
            "id": "top",
            "text": "Push 3, push 4: the top is",
            "kind": "numeric",
            "points": 3,
            "spec": {"value": 4},
        },
        {"id": "pop", "kind": "true_false", "text": "pop is O(1).", "points": 4, "spec": {"correct": True}},
    ]
}
KEY = {"kind": {"selected": ["l"]}, "top": {"value": 4}, "pop": {"value": True}}
WRONG = {"kind": {"selected": ["f"]}, "top": {"value": 3}, "pop": {"value": False}}


def grade(parts: dict, spec: dict = STACK) -> GradeReport:
    grader.check_spec(spec)
    answer = {"parts": parts}
    grader.check_answer(spec, answer)
    return grader.summarise(spec, list(grader.validate_submission(spec, answer)))


@pytest.mark.parametrize("right", list(product([True, False], repeat=3)))
def test_each_part_earns_its_points(right):
    points = dict(zip(KEY, (1, 3, 4), strict=True))
    chosen = dict(zip(KEY, right, strict=True))
    report = grade({name: (KEY if chosen[name] else WRONG)[name] for name in KEY})
    assert report.score == sum(points[name] for name in KEY if chosen[name]) / 8
    assert (report.verdict is Verdict.ACCEPTED) == all(right)
    assert (report.verdict is Verdict.WRONG_ANSWER) == (not any(right))


def test_a_part_that_is_left_out_scores_0_and_is_said_to_be_unanswered():
    report = grade({"kind": KEY["kind"], "pop": KEY["pop"]})
    assert (report.score, report.verdict) == (5 / 8, Verdict.PARTIALLY_ACCEPTED)
    assert [(result.name, result.feedback) for result in report.results] == [
        ("kind", "Right."),
        ("top", "Not answered."),
        ("pop", "Right."),
    ]


def test_finished_parts_of_an_earlier_answer_need_no_repeating():
    earlier = {"parts": {"kind": KEY["kind"], "top": WRONG["top"], "pop": WRONG["pop"]}}
    finished = {r.name for r in grade(earlier["parts"]).results if r.verdict is Verdict.ACCEPTED}
    now = grader.completed(STACK, {"parts": {"top": KEY["top"]}}, earlier, finished)
    assert now == {"parts": {"kind": KEY["kind"], "top": KEY["top"]}}
    assert grade(now["parts"]).score == 0.5


def test_what_is_answered_again_counts_as_answered_now():
    earlier = {"parts": {"kind": KEY["kind"]}}
    now = grader.completed(STACK, {"parts": {"kind": WRONG["kind"]}}, earlier, {"kind"})
    assert now == {"parts": {"kind": WRONG["kind"]}}


@pytest.mark.parametrize("answer", [None, 7, {}, {"parts": {}}, {"parts": []}, {"parts": {"kind": 1}}])
def test_finished_parts_do_not_mend_a_malformed_answer(answer):
    now = grader.completed(STACK, answer, {"parts": KEY}, KEY.keys())
    assert now == answer
    with pytest.raises(InvalidAnswer):
        grader.check_answer(STACK, now)


@given(st.permutations(sorted(KEY)), st.lists(st.booleans(), min_size=3, max_size=3))
def test_neither_the_order_of_parts_nor_of_answers_matters(order, right):
    answers = {name: (KEY if yes else WRONG)[name] for name, yes in zip(order, right, strict=True)}
    parts = {part["id"]: part for part in STACK["parts"]}
    reordered = {"parts": [parts[name] for name in order]}
    assert grade(answers).score == grade(dict(sorted(answers.items())), reordered).score


def test_the_redaction_shows_each_part_as_its_own_kind_does():
    shown = grader.redact(STACK)["parts"]
    assert shown[1] == {
        "id": "top",
        "text": "Push 3, push 4: the top is",
        "kind": "numeric",
        "points": 3,
        "required": False,
        "spec": {"unit_required": False},
    }
    assert shown[0]["spec"]["options"] == [{"id": "l", "text": "LIFO"}, {"id": "f", "text": "FIFO"}]


def test_parts_are_shuffled_inside_for_each_learner_and_stay_in_their_order():
    arranged = [grader.arrange(grader.redact(STACK), f"{n}:1")["parts"] for n in range(40)]
    assert {tuple(part["id"] for part in parts) for parts in arranged} == {("kind", "top", "pop")}
    assert {tuple(o["id"] for o in parts[0]["spec"]["options"]) for parts in arranged} == {
        ("l", "f"),
        ("f", "l"),
    }


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({}, "answer.parts"),
        ({"top": KEY["top"]}, "answer.parts"),
        (KEY | {"other": {}}, "answer.parts"),
        (KEY | {"kind": {}}, "answer.parts.kind"),
        (KEY | {"kind": {"selected": []}}, "answer.parts.kind.selected"),
        (KEY | {"kind": {"selected": ["x"]}}, "answer.parts.kind.selected"),
        (KEY | {"top": {"value": "four"}}, "answer.parts.top.value"),
        (KEY | {"top": {"value": "4\0"}}, "answer.parts.top.value"),
        (KEY | {"pop": True}, "answer.parts.pop"),
        (KEY | {"pop": None}, "answer.parts.pop"),
        ([], "answer.parts"),
    ],
)
def test_a_blank_or_malformed_answer_is_refused_with_the_path_in_the_whole(parts, field):
    with pytest.raises(InvalidAnswer) as refusal:
        list(grader.validate_submission(STACK, {"parts": parts}))
    assert list(refusal.value.errors) == [field]


def changed(**fields: object) -> dict:
    return {"parts": [*STACK["parts"][:2], STACK["parts"][2] | fields]}


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({}, "spec"),
        ({"parts": []}, "spec.parts"),
        (changed(id="top"), "spec.parts"),
        (changed(kind="essay"), "spec.parts.2.kind"),
        (changed(kind="multipart"), "spec.parts.2.kind"),
        (changed(kind="code.batch"), "spec.parts.2.kind"),
        (changed(spec={"correct": "yes"}), "spec.parts.2.spec.correct"),
        (changed(spec={}), "spec.parts.2.spec"),
        (changed(points=0), "spec.parts.2.points"),
        (changed(points=float("nan")), "spec.parts.2.points"),
    ],
)
def test_a_spec_that_cannot_be_graded_is_refused_with_the_path_in_the_whole(spec, field):
    with pytest.raises(InvalidSpec) as refusal:
        grader.check_spec(spec)
    assert list(refusal.value.errors) == [field]
