"""What operators do from the shell, over the real database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from api.app import create_app
from core.grading import Lane, Queue
from core.models.audit import AuditEntry
from core.models.challenge import Category, Challenge
from core.models.user import User
from core.queue import ticket
from core.services.claims import claim_submissions
from core.services.grading import release_submission
from core.words import SubmissionStatus
from tests.factories import rows

SAMPLES = Path(__file__).parents[3] / "content"
ADMIN = ["create-admin", "--username", "root", "--email", "root@example.org"]


@pytest.fixture
def flask(app):
    """`flask(*arguments, typed=...)` runs a command and answers its exit code and output."""

    def run(*arguments: str, typed: str = "") -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=list(arguments), input=typed)
        return done.exit_code, done.output

    return run


@pytest.fixture
def samples(tmp_path) -> Path:
    """Two challenges of the sample content, to change at will."""
    for folder in ("first-steps",):
        shutil.copytree(SAMPLES / folder, tmp_path / folder)
    text = (SAMPLES / "categories.yaml").read_text()
    (tmp_path / "categories.yaml").write_text(text)
    return tmp_path


def test_the_first_admin_comes_from_the_shell(flask, anybody):
    code, said = flask(*ADMIN, "--password-stdin", typed="correct horse battery\n")
    assert (code, said) == (0, "Made root (admin).\n")
    login = {"login": "root", "password": "correct horse battery"}
    assert anybody.post("/api/auth/login", json=login).get_json()["user"]["role"] == "admin"


def test_what_is_missing_is_asked_for_and_the_password_twice(flask, database):
    typed = "ada\nada@example.org\ncorrect horse battery\ncorrect horse battery\n"
    code, _ = flask("create-user", "--role", "author", typed=typed)
    assert code == 0
    assert [(user.username, user.role.value) for user in database.query(User)] == [("ada", "author")]


def test_an_account_that_exists_is_an_error_unless_one_says_otherwise(flask):
    password = ["--password", "correct horse battery"]
    flask(*ADMIN, *password)
    code, said = flask(*ADMIN, *password)
    assert code == 1
    assert "already" in said
    assert flask(*ADMIN, *password, "--if-missing") == (0, "root exists already.\n")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--username", "r", "--email", "r@example.org", "--password", "correct horse"], "username"),
        (["--username", "root", "--email", "nowhere", "--password", "correct horse"], "email"),
        (["--username", "root", "--email", "r@example.org", "--password", "short"], "password"),
    ],
)
def test_a_bad_account_is_one_line_and_exit_code_1(flask, options, named):
    code, said = flask("create-admin", *options)
    assert code == 1
    assert said.startswith(f"Error: {named}: ")


def test_roles_change_by_name_or_e_mail(flask, learner, database):
    assert flask("set-role", f"{learner.username}@example.org", "author")[0] == 0
    assert database.query(User.role).scalar() == "author"
    assert flask("set-role", "nobody", "author") == (1, "Error: There is no account nobody.\n")
    assert flask("set-role", learner.username, "god")[0] == 2


def test_the_last_admin_keeps_the_role(flask, admin):
    code, said = flask("set-role", admin.username, "learner")
    assert code == 1
    assert "last admin" in said


def test_content_is_loaded_once_however_often_it_is_loaded(flask, database):
    first = flask("content", "load", str(SAMPLES))
    assert first[0] == 0, first[1]
    counts = database.query(Category).count(), database.query(Challenge).count()
    assert counts[0] >= 4
    assert counts[1] >= 12
    database.rollback()
    code, said = flask("content", "load", str(SAMPLES))
    assert code == 0
    assert said.splitlines()[-1] == f"{sum(counts)} unchanged"
    assert (database.query(Category).count(), database.query(Challenge).count()) == counts


def test_loading_again_updates_what_changed(flask, samples, database):
    flask("content", "load", str(samples))
    statement = next(samples.glob("first-steps/*/statement.md"))
    statement.write_text("Another text.")
    _, said = flask("content", "load", str(samples))
    slug = f"first-steps/{statement.parent.name}"
    assert f"updated   challenge {slug}" in said
    assert database.query(Challenge.description).filter_by(slug=slug).scalar() == "Another text."


def test_a_bad_item_is_refused_and_the_others_are_loaded(flask, samples, database):
    bad = sorted(samples.glob("first-steps/*/challenge.yaml"))[0]
    bad.write_text(bad.read_text().replace("difficulty: beginner", "difficulty: easy"))
    code, said = flask("content", "load", str(samples))
    assert code == 1
    assert f"refused   first-steps/{bad.parent.name}/challenge.yaml: difficulty" in said
    slugs = {slug for (slug,) in database.query(Challenge.slug)}
    assert slugs == {f"first-steps/{folder.name}" for folder in (samples / "first-steps").iterdir()} - {
        f"first-steps/{bad.parent.name}"
    }


def test_a_spec_that_its_kind_refuses_is_named(flask, samples):
    yaml = sorted(samples.glob("first-steps/*/challenge.yaml"))[0]
    text = yaml.read_text()
    kind = next(line for line in text.splitlines() if line.startswith("kind:"))
    yaml.write_text(text.replace(kind, "kind: numeric" if "numeric" not in kind else "kind: choice"))
    code, said = flask("content", "load", str(samples))
    assert code == 1
    assert f"refused   challenge first-steps/{yaml.parent.name}: spec" in said


def test_a_folder_that_is_not_there_is_a_usage_error(flask):
    assert flask("content", "load", "/nonexistent")[0] == 2


def test_the_application_starts_without_a_database(settings):
    """Help and the API's description need no server."""
    assert create_app(settings).test_cli_runner().invoke(args=["content", "--help"]).exit_code == 0


@pytest.fixture
def failed(database):
    """A submission that no worker could grade."""
    made = rows.submission(database, rows.user(database), rows.challenge(database))
    for _ in range(3):
        [claim] = claim_submissions(database, Lane(Queue.KNOWLEDGE), "w")
        release_submission(database, claim, "disk full")
        made.not_before = made.queued_at
        database.flush()
    database.commit()
    return made


def test_what_we_failed_to_grade_is_queued_again(flask, failed, ports, database):
    assert flask("requeue", "--since", "1h", "--dry-run") == (0, f"Would queue 1 again: {failed.id}\n")
    assert flask("requeue", "--since", "1h") == (0, "Queued again: 1.\n")
    database.refresh(failed)
    assert (failed.status, failed.lane) == (SubmissionStatus.QUEUED, "rejudges")
    assert ports.queue.tasks == [ticket(Lane(Queue.REJUDGES))]
    [entry] = database.scalars(select(AuditEntry))
    assert (entry.act, entry.object_id, entry.actor[:4]) == ("submission.requeued", failed.id, "cli:")


def test_requeueing_what_has_not_failed_says_so(flask, failed):
    code, said = flask("requeue", str(failed.id), "404")
    assert code == 1
    assert said == "Queued again: 1.\nError: These have not failed: 404.\n"


@pytest.mark.parametrize("arguments", [[], ["1", "--since", "1h"], ["--since", "soon"]])
def test_requeue_tells_what_it_needs(flask, arguments):
    code, said = flask("requeue", *arguments)
    assert code == 2
    assert "2h" in said
