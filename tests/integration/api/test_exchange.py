"""Challenges from files and into files, over the real database: by the shell and by the API."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from core.exchange.archive import read_zip, write_zip
from core.exchange.creathon_reader import read_content
from core.exchange.tree import Tree
from core.models.audit import AuditEntry
from core.models.batch import Batch
from core.models.challenge import Category, Challenge
from core.words import ChallengeState
from tests.factories import rows

SAMPLES = Path(__file__).parents[3] / "content"
QUIZ = b"// [id:capital]\n::Capital::Which is France's capital?{=Paris ~Lyon}\n\n::Sky::It is blue.{T}\n"
LINE = {
    "task_id": "Demo/0",
    "prompt": "def double(n):\n",
    "entry_point": "double",
    "canonical_solution": "    return 2 * n\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n",
}
ORDER = {
    "items": [{"id": "b", "text": "x"}, {"id": "a", "text": "y"}],
    "order": ["b", "a"],
}


@pytest.fixture
def flask(app):
    """`flask(*arguments)` runs a content command and answers its exit code and output."""

    def run(*arguments: object) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["content", *map(str, arguments)])
        return done.exit_code, done.output

    return run


@pytest.fixture
def send(author):
    """`send(data, type, query)` imports a raw body."""

    def post(data: bytes, kind: str = "text/plain", query: str = ""):
        headers = {"Authorization": f"Bearer {author.access_token}", "Content-Type": kind}
        return author.client.post(f"/api/imports{query}", data=data, headers=headers)

    return post


@pytest.fixture
def small(tmp_path) -> Path:
    """One category of the sample content."""
    folder = tmp_path / "small"
    shutil.copytree(SAMPLES / "first-steps", folder / "first-steps")
    shutil.copy(SAMPLES / "categories.yaml", folder)
    return folder


def outcomes(response) -> list[tuple[str, str]]:
    assert response.status_code == 200, response.get_data(as_text=True)
    return [(item["outcome"], item["item"]) for item in response.get_json()["items"]]


def by_slug(challenges):
    return sorted(challenges, key=lambda challenge: challenge.slug)


def test_all_of_the_sample_content_comes_back_from_the_database(flask, tmp_path):
    assert flask("load", SAMPLES, "--unchecked")[0] == 0
    code, said = flask("export", tmp_path / "out")
    assert code == 0, said
    before, after = read_content(SAMPLES), read_content(tmp_path / "out")
    assert after.problems == []
    assert by_slug(after.challenges) == by_slug(before.challenges)
    assert {one.slug: one for one in after.categories} == {one.slug: one for one in before.categories}


def test_life_and_help_come_back_too(flask, tmp_path, small):
    one, other = sorted((small / "first-steps").iterdir())[:2]
    # Named before what it needs: the order of loading is ours to find.
    keys = f"""
prerequisites: {{any: [{{challenge: {other.name}}}, {{points: 20}}]}}
cooldown_seconds: 30
attempt_penalty: 0.25
on_rejudge: adjust
publish_at: 2031-01-01T00:00:00+01:00
hints: [{{text: Think., cost: 1}}]
translations: {{de: {{title: Titel, hints: [Denk.]}}}}
"""
    head = (one / "challenge.yaml").read_text().replace("state: published", "state: draft")
    (one / "challenge.yaml").write_text(head.rstrip() + keys)
    (one / "editorial.md").write_text("Thus.\n")
    (one / "statement.de.md").write_text("Tu es.\n")
    assert flask("load", small, "--unchecked")[0] == 0
    assert flask("export", tmp_path / "out.zip", "--format", "creathon")[0] == 0
    after = read_content(Tree(read_zip((tmp_path / "out.zip").read_bytes())))
    assert by_slug(after.challenges) == by_slug(read_content(small).challenges)


def test_a_prerequisite_that_is_nowhere_refuses_the_challenge(flask, small, database):
    one = next((small / "first-steps").iterdir())
    with (one / "challenge.yaml").open("a") as file:
        file.write("prerequisites: {challenge: nowhere}\n")
    code, said = flask("load", small)
    assert code == 1
    assert f"refused   challenge first-steps/{one.name}: prerequisites: There is no challenge" in said
    assert database.query(Challenge).filter_by(slug=f"first-steps/{one.name}").count() == 0


def test_an_example_with_another_verdict_refuses_the_challenge(flask, tmp_path):
    flask("new", tmp_path, "basics/numbers", "--kind", "numeric")
    file = tmp_path / "basics/numbers/challenge.yaml"
    file.write_text(file.read_text().replace("value: 10\n", "value: 11\n"))
    code, said = flask("load", tmp_path)
    assert code == 1
    assert "solutions.accepted: Gets partially_accepted, not accepted" in said
    assert flask("load", tmp_path, "--unchecked")[0] == 0


def test_a_new_challenge_loads_as_it_stands(flask, tmp_path):
    for kind in ("code.batch", "choice", "essay"):
        assert flask("new", tmp_path, f"basics/{kind.replace('.', '-')}", "--kind", kind)[0] == 0
    code, said = flask("load", tmp_path)
    assert (code, said.splitlines()[-1]) == (0, "4 imported")
    assert "already" in flask("new", tmp_path, "basics/choice", "--kind", "choice")[1]


def test_files_are_known_by_their_names_and_loaded_once(flask, tmp_path, database):
    (tmp_path / "quiz.gift").write_bytes(QUIZ)
    (tmp_path / "demo.jsonl").write_text(json.dumps(LINE))
    assert flask("load", tmp_path / "quiz.gift", "--category", "Quizzes") == (
        0, "imported  category quizzes\nimported  challenge quiz/capital\nimported  challenge quiz/sky\n3 imported\n",
    )  # fmt: skip
    assert flask("load", tmp_path / "quiz.gift", "--category", "Quizzes")[1].endswith("3 unchanged\n")
    assert flask("load", tmp_path / "demo.jsonl")[1].endswith("2 imported\n")
    assert {category.name for category in database.query(Category)} == {"Quizzes", "Demo"}
    [made] = database.scalars(select(Challenge).filter_by(slug="demo/0"))
    assert [one["name"] for one in made.solutions] == ["accepted.py", "wrong_answer_stub.py"]


def test_loading_a_quiz_again_keeps_what_it_says_nothing_of(flask, tmp_path, database):
    (tmp_path / "quiz.gift").write_bytes(QUIZ)
    flask("load", tmp_path / "quiz.gift")
    [made] = database.scalars(select(Challenge).filter_by(slug="quiz/capital"))
    made.points, made.state = 50, ChallengeState.PUBLISHED
    database.commit()
    (tmp_path / "quiz.gift").write_bytes(QUIZ.replace(b"Lyon", b"Lille"))
    assert "updated   challenge quiz/capital\n" in flask("load", tmp_path / "quiz.gift")[1]
    database.expire_all()
    assert (made.state, made.spec["options"][1]["text"]) == (ChallengeState.PUBLISHED, "Lille")


def test_what_cannot_be_read_is_refused_with_the_reason(flask, tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04nonsense")
    code, told = flask("load", tmp_path / "bad.zip")
    assert code == 1
    assert "refused   bad.zip: Is no zip that can be read" in told


def test_export_tells_what_a_format_cannot_express(flask, tmp_path, small, database):
    flask("load", small)
    rows.challenge(database, slug="first-steps/order", kind="ordering", spec=ORDER)
    database.commit()
    code, said = flask("export", tmp_path / "out.gift", "--challenge", "first-steps/order")
    assert code == 1
    assert "refused   first-steps/order: kind: GIFT has no questions of the kind ordering" in said
    assert not (tmp_path / "out.gift").exists()
    assert (
        flask("export", tmp_path / "out.gift", "--challenge", "nowhere")[1]
        == "Error: There is no challenge nowhere.\n"
    )
    assert "is there already" in flask("export", small)[1]


def test_an_author_imports_a_quiz_as_a_body_or_as_a_form(send, author, database):
    assert outcomes(send(QUIZ)) == [
        ("imported", "challenge import/capital"),
        ("imported", "challenge import/sky"),
    ]
    form = {"file": (io.BytesIO(QUIZ), "quiz.gift")}
    headers = {"Authorization": f"Bearer {author.access_token}"}
    again = author.client.post("/api/imports", data=form, headers=headers)
    assert outcomes(again) == [("imported", "challenge quiz/capital"), ("imported", "challenge quiz/sky")]
    assert outcomes(send(QUIZ.replace(b"Lyon", b"Lille"), query="?format=gift")) == [
        ("updated", "challenge import/capital"), ("unchanged", "challenge import/sky"),
    ]  # fmt: skip
    acts = database.scalars(select(AuditEntry).filter_by(act="content.imported")).all()
    assert [entry.details for entry in acts] == [
        {"imported": 2},
        {"imported": 2},
        {"updated": 1, "unchanged": 1},
    ]


def test_a_dry_run_changes_nothing(send, database, ports):
    data = write_zip(
        {path.relative_to(SAMPLES).as_posix(): path.read_bytes() for path in SAMPLES.rglob("*.*")}
    )
    told = send(data, "application/zip", "?dry_run=true")
    assert {outcome for outcome, _ in outcomes(told)} == {"imported"}
    assert told.get_json()["dry_run"] is True
    assert (database.query(Challenge).count(), database.query(Category).count()) == (0, 0)
    assert database.query(AuditEntry).filter_by(act="content.imported").count() == 0
    assert ports.bus.messages == []


def test_a_bad_item_keeps_no_other_out(send, database):
    told = send(QUIZ + b"\n\nBroken{=a\n")
    assert outcomes(told)[0] == ("refused", "line 7")
    assert told.get_json()["counts"] == {"refused": 1, "imported": 2}
    assert database.query(Challenge).count() == 2


def test_a_category_takes_all_of_it(send, database, problem):
    category = rows.category(database)
    database.commit()
    send(QUIZ, query=f"?category_id={category.id}")
    assert {one.category_id for one in database.query(Challenge)} == {category.id}
    problem(send(QUIZ, query="?category_id=404"), 404)


def test_the_same_key_imports_once(author):
    headers = {
        "Authorization": f"Bearer {author.access_token}",
        "Idempotency-Key": "k",
        "Content-Type": "text/plain",
    }
    first, second = (author.client.post("/api/imports", data=QUIZ, headers=headers) for _ in range(2))
    assert first.get_json() == second.get_json()
    assert second.headers["Idempotent-Replayed"] == "true"


def test_what_is_no_import_is_refused(send, problem):
    problem(send(QUIZ, "application/json"), 415)
    problem(send(b""), 422)
    problem(send(QUIZ, query="?format=docx"), 422)
    problem(send(QUIZ, query="?dry_run=perhaps"), 422)
    problem(send(b"x" * (34 * 2**20)), 413)


def test_a_form_without_a_file_is_refused(author, problem):
    headers = {"Authorization": f"Bearer {author.access_token}"}
    response = author.client.post("/api/imports", data={"other": (io.BytesIO(b"x"), "x")}, headers=headers)
    assert problem(response, 422)["errors"] == {"file": ["Is missing; send the file in the field file."]}


def test_an_export_comes_as_a_file_and_names_what_is_missing(send, author, database):
    send(QUIZ)
    other = rows.challenge(database, slug="quiz/order", kind="ordering", spec=ORDER)
    database.commit()
    told = author.get(f"/exports?format=gift&challenge=import/capital&challenge={other.id}")
    assert told.headers["Content-Disposition"] == 'attachment; filename="challenges.gift"'
    assert told.headers["X-Not-Exported"] == "quiz/order"
    assert "=Paris" in told.get_data(as_text=True)
    [entry] = database.scalars(select(AuditEntry).filter_by(act="content.exported"))
    assert entry.details == {"format": "gift", "count": 1}


def test_a_format_that_can_express_nothing_is_a_problem(author, database, problem):
    rows.challenge(database, slug="quiz/order", kind="ordering", spec=ORDER)
    database.commit()
    told = problem(author.get("/exports?format=jsonl"), 422)
    assert told["errors"] == {"quiz/order": ["kind: JSON Lines hold code.unit_tests only."]}
    problem(author.get("/exports?format=zip&challenge=nowhere"), 404)
    problem(author.get("/exports?format=zip&category=nowhere"), 404)


def test_learners_neither_import_nor_export(learner, anybody, problem):
    problem(learner.get("/exports?format=zip"), 403)
    problem(learner.post("/imports", {}), 403)
    problem(anybody.get("/api/exports?format=zip"), 401)


def test_two_challenges_of_one_title_get_folders_of_their_own(author, database):
    category = rows.category(database)
    for _ in range(2):
        rows.challenge(database, title="Same", category_id=category.id)
    database.commit()
    files = read_zip(author.get("/exports?format=zip").get_data())
    assert len([path for path in files if path.endswith("challenge.yaml")]) == 2


def test_a_program_to_publish_waits_for_its_check(flask, tmp_path, database):
    flask("new", tmp_path, "basics/sum", "--kind", "code.batch")
    file = tmp_path / "basics/sum/challenge.yaml"
    file.write_text(file.read_text().replace("state: draft", "state: published"))
    code, said = flask("load", tmp_path)
    assert (code, said.splitlines()[1]) == (
        0, "imported  challenge basics/sum: goes live when its check has passed.",
    )  # fmt: skip
    [made] = database.scalars(select(Challenge).filter_by(slug="basics/sum"))
    assert (made.state, database.query(Batch.purpose).scalar()) == (ChallengeState.DRAFT, "publish")
    assert flask("load", tmp_path)[1].endswith("2 unchanged\n")
    flask("load", tmp_path, "--unchecked")
    database.expire_all()
    assert made.state is ChallengeState.PUBLISHED
