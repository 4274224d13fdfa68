"""Sheets of questions come in with their keys, from whatever spreadsheet, and go out and in again the same."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.content import CategoryContent, ChallengeContent
from core.exchange.sheet.reader import looks_like_questions, read_csv
from core.exchange.sheet.writer import write_csv
from core.exchange.values import decoded
from graders.registry import GRADERS

HEADER = (
    "title,kind,question,answer,option_1,option_2,option_3,match_1,match_2,match_3,tolerance,unit,points,tags"
)
texts = st.text("ab,;\"'|\\=+-@\n\t1 é", min_size=1, max_size=12).map(str.strip).filter(bool)
comments = st.just("") | texts


def rows(*lines: str, header: str = HEADER) -> list[ChallengeContent]:
    content = read_csv("\n".join([header, *lines]))
    assert [str(problem) for problem in content.problems] == []
    for challenge in content.challenges:
        GRADERS[challenge.body["kind"]].check_spec(challenge.body["spec"])
    return content.challenges


def score(challenge: ChallengeContent, answer: dict[str, Any]) -> float:
    grader, spec = GRADERS[challenge.body["kind"]], challenge.body["spec"]
    return grader.summarise(spec, list(grader.validate_submission(spec, answer))).score


def test_a_choice_names_its_options_by_number():
    (one, several) = rows("A,choice,Which?,2,x,y", "B,choice,Which?,1|3,x,y,z")
    assert [score(one, {"selected": [name]}) for name in ("o1", "o2")] == [0, 1]
    assert score(several, {"selected": ["o1", "o3"]}) == 1
    assert score(several, {"selected": ["o1"]}) == 0


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), ("Yes", True), ("FALSE", False), ("nein", False)]
)
def test_a_statement_is_true_or_false(word, value):
    (challenge,) = rows(f"A,true_false,So?,{word}")
    assert challenge.body["spec"] == {"correct": value}


def test_texts_are_parted_by_bars():
    (challenge,) = rows(r"A,text,Which?,Paris | a\|b")
    assert [entry["text"] for entry in challenge.body["spec"]["accept"]] == ["Paris", "a|b"]


@pytest.mark.parametrize(
    ("cells", "right", "wrong"),
    [
        ("3.5,,,,,,,0.25", "3.7", "3.8"),
        ("200,,,,,,,5%", "209", "211"),
        ("3..4", "4", "4.1"),
        ('"3,5"', "3.5", "3.6"),
    ],
)
def test_numbers_have_a_tolerance_or_an_interval(cells, right, wrong):
    (challenge,) = rows(f"A,numeric,How many?,{cells}")
    assert (score(challenge, {"value": right}), score(challenge, {"value": wrong})) == (1, 0)


def test_an_order_is_that_of_the_options():
    (challenge,) = rows("A,ordering,Which first?,,one,two,three")
    items = {item["id"]: item["text"] for item in challenge.body["spec"]["items"]}
    assert [items[name] for name in challenge.body["spec"]["order"]] == ["one", "two", "three"]


def test_pairs_stand_beside_each_other_and_lone_matches_are_distractors():
    (challenge,) = rows("A,matching,Which?,,cat,dog,,meow,woof,moo")
    spec = challenge.body["spec"]
    names = {item["id"]: item["text"] for item in (*spec["left"], *spec["right"])}
    assert {names[a]: names[b] for a, b in spec["pairs"].items()} == {"cat": "meow", "dog": "woof"}
    assert "moo" in names.values()


def test_what_every_question_may_have():
    header = "ID;Title;Kind;Question;Answer;Points;Difficulty;Tags;Category;Explanation"
    line = 'sum;Sums;numeric;"What is\n1 + 1?";2;5;Beginner;easy|maths;Arithmetic;One more than one.'
    content = read_csv(decoded(f"\ufeff{header}\r\n{line}\r\n".encode()), "quiz")
    (challenge,) = content.challenges
    assert (challenge.slug, challenge.category) == ("arithmetic/sum", "arithmetic")
    assert [category.name for category in content.categories] == ["Arithmetic"]
    assert challenge.body == {
        "title": "Sums", "description": "What is\n1 + 1?", "kind": "numeric", "spec": {"value": "2"}, "points": 5,
        "difficulty": "beginner", "tags": ["easy", "maths"], "editorial": "One more than one.",
    }  # fmt: skip


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_comma_semicolon_and_tab_part_the_cells(sign):
    text = sign.join(["title", "kind", "question", "answer"]) + "\n" + sign.join(["A", "text", "Who?", "I"])
    assert looks_like_questions(text)
    assert read_csv(text).challenges[0].body["spec"] == {"accept": [{"text": "I"}]}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",choice,Which?,1,x,y", "line 2: title: Is empty"),
        ("A,riddle,Which?", "line 2: kind: Must be one of"),
        ("A,choice,,1,x,y", "line 2: question: Is empty"),
        ("A,choice,Which?,3,x,y", "line 2: answer: There are only options 1 to 2"),
        ("A,choice,Which?,x,x,y", "line 2: answer: Must be the number"),
        ("A,choice,Which?,1,x", "line 2: option: Needs option_1"),
        ("A,choice,Which?,1,x,,y", "line 2: option: Needs option_1"),
        ("A,true_false,So?,maybe", "line 2: answer: Must be true or false"),
        ("A,text,Who?,|", "line 2: answer: Is empty"),
        ("A,numeric,How?,1,,,,,,,wide", "line 2: tolerance: Must be a number"),
        ("A,numeric,How?,1,,,,,,,1e999", "line 2: tolerance: Must be a number"),
        ("A,matching,Which?,,cat,dog,,meow", "line 2: match: Each option needs"),
        ("A,matching,Which?,,cat,,,,meow", "line 2: match: Each option needs"),
        ("A,text,Who?,I,,,,,,,,,many", "line 2: points: Must be a whole number"),
        ("A,text,Who?,I,x", "line 2: option_1: This kind has no use for it"),
        ("A,text,Who?,I" + "," * 20 + "x", "line 2: Has 24 cells"),
        ('A,text,Who?,"I', "line 2: Cannot be read from here"),
        ("A,text,Who?," + "x" * 200_000, "line 2: Cannot be read from here"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_column(line, said):
    content = read_csv(f"{HEADER}\n{line}\n")
    assert content.challenges == []
    (problem,) = content.problems
    assert str(problem).startswith(said)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("title,question", "line 1: kind: This column is missing"),
        ("title,kind,question,colour", "line 1: colour: There is no such column"),
        ("title,kind,question,title", "line 1: A column stands twice"),
        ("", "line 1: title: This column is missing"),
    ],
)
def test_a_bad_header_is_told(header, said):
    assert str(read_csv(f"{header}\nA,text,Who?").problems[0]).startswith(said)


def again(kind: str, spec: dict[str, Any], **body: Any) -> ChallengeContent:
    described = {"title": "Question", "description": "What?", "kind": kind, "spec": spec} | body
    text, problems = write_csv(
        [CategoryContent("quiz", "Quiz", "")], [ChallengeContent("quiz/q", "quiz", described)]
    )
    assert [str(problem) for problem in problems] == []
    content = read_csv(decoded(text.encode()))
    assert [str(problem) for problem in content.problems] == []
    (back,) = content.challenges
    assert (back.slug, back.category) == ("quiz/q", "quiz")
    return back


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, comments), min_size=2, max_size=4), st.data(), texts, comments)
def test_a_choice_keeps_its_key_and_all_its_texts(options, data, description, editorial):
    right = data.draw(st.sets(st.integers(1, len(options)), min_size=1))
    spec = {
        **({"multiple": True, "credit": "coverage"} if len(right) > 1 else {}),
        "options": [
            {"id": f"o{n}", "text": text}
            | ({"correct": True} if n in right else {})
            | ({"feedback": said} if said else {})
            for n, (text, said) in enumerate(options, 1)
        ],
    }
    back = again("choice", spec, description=description, editorial=editorial).body
    assert (back["spec"], back["description"], back.get("editorial", "")) == (spec, description, editorial)


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4), st.booleans())
def test_a_text_keeps_its_key(accepted, ignore_case):
    spec = {"accept": [{"text": text} for text in accepted]} | ({"ignore_case": True} if ignore_case else {})
    assert again("text", spec).body["spec"] == spec


@settings(max_examples=40, deadline=None)
@given(st.lists(texts, min_size=2, max_size=5, unique=True))
def test_an_order_keeps_its_key(items):
    spec = {
        "items": [{"id": f"x{n}", "text": text} for n, text in enumerate(items)],
        "order": [f"x{n}" for n in range(len(items))],
    }
    back = again("ordering", spec).body["spec"]
    names = {item["id"]: item["text"] for item in back["items"]}
    assert [names[one] for one in back["order"]] == items


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(texts, texts), min_size=1, max_size=4, unique_by=(lambda p: p[0], lambda p: p[1])),
    texts,
)
def test_pairs_keep_their_key(pairs, distractor):
    assume(distractor not in [right for _, right in pairs])
    right = [{"id": f"b{n}", "text": text} for n, (_, text) in enumerate(pairs)]
    spec = {
        "left": [{"id": f"a{n}", "text": text} for n, (text, _) in enumerate(pairs)],
        "right": [*right, {"id": "x", "text": distractor}],
        "pairs": {f"a{n}": f"b{n}" for n in range(len(pairs))},
    }
    back = again("matching", spec).body["spec"]
    names = {item["id"]: item["text"] for item in (*back["left"], *back["right"])}
    assert {names[one]: names[other] for one, other in back["pairs"].items()} == dict(pairs)
    assert (distractor in names.values(), back["credit"]) == (True, "all_or_nothing")


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("true_false", {"correct": False, "feedback": {"right": "Yes.", "wrong": "No."}}),
        ("numeric", {"value": "-3", "absolute": 0.5, "unit": "m"}),
        ("numeric", {"value": "1e-3", "relative": 0.015}),
        ("numeric", {"interval": {"min": "-1", "max": "2.5"}}),
        (
            "choice",
            {
                "multiple": True,
                "credit": "weights",
                "options": [
                    {"id": "o1", "text": "x", "weight": 0.75},
                    {"id": "o2", "text": "y", "weight": -1.0},
                ],
            },
        ),
        (
            "choice",
            {
                "shuffle": True,
                "options": [{"id": "o1", "text": "x", "correct": True}, {"id": "o2", "text": "y"}],
            },
        ),
    ],
)
def test_a_key_comes_back(kind, spec):
    assert again(kind, spec).body["spec"] == spec


def test_no_cell_is_a_formula_to_a_spreadsheet():
    back = again("true_false", {"correct": True}, description='=HYPERLINK("x")')
    text, _ = write_csv([], [ChallengeContent("quiz/q", "", back.body)])
    assert back.body["description"] == '=HYPERLINK("x")'
    assert '"\'=HYPERLINK(""x"")"' in text


@pytest.mark.parametrize(
    ("kind", "spec", "said"),
    [
        ("essay", {}, "kind: A sheet has no questions of the kind essay"),
        ("choice", {"max_selections": 2, "options": []}, "spec.max_selections: A sheet has no column"),
        (
            "text",
            {"accept": [{"text": "x", "weight": 0.5}]},
            "spec.accept: A sheet holds texts of full credit",
        ),
        ("text", {"accept": [{"text": " x"}]}, "spec.accept: A text begins"),
        ("numeric", {"value": 1, "decimals": 2}, "spec.decimals: A sheet has no column"),
        ("numeric", {"interval": {"min": 1}}, "spec.interval: A sheet holds intervals with both ends"),
    ],
)
def test_what_a_sheet_cannot_hold_is_refused(kind, spec, said):
    body = {"title": "Q", "description": "What?", "kind": kind, "spec": spec}
    text, problems = write_csv([], [ChallengeContent("quiz/q", "", body)])
    assert text == ""
    assert said in str(problems[0])
