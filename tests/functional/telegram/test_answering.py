"""Answers of every kind, graded by a real worker; the message that says "Grading" becomes the verdict."""

import pytest

from core.grading import Verdict
from core.words import Source
from tests.support.processes import ProcessFactory, WorkerProcess

SUM = "a, b = map(int, input().split())\nprint(a + b)\n"
C_SUM = '#include <stdio.h>\nint main(void){int a,b;scanf("%d %d",&a,&b);printf("%d",a+b);return 0;}\n'
ADD = {
    "languages": ["python", "c"],
    "limits": {"cpu_seconds": 1.0, "memory_mb": 64, "output_kb": 64},
    "groups": [
        {"name": "sample", "sample": True, "points": 0, "cases": [{"input": "1 2\n", "output": "3\n"}]},
        {"name": "main", "points": 100, "cases": [{"input": "20 22\n", "output": "42\n"}]},
    ],
}
CITIES = [
    {"id": "p", "text": "Paris", "correct": True},
    {"id": "r", "text": "Rome"},
    {"id": "l", "text": "Lyon"},
]
FRENCH = [{**city, "correct": city["id"] != "r"} for city in CITIES]


@pytest.fixture(scope="module")
def worker(settings_env, tmp_path_factory):
    factory = ProcessFactory("worker", WorkerProcess, settings_env, tmp_path_factory.mktemp("worker"))
    try:
        yield factory()
    finally:
        factory.stop_all()


@pytest.fixture
def staffed(linked, worker):
    """The learner's chat, with a bot and a worker."""
    yield linked
    print(worker.log[-4000:])  # pytest shows it when the test fails


def opened(phone, challenge):
    phone.write(f"/challenge {challenge.id}")
    return phone.reads(f"{challenge.id}. {challenge.title}")


def became(phone, *parts):
    """The verdict, in the message that said "Grading"."""
    shown = phone.reads(*parts)
    assert "Grading" in shown.history[0]
    return shown


def test_a_text_answer_is_graded_and_its_message_becomes_the_verdict(staffed, house, learner):
    opened(staffed, house.challenge(attempts_max=2))
    staffed.write("London")
    became(staffed, "Wrong answer", "You have 1 attempt left")
    staffed.write("paris")
    became(staffed, "Accepted", "+10 points")
    assert [s.answer for s in house.submissions] == [{"text": "London"}, {"text": "paris"}]
    assert {(s.user_id, s.source) for s in house.submissions} == {(learner.id, Source.TELEGRAM)}
    staffed.reads("Achievement unlocked", "First challenge solved")


def test_a_number_is_graded(staffed, house):
    opened(staffed, house.challenge(kind="numeric", spec={"value": 3.14, "absolute": 0.01, "unit": "m"}))
    staffed.write(" 3.145 m ")
    became(staffed, "Accepted")


def test_a_single_choice_is_answered_by_one_tap_and_takes_no_second(staffed, house):
    opened(staffed, house.challenge(kind="choice", spec={"options": CITIES}))
    staffed.tap("Paris")
    staffed.tap("Rome")
    became(staffed, "Accepted")
    staffed.waits(lambda shown: "Tap your answer" in shown.text and not shown.buttons, "the buttons are gone")
    assert [s.answer for s in house.submissions] == [{"selected": ["p"]}]


def test_a_multiple_choice_is_toggled_and_submitted(staffed, house):
    spec = {"multiple": True, "options": FRENCH}
    opened(staffed, house.challenge(kind="choice", spec=spec))
    for label in ("Paris", "Rome", "Lyon", "Rome"):
        staffed.tap(label)
    marks = ["☑ A. Paris", "☐ B. Rome", "☑ C. Lyon", "✅ Submit"]
    staffed.waits(lambda shown: [b["text"] for b in shown.buttons] == marks, "Paris and Lyon are selected")
    staffed.tap("Submit")
    became(staffed, "Accepted")
    assert [s.answer for s in house.submissions] == [{"selected": ["p", "l"]}]


def test_a_program_in_a_file_is_graded_in_the_language_of_its_name(staffed, house):
    opened(staffed, house.challenge(kind="code.batch", spec=ADD))
    staffed.upload("sum.c", C_SUM.encode())
    became(staffed, "Accepted", "2 of 2 tests passed", "MB")
    assert house.submissions[0].language == "c"


def test_a_program_in_a_code_block_is_graded_in_its_language(staffed, house):
    opened(staffed, house.challenge(kind="code.batch", spec=ADD))
    entity = {"type": "pre", "offset": 0, "length": len(SUM), "language": "python"}
    staffed.write(SUM, [entity])
    became(staffed, "Accepted")


def test_a_program_without_a_language_waits_until_it_is_told(staffed, house):
    opened(staffed, house.challenge(kind="code.batch", spec=ADD))
    staffed.write("print(0)")
    staffed.reads("In which language")
    staffed.tap("python")
    became(staffed, "Wrong answer", "0 of 2 tests passed", "first difference")
    assert house.submissions[0].answer == {"language": "python", "source": "print(0)"}


def test_a_learner_reads_why_a_program_does_not_compile(staffed, house):
    opened(staffed, house.challenge(kind="code.batch", spec=ADD))
    staffed.write("```c\nint main(void) { return <none>; }\n```")
    became(staffed, "does not compile", "error:", "<none>")
    assert house.submissions[0].verdict is Verdict.COMPILE_ERROR
