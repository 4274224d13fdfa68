"""Kinds that are asked question by question, and those that a person reads."""

from core.grading import Lane, Queue
from core.outbox import transaction
from core.services.claims import claim_submissions
from core.services.grading import await_review, decide_review, finish_gradings
from graders.registry import grader_for
from graders.rubric import Criterion, Points, by_rubric
from tests.functional.telegram.conftest import House
from tests.support.processes import wait_until

ITEMS = [{"id": "b", "text": "then"}, {"id": "a", "text": "first"}, {"id": "c", "text": "last"}]
ORDERING = {"items": ITEMS, "order": ["b", "c", "a"]}
MATCHING = {
    "left": [{"id": "fr", "text": "France"}, {"id": "it", "text": "Italy"}],
    "right": [{"id": "x", "text": "Rome"}, {"id": "y", "text": "Paris"}],
    "pairs": {"fr": "y", "it": "x"},
}
CLOZE = {
    "text": "{{who}} wrote it in {{when}}.",
    "blanks": {
        "who": {"spec": {"accept": [{"text": "Hoare"}]}},
        "when": {"kind": "numeric", "spec": {"value": 1959}},
    },
}
PARSONS = {
    "indentation": True,
    "lines": [{"id": "z", "text": "if <x>:"}, {"id": "b", "text": "print(1)", "indent": 1}],
}
TAPPED = {
    "parts": [
        {"id": "o", "kind": "ordering", "spec": ORDERING},
        {"id": "m", "kind": "matching", "spec": MATCHING},
        {"id": "p", "kind": "parsons", "spec": PARSONS},
    ]
}
PARTS = {
    "parts": [
        {"id": "fair", "text": "Is it *fair*?", "kind": "true_false", "spec": {"correct": True}},
        {"id": "sums", "text": "How many?", "kind": "numeric", "spec": {"value": 11}},
    ]
}
ESSAY = {"rubric": [{"id": "why", "text": "Gives a reason", "points": 4, "guidance": "SECRET"}]}


def claimed(session):
    """The claim of the answer that was handed in last."""
    [claim] = claim_submissions(session, Lane(Queue.KNOWLEDGE), "test", 1)
    return claim


def graded(house):
    """What a worker does with the waiting answer, once there is one."""
    wait_until(lambda: house.submissions and house.submissions[-1].verdict is None, "an answer is stored")
    with transaction(house.sessions, house.ports) as session:
        claim = claimed(session)
        grader = grader_for(claim.kind)
        report = grader.summarise(claim.spec, list(grader.validate_submission(claim.spec, claim.answer)))
        assert finish_gradings(session, [(claim, report)])


def opened(phone, challenge, *parts):
    phone.write(f"/challenge {challenge.id}")
    phone.reads(*parts)


def buttons(phone, *labels):
    """Wait until the newest message with buttons offers these among them."""
    phone.waits(
        lambda shown: all(any(label in b["text"] for b in shown.buttons) for label in labels),
        f"buttons {labels}",
    )


def answer_of(house: House) -> object:
    return house.submissions[-1].answer


def test_a_statement_is_answered_by_one_tap_and_takes_no_second(linked, house):
    opened(linked, house.challenge(kind="true_false", spec={"correct": False}), "first tap counts")
    linked.tap("False")
    linked.tap("True")
    graded(house)
    linked.reads("Accepted")
    assert [s.answer for s in house.submissions] == [{"value": False}]


def test_items_pairs_and_lines_are_tapped_and_looked_at_before_they_are_sent(linked, house):
    opened(linked, house.challenge(kind="multipart", spec=TAPPED), "Question 1 of 4", "in the right order")
    for text in ("then", "first", "last"):
        linked.tap(text)
    buttons(linked, "Next")
    linked.tap("Back")
    linked.tap("Back")
    for text in ("last", "first"):
        buttons(linked, text)
        linked.tap(text)
    buttons(linked, "Next")
    linked.tap("Next")
    linked.reads("Question 2 of 4", "France")
    linked.tap("Paris")
    linked.reads("Question 3 of 4", "Italy")
    linked.tap("Rome")
    linked.reads("Question 4 of 4", "from top to bottom")
    for text in ("if <x>:", "print(1)", "➡️"):
        buttons(linked, text)
        linked.tap(text)
    linked.reads("if <x>:\n    print(1)")
    linked.tap("Next")
    linked.reads("Your answer", "1. then · last · first", "2. France → Paris", "3. Italy → Rome")
    linked.tap("Submit")
    graded(house)
    linked.reads("Accepted", "3 of 3 parts right")


def test_blanks_are_filled_one_by_one_and_a_wrong_form_is_refused_at_once(linked, house):
    opened(linked, house.challenge(kind="cloze", spec=CLOZE), "Question 1 of 2", "[ ❓ ] wrote it in [2]")
    linked.write("Hoare")
    linked.reads("Question 2 of 2", "[1] wrote it in [ ❓ ]")
    linked.write("long ago")
    linked.reads("not counted as an attempt")
    linked.write("1959")
    linked.reads("Your answer", "1. Hoare", "2. 1959")
    linked.tap("Submit")
    graded(house)
    linked.reads("Accepted")


def test_only_unfinished_parts_are_asked_again(linked, house, learner):
    challenge = house.challenge(kind="multipart", spec=PARTS)
    house.submit(learner, challenge, {"parts": {"fair": {"value": True}}})
    graded(house)
    opened(linked, challenge, "You have 1 part right already")
    linked.waits(lambda shown: shown.text.startswith("How many?"), "the other part is asked")
    linked.write("11")
    graded(house)
    linked.reads("Accepted")
    assert answer_of(house) == {"parts": {"fair": {"value": True}, "sums": {"value": "11"}}}


def test_the_output_of_a_program_may_begin_with_spaces_in_a_code_block(linked, house):
    spec = {"source": "print('  a')", "output": "  a\n b"}
    opened(linked, house.challenge(kind="output_prediction", spec=spec), "print('  a')")
    text = "  a\n b"
    linked.write(text, [{"type": "pre", "offset": 0, "length": len(text)}])
    graded(house)
    linked.reads("Accepted")


def test_an_essay_is_read_by_a_person_whose_words_come_as_a_new_message(linked, house):
    opened(
        linked,
        house.challenge(kind="essay", spec=ESSAY, points=8),
        "Gives a reason · 4",
        "A person will read it",
    )
    linked.write("Because <it> is so.")
    waiting = linked.reads("has arrived")
    wait_until(lambda: house.submissions, "the answer is stored")
    with transaction(house.sessions, house.ports) as session:
        assert await_review(session, claimed(session))
    reviewer = house.user()
    report = by_rubric(
        (Criterion("why", "Gives a reason", 4),), {"why": Points(3, "Good & short.")}, "Go on."
    )
    with transaction(house.sessions, house.ports) as session:
        decide_review(session, house.submissions[0].id, reviewer, report)
    shown = linked.reads("Partly right", "+6 points", "🟡 Gives a reason · 3 of 4", "Good & short.", "Go on.")
    assert shown.message_id != waiting.message_id
    assert "SECRET" not in "".join(linked.texts)


def test_a_long_essay_comes_as_a_file(linked, house):
    opened(linked, house.challenge(kind="essay", spec=ESSAY), "A person will read it")
    linked.write("word " * 810)
    linked.reads("arrive in pieces")
    linked.upload("essay.txt", b"word " * 2000)
    linked.reads("has arrived")
    wait_until(lambda: house.submissions, "the answer is stored")
    assert len(answer_of(house)["text"].split()) == 2000


def test_words_where_buttons_are_asked_for_count_for_nothing_and_an_edit_begins_anew(linked, house):
    challenge = house.challenge(kind="matching", spec=MATCHING)
    opened(linked, challenge, "Question 1 of 2")
    linked.write("Paris")
    linked.reads("answered by its buttons")
    with house.sessions.begin() as session:
        session.merge(challenge).title = "Capitals of Europe"
    linked.tap("Paris")
    linked.reads("We begin with the first question")
    linked.reads("Capitals of Europe")
    assert house.submissions == []
