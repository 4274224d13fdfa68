"""Every construct of GIFT's documentation comes in with its key: right and wrong answers are graded to prove it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.content import ChallengeContent
from core.exchange.gift.reader import read_gift
from graders.registry import GRADERS


def only(text: str) -> ChallengeContent:
    content = read_gift(text)
    assert [str(problem) for problem in content.problems] == []
    (challenge,) = content.challenges
    GRADERS[challenge.body["kind"]].check_spec(challenge.body["spec"])
    return challenge


def graded(challenge: ChallengeContent, answer: dict[str, Any]) -> tuple[float, str]:
    grader, spec = GRADERS[challenge.body["kind"]], challenge.body["spec"]
    grader.check_answer(spec, answer)
    report = grader.summarise(spec, list(grader.validate_submission(spec, answer)))
    return report.score, report.results[0].feedback or ""


def picked(challenge: ChallengeContent, *texts: str) -> dict[str, Any]:
    ids = {option["text"]: option["id"] for option in challenge.body["spec"]["options"]}
    return {"selected": [ids[text] for text in texts]}


def paired(challenge: ChallengeContent, pairs: dict[str, str]) -> dict[str, Any]:
    spec = challenge.body["spec"]
    left, right = ({item["text"]: item["id"] for item in spec[side]} for side in ("left", "right"))
    return {"pairs": {left[one]: right[other] for one, other in pairs.items()}}


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("Largest planet?{=Jupiter ~Mars ~Venus}", {("Jupiter",): 1, ("Mars",): 0, ("Venus",): 0}),
        ("Largest planet?{\n~Mars#Too small.\n=Jupiter#Yes!\n}", {("Jupiter",): 1, ("Mars",): 0}),
        ("Gas giant?{=Jupiter =Saturn ~Mars}", {("Jupiter",): 1, ("Saturn",): 1, ("Mars",): 0}),
        ("Near?{=Proxima ~%50%Sirius ~%-50%Vega}", {("Proxima",): 1, ("Sirius",): 0.5, ("Vega",): 0}),
        (
            "Primes?{~%50%2 ~%50%3 ~%-100%4 ~6}",
            {("2", "3"): 1, ("2",): 0.5, ("2", "3", "4"): 0, ("2", "6"): 0.5, ("6",): 0},
        ),
        (
            "Thirds?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d}",
            {("a", "b", "c"): 1, ("a", "b", "c", "d"): pytest.approx(2 / 3), ("d",): 0},
        ),
        ("Which is {=right ~wrong} here?", {("right",): 1, ("wrong",): 0}),
        (r"Which sum?{=1\=1#Yes\: really \#1 ~a\~b ~\{x\}}", {("1=1",): 1, ("a~b",): 0, ("{x}",): 0}),
    ],
)
def test_a_choice_has_its_key(text, scores):
    challenge = only(text)
    assert challenge.body["kind"] == "choice"
    for selection, score in scores.items():
        assert graded(challenge, picked(challenge, *selection))[0] == score, selection


@pytest.mark.parametrize(
    ("text", "right"),
    [("It is.{T}", True), ("It is.{TRUE}", True), ("It is.{F}", False), ("It is.{ false }", False)],
)
def test_a_statement_is_true_or_false(text, right):
    challenge = only(text)
    assert graded(challenge, {"value": right})[0] == 1
    assert graded(challenge, {"value": not right})[0] == 0


def test_the_first_feedback_is_for_the_wrong_answer_the_second_for_the_right_one():
    challenge = only("The sun is a star.{TRUE#It is one.#Well done.}")
    assert graded(challenge, {"value": True})[1].endswith("Well done.")
    assert graded(challenge, {"value": False})[1].endswith("It is one.")
    one = only("The sun is a star.{T#It is one.}")
    assert graded(one, {"value": False})[1].endswith("It is one.")


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("Two plus two?{=four =4}", {"four": 1, "FOUR": 1, "4": 1, "five": 0}),
        ("Who wrote it?{=Ada Lovelace =%50%Lovelace#Who exactly? =%0%Byron#Her father.}", {
            "ada  lovelace": 1, "Lovelace": 0.5, "Byron": 0,
        }),
        ("Which colour?{=*blue* =%50%gre*n}", {"dark blue": 1, "Blue": 1, "green": 0.5, "greeeen": 0.5, "red": 0}),
        (r"Which sign multiplies?{=\*}", {"*": 1, "x": 0}),
        ("A rest is caught?{=yes =%0%*#Anything else is wrong.}", {"yes": 1, "no": 0}),
    ],
)  # fmt: skip
def test_a_short_answer_has_its_key(text, scores):
    challenge = only(text)
    assert challenge.body["kind"] == "text"
    for text, score in scores.items():
        assert graded(challenge, {"text": text})[0] == score, text


def test_each_answer_has_its_feedback():
    challenge = only("Who wrote it?{=Ada#Yes. =%0%Byron#Her father. =%0%*#Nobody of that name.}")
    assert graded(challenge, {"text": "Byron"})[1].endswith("Her father.")
    assert graded(challenge, {"text": "Brontë"})[1].endswith("Nobody of that name.")


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("When?{#1822}", {"1822": 1, "1823": 0}),
        ("When?{#1822:5}", {"1822": 1, "1817": 1, "1827": 1, "1828": 0}),
        ("Pi?{#3.14159:0.0005}", {"3.1416": 1, "3.1421": 0}),
        ("Pi?{#3.141..3.142}", {"3.141": 1, "3.1415": 1, "3.142": 1, "3.1421": 0}),
        ("Cold?{#-5..-1}", {"-3": 1, "0": 0}),
        ("Tiny?{#1.5e-3:1e-4}", {"0.00155": 1, "0.0017": 0}),
        ("When?{#\n=1822:0\n=%50%1822:2\n}", {"1822": 1, "1824": 0.5, "1825": 0}),
        ("When?{#=1..3 =%25%0..4}", {"3": 1, "4": 0.25, "5": 0}),
        ("When?{#=1822:1 =%0%1900:5}", {"1822": 1, "1900": 0}),
    ],
)
def test_a_number_has_its_key(text, scores):
    challenge = only(text)
    assert challenge.body["kind"] == "numeric"
    for text, score in scores.items():
        assert graded(challenge, {"value": text})[0] == score, text


def test_pairs_have_their_key():
    challenge = only("Match.{\n=cat -> meow\n=dog -> woof\n=cow -> moo\n= -> neigh\n}")
    right = {"cat": "meow", "dog": "woof", "cow": "moo"}
    assert graded(challenge, paired(challenge, right))[0] == 1
    assert graded(challenge, paired(challenge, right | {"cow": "neigh"}))[0] == pytest.approx(2 / 3)


@pytest.mark.parametrize("count", range(2, 30))
def test_the_names_of_pairs_never_tell_the_answer(count):
    pairs = "".join(f"\n=left {n} -> right {n}" for n in range(count))
    only(f"Match.{{{pairs}\n= -> nothing}}")


def test_empty_braces_ask_for_an_essay():
    assert only("Tell me.{}").body["kind"] == only("Tell me.{ }").body["kind"] == "essay"


def test_what_learners_read_comes_in_whole():
    text = """// [id:sums] [tag:easy] [tag:first steps]
::Sums \\: one::[html]<p>What is <b>1 + 1</b>,<br>really?</p>{
=2 ~3
####Because\\: 1 + 1 \\= 2.
}
"""
    challenge = only(text)
    assert (challenge.slug, challenge.category) == ("quiz/sums", "")
    assert challenge.body["title"] == "Sums : one"
    assert challenge.body["description"] == "What is **1 + 1**,\nreally?"
    assert challenge.body["editorial"] == "Because: 1 + 1 = 2."
    assert challenge.body["tags"] == ["easy", "first steps"]


def test_the_missing_word_leaves_a_gap():
    assert only("Cats {=meow ~bark} at night.").body["description"] == "Cats _____ at night."


def test_lines_may_be_written_as_backslash_n():
    assert only(r"One\nTwo{T}").body["description"] == "One\nTwo"


@pytest.mark.parametrize(
    ("format", "shown"),
    [("[markdown]", "*a* b"), ("[plain]", r"\*a\* b"), ("[moodle]", "*a* b"), ("", "*a* b")],
)
def test_the_markup_is_minded(format, shown):
    assert only(f"{format}*a* b{{T}}").body["description"] == shown


def test_categories_hold_until_the_next_one():
    text = "$CATEGORY: $course$/top/Maths/Sums\n\na{T}\n\nb{F}\n\n$CATEGORY: tom//jerry\n\nc{T}\n\n"
    text += "$CATEGORY: $course$\n\nd{T}"
    content = read_gift(text)
    assert [(one.slug, one.category) for one in content.challenges] == [
        ("maths-sums/a", "maths-sums"), ("maths-sums/b", "maths-sums"), ("tom-jerry/c", "tom-jerry"), ("quiz/d", ""),
    ]  # fmt: skip
    assert [category.name for category in content.categories] == ["Maths / Sums", "tom/jerry"]


def test_a_description_is_skipped_and_told():
    content = read_gift("Have your pencil ready.\n\nReady?{T}")
    assert [str(skipped) for skipped in content.skipped] == [
        "line 1: Is a description, not a question: there are no braces."
    ]
    assert len(content.challenges) == 1


def test_comments_are_no_part_of_a_question():
    challenge = only("// before\nReady?{\n// the key\n=yes ~no\n}\n// behind")
    assert challenge.body["description"] == "Ready?"


def test_questions_of_one_title_get_numbers():
    assert [one.slug for one in read_gift("::Q::a{T}\n\n::Q::b{T}").challenges] == ["quiz/q", "quiz/q-2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a{T", "has no }"),
        ("a{=b {c} }", "more than one pair"),
        ("a{T} b{F}", "more than one pair"),
        ("a}", "stands alone"),
        ("::a{T}", "title: Begins with ::"),
        ("{T}", "no text before its answers"),
        ("a{yes}", "Must begin with = or ~"),
        ("a{~b ~c}", "No answer is right"),
        ("a{~%50%b ~%20%c}", "add up to 70 %"),
        ("a{=%50%b ~c}", "None is worth 100 %"),
        ("a{=%150%b ~c}", "beyond 100 %"),
        ("a{=b->c =d}", "Some have -> and some have not"),
        ("a{=b-> =c->d}", "nothing on the right"),
        ("a{=b->c =b->d}", "same text on the left"),
        ("a{#x}", "is no number"),
        ("a{#}", "is no number"),
        ("a{#=1 =2}", "Several numbers"),
        ("a{#=1 =%50%2}", "same number"),
        ("a{#=%50%2}", "No number is worth 100 %"),
        ("a{#=1 =%50%1:1 =%20%1:2}", "one part"),
        ("a{=%0%b =*}", "needs a feedback"),
        ("a{=}", "has no text"),
        ("a{~ =b}", "has no text"),
        ("a" * 70_000 + "{T}", "Has more than 65536"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(text, said):
    content = read_gift(f"// first\n{text}")
    assert content.challenges == []
    (problem,) = content.problems
    assert problem.file == "line 2"
    assert said in str(problem)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "{" * 60_000,
        "a{" + "=" * 60_000 + "}",
        "a{" + "#" * 60_000 + "}",
        "::" + ":a" * 30_000,
        "// " + "[id:" * 200_000 + "\na{T}",
        "$CATEGORY: " + " " * 500_000 + "x\n\na{T}",
        "[html]" + "<!--" * 15_000 + "{T}",
        "[html]" + "<a " * 20_000 + "{T}",
        "a{#" + "9" * 60_000 + "}",
        "a{#1e999:1e999}",
        "\\" * 60_001 + "{T}",
        "a{T}\n\n" * 5_000,
    ],
)
def test_hostile_text_costs_little_and_raises_nothing(text):
    content = read_gift(text)
    assert content.challenges or content.problems or content.skipped


@settings(max_examples=150, deadline=None)
@given(st.text("{}=~#:%\\->T1.*/[]$\n ab", max_size=60))
def test_whatever_signs_stand_there_nothing_is_raised(text):
    read_gift(text)
