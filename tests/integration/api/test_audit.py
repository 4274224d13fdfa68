"""What is written down of privileged acts, and who may read it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from core.services.accounts import find_user
from tests.factories.rows import challenge, submission

CATEGORY = {"name": "Loops", "description": "Again and again."}
SPEC = {"options": [{"id": "a", "text": "the key", "correct": True}, {"id": "b", "text": "no"}]}
QUESTION = {"title": "Which?", "difficulty": "beginner", "points": 1, "kind": "choice", "spec": SPEC}
QUESTION |= {"description": "One of them.", "state": "draft", "tags": []}


def log(admin, **query) -> list[dict]:
    """The entries, oldest first."""
    answer = admin.client.get(
        "/api/audit", query_string=query, headers={"Authorization": f"Bearer {admin.access_token}"}
    )
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()[::-1]


def acts(admin, **query) -> list[tuple[str, dict]]:
    return [(entry["act"], entry["details"]) for entry in log(admin, **query)]


def test_roles_and_accounts_leave_a_trace_with_who_from_where_and_by_which_request(admin, learner):
    path = f"/users/{learner.username}"
    admin.send("PATCH", path, {"role": "author"}, X_Request_ID="abc-1")
    admin.send("PATCH", path, {"role": "author", "is_active": False})
    admin.send("PATCH", path, {"is_active": True})
    entries = log(admin)
    assert [entry["act"] for entry in entries] == ["user.role_changed", "user.deactivated", "user.activated"]
    first = entries[0]
    assert (first["actor"], first["request_id"], first["address"]) == (admin.username, "abc-1", "127.0.0.1")
    assert first["details"] == {"username": learner.username, "from": "learner", "to": "author"}


def test_what_was_refused_leaves_no_trace(admin):
    assert admin.send("PATCH", f"/users/{admin.username}", {"role": "learner"}).status_code == 409
    assert log(admin) == []


def test_changes_of_categories_and_challenges_name_the_fields_and_never_the_key(admin, author):
    shelf = author.post("/categories", CATEGORY).headers["Location"].removeprefix("/api")
    author.send("PATCH", shelf, {"description": "Once more."})
    author.send("PATCH", shelf, {"description": "Once more."})
    question = author.post("/challenges", QUESTION).headers["Location"].removeprefix("/api")
    changed = {"options": [SPEC["options"][0] | {"text": "the new key"}, SPEC["options"][1]]}
    author.send("PATCH", question, {"spec": changed, "state": "published"})
    author.send("DELETE", question), author.send("DELETE", shelf)
    assert acts(admin, actor=author.username) == [
        ("category.created", {"name": "Loops"}),
        ("category.updated", {"fields": ["description"]}),
        ("challenge.created", {"title": "Which?", "state": "draft"}),
        ("challenge.updated", {"fields": ["spec", "state"], "state": "published"}),
        ("challenge.deleted", {"title": "Which?"}),
        ("category.deleted", {"name": "Loops"}),
    ]


def test_authors_leave_a_trace_when_they_open_or_cancel_anothers_answer(admin, author, learner, database):
    ada = find_user(database, learner.username)
    row = submission(database, ada, challenge(database))
    database.commit()
    for person in (learner, author):
        assert person.get(f"/submissions/{row.id}").status_code == 200
    assert author.send("DELETE", f"/submissions/{row.id}").status_code == 204
    assert [(e["act"], e["actor"], e["object_id"], e["details"]) for e in log(admin)] == [
        ("submission.read", author.username, row.id, {"learner_id": ada.id}),
        ("submission.cancelled", author.username, row.id, {"learner_id": ada.id}),
    ]


def test_a_new_password_is_written_down_without_it(admin, learner):
    body = {"current_password": "correct horse battery", "new_password": "another horse battery"}
    assert learner.post("/auth/password", body).status_code == 204
    assert [(e["act"], e["actor"]) for e in log(admin)] == [("user.password_changed", learner.username)]
    assert "horse" not in str(log(admin))


def test_commands_are_written_down_with_the_unix_user(app, admin):
    run = app.test_cli_runner().invoke
    made = ["create-user", "--username", "bob", "--email", "bob@example.org", "--password", "correct horse"]
    assert run(args=made).exit_code == 0
    assert run(args=["set-role", "bob", "author"]).exit_code == 0
    entries = log(admin)
    assert [entry["act"] for entry in entries] == ["user.created", "user.role_changed"]
    assert all(entry["actor"].startswith("cli:") and entry["actor_id"] is None for entry in entries)


def test_only_admins_learn_that_there_is_a_log(author, learner, anybody, problem):
    for person in (author, learner):
        problem(person.get("/audit"), 404, "not_found")
    problem(anybody.get("/api/audit"), 401)


def test_the_log_is_searched_and_read_in_pieces(admin, author):
    for number in range(3):
        author.post("/categories", {"name": f"Shelf {number}", "description": ""})
    entries = log(admin)
    third = entries[2]
    assert log(admin, act="category.created", object=f"category:{third['object_id']}") == [third]
    assert log(admin, object="category", since=third["at"]) == [third]
    assert log(admin, until=entries[0]["at"]) == []
    assert log(admin, actor=[author.username, "nobody"]) == entries
    page = admin.get("/audit?page_size=2")
    assert len(page.get_json()) == 2
    assert (
        len(
            admin.client.get(
                page.headers["Link"].split(">")[0][1:],
                headers={"Authorization": f"Bearer {admin.access_token}"},
            ).get_json()
        )
        == 1
    )


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log"])
def test_the_log_only_grows(database, statement):
    with pytest.raises(ProgrammingError, match="audit_log only grows"):
        database.execute(text(statement))
