"""The life of a challenge for learners: hints, cooldown, prerequisites, editorial and languages, over HTTP."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from api.extensions import db
from tests.factories.verdicts import graded
from tests.integration.api.challenges import CHOICE, SUM, make, number_of, submit

HINTS = [{"text": "More than three.", "cost": 2}, {"text": "Less than five.", "cost": 3}]
GERMAN = {
    "title": "Zwei und zwei",
    "description": "Wie viel ist das?",
    "editorial": "Es sind vier.",
    "hints": ["Mehr als drei."],
    "texts": {"four": "vier", "five": "fünf"},
}
SECRETS = ("More than three", "Mehr als drei", "Because.", "Es sind vier", "vier")


@pytest.fixture
def path(author) -> str:
    return make(author, hints=HINTS, editorial="Because.", translations={"de": GERMAN})


def answer(learner, path):
    return learner.post(f"{path}/submissions", {"answer": {"selected": ["a"]}})


def test_an_author_reads_back_what_was_written(author):
    life = {
        "hints": HINTS,
        "editorial": "Because.",
        "translations": {"de": GERMAN},
        "locale": "en",
        "attempt_penalty": 0.1,
        "cooldown_seconds": 30,
        "prerequisites": {"points": 5},
        "on_rejudge": "adjust",
    }
    seen = author.get(make(author, **life)).get_json()
    assert {name: seen[name] for name in life} == life


def test_a_learner_reads_nothing_that_must_be_bought_or_solved(learner, path):
    for place in (path, "/challenges", f"{path}/hints"):
        assert not [secret for secret in SECRETS if secret in learner.get(place).get_data(as_text=True)]
    hidden = {"editorial", "translations", "prerequisites", "locale", "on_rejudge", "solutions"}
    assert hidden.isdisjoint(learner.get(path).get_json())


def test_hints_are_bought_one_after_the_other(learner, path, problem):
    assert learner.get(path).get_json()["hints"] == {"count": 2, "bought": 0, "next_cost": 2}
    problem(learner.post(f"{path}/hints/2", None), 409)
    bought = learner.post(f"{path}/hints/1", None).get_json()
    assert bought == {"number": 1, "cost": 2, "bought": True, "text": "More than three."}
    assert learner.post(f"{path}/hints/1", None).get_json() == bought
    seen = learner.get(path).get_json()
    assert seen["hints"] == {"count": 2, "bought": 1, "next_cost": 3}
    assert seen["limits"]["points_available"] == 8
    assert [hint["text"] for hint in learner.get(f"{path}/hints").get_json()] == ["More than three.", None]
    problem(learner.post(f"{path}/hints/3", None), 404)


def test_a_bought_hint_makes_the_etag_another(author, learner):
    free = make(author, hints=[{"text": "Think."}])
    tag = learner.get(free).headers["ETag"]
    assert learner.get(free, If_None_Match=tag).status_code == 304
    learner.post(f"{free}/hints/1", None)
    assert learner.get(free, If_None_Match=tag).status_code == 200


def test_a_cooldown_says_when_it_ends(author, learner, problem):
    path = make(author, cooldown_seconds=60)
    assert answer(learner, path).status_code == 202
    refused = answer(learner, path)
    problem(refused, 429, "cooldown")
    assert 58 <= int(refused.headers["Retry-After"]) <= 60
    assert learner.get(path).get_json()["limits"]["resets_at"]


def test_a_locked_challenge_says_what_is_missing(author, learner, problem):
    first = make(author, title="First")
    locked = make(author, prerequisites={"challenge": number_of(first)})
    for seen in (learner.get(locked).get_json(), learner.get("/challenges?q=two").get_json()[0]):
        assert (seen["locked"], seen["missing"]) == (True, {"challenge": number_of(first), "title": "First"})
    problem(answer(learner, locked), 409, "prerequisites_missing")
    assert author.get(locked).get_json()["locked"] is False


def test_a_locked_program_is_not_tried_either(author, learner, problem):
    group = {"name": "one", "sample": True, "points": 1, "cases": [{"input": "1\n", "output": "1\n"}]}
    locked = make(author, kind="code.batch", spec={"groups": [group]}, prerequisites={"points": 5})
    run = learner.post(f"{locked}/runs", {"answer": {"language": "python", "source": "print(1)"}})
    problem(run, 409, "prerequisites_missing")


def test_the_editorial_opens_with_the_solution(learner, database, path, problem):
    assert learner.get(path).get_json()["has_editorial"] is True
    problem(learner.get(f"{path}/editorial"), 404)
    graded(database, submit(database, learner, path))
    database.commit()
    assert learner.get(f"{path}/editorial").get_json() == {"text": "Because."}
    assert learner.get(f"{path}/editorial?lang=de").get_json() == {"text": "Es sind vier."}


def test_texts_come_in_the_readers_language(learner, path):
    seen = learner.get(path, Accept_Language="fr, de-AT;q=0.8, en;q=0.5")
    body = seen.get_json()
    assert (seen.headers["Content-Language"], "Accept-Language" in seen.headers["Vary"]) == ("de", True)
    assert (body["title"], body["description"]) == ("Zwei und zwei", "Wie viel ist das?")
    assert {option["id"]: option["text"] for option in body["spec"]["options"]} == {"a": "vier", "b": "fünf"}
    assert body["locales"] == ["en", "de"]


def test_lang_counts_more_than_the_header(learner, path):
    seen = learner.get(f"{path}?lang=en", Accept_Language="de")
    assert (seen.headers["Content-Language"], seen.get_json()["title"]) == ("en", "Two and two")


def test_each_language_has_an_etag_of_its_own(learner, path):
    tags = {learner.get(f"{path}?lang={lang}").headers["ETag"] for lang in ("en", "de")}
    assert len(tags) == 2


def test_lists_are_translated_too(learner, path):
    seen = learner.get("/challenges?lang=de")
    assert (seen.get_json()[0]["title"], seen.headers["Content-Language"]) == ("Zwei und zwei", "de")


def test_a_bought_hint_comes_translated_where_there_is_a_translation(learner, path):
    assert learner.post(f"{path}/hints/1?lang=de", None).get_json()["text"] == "Mehr als drei."
    assert learner.post(f"{path}/hints/2?lang=de", None).get_json()["text"] == "Less than five."


def test_authors_read_the_original(author, path):
    assert author.get(f"{path}?lang=de").get_json()["title"] == "Two and two"


@pytest.mark.parametrize(
    ("life", "field"),
    [
        ({"translations": {"german!": {}}}, "translations.german!.key"),
        ({"translations": {"en": {}}}, "translations.en"),
        ({"translations": {"de": {}, "DE": {}}}, "translations.de"),
        ({"translations": {"de": {"name": "x"}}}, "translations.de.value.name"),
        ({"translations": {"de": {"hints": ["x"]}}}, "translations.de.hints"),
        ({"translations": {"de": {"texts": {"six": "sechs"}}}}, "translations.de.texts"),
        ({"hints": [{"text": "", "cost": 1}]}, "hints.0.text"),
        ({"hints": [{"text": "x", "cost": -1}]}, "hints.0.cost"),
        ({"attempt_penalty": 1.5}, "attempt_penalty"),
        ({"cooldown_seconds": 0}, "cooldown_seconds"),
        ({"prerequisites": {"all": []}}, "prerequisites.all"),
        ({"locale": "x"}, "locale"),
        ({"on_rejudge": "drop"}, "on_rejudge"),
    ],
)
def test_a_bad_field_is_refused_by_name(author, problem, life, field):
    assert list(problem(author.post("/challenges", SUM | life), 422)["errors"]) == [field]


def test_an_option_cannot_change_behind_the_back_of_its_translation(author, path, problem):
    spec = {**CHOICE, "options": [{"id": "a", "text": "4", "correct": True}, {"id": "b", "text": "five"}]}
    refused = problem(author.send("PATCH", path, {"spec": spec}), 422)
    assert refused["errors"] == {"translations.de.texts": ["The spec shows no text 'four'."]}


def test_a_change_of_hints_needs_whole_hints(author, path, problem):
    refused = problem(author.send("PATCH", path, {"hints": [{"cost": 1}]}), 422)
    assert list(refused["errors"]) == ["hints.0.text"]


def test_a_list_takes_as_many_queries_for_ten_as_for_two(app, author, learner):
    first = number_of(make(author, title="First"))
    life = {"hints": HINTS, "translations": {"de": GERMAN}, "prerequisites": {"challenge": first}}

    def statements() -> int:
        sent = []
        with app.app_context():
            engine = db.engine
        note = lambda *told: sent.append(told[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", note)
        assert learner.get("/challenges?lang=de").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    make(author, **life)
    few = statements()
    for _ in range(8):
        make(author, **life)
    assert statements() == few
