"""Registering, logging in and out, rotating tokens, passwords and profiles."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine

from api.limits import limiter
from core.db import now
from core.models.user import AuthSession, User
from core.words import Role

PASSWORD = "correct horse battery"
ADA = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}


def test_registering_answers_tokens_that_work_at_once(anybody):
    answer = anybody.post("/api/auth/register", json=ADA)
    assert answer.status_code == 201
    body = answer.get_json()
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 900
    assert body["user"]["role"] == "learner"
    me = anybody.get("/api/users/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.get_json()["email"] == "ada@example.org"


@pytest.mark.parametrize("login", ["ada", "ADA", "ada@example.org", "Ada@Example.org"])
def test_one_logs_in_with_the_user_name_or_the_e_mail(anybody, login):
    anybody.post("/api/auth/register", json=ADA)
    assert anybody.post("/api/auth/login", json={"login": login, "password": PASSWORD}).status_code == 200


@pytest.mark.parametrize(
    ("login", "password"), [("ada", "wrong password"), ("nobody", PASSWORD), ("ada", PASSWORD + " ")]
)
def test_wrong_names_and_wrong_passwords_get_the_same_answer(anybody, problem, login, password):
    anybody.post("/api/auth/register", json=ADA)
    answer = anybody.post("/api/auth/login", json={"login": login, "password": password})
    assert problem(answer, 401, "invalid_credentials")["detail"] == "The name or the password is wrong."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "ad"}, "username"),
        ({"username": ".ada"}, "username"),
        ({"username": "ada\n"}, "username"),
        ({"username": "a da"}, "username"),
        ({"username": "a" * 33}, "username"),
        ({"username": 5}, "username"),
        ({"username": "ada\0"}, "username"),
        ({"email": "ada"}, "email"),
        ({"email": "a" * 260 + "@example.org"}, "email"),
        ({"email": None}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"password": "password123"}, "password"),
        ({"username": "adalovelace", "password": "AdaLovelace"}, "password"),
        ({"email": "lovelace@example.org", "password": "lovelace"}, "password"),
        ({"role": "admin"}, "role"),
        ({"display_name": " "}, "display_name"),
        ({"display_name": "a\u202eb\nc"}, "display_name"),
    ],
)
def test_a_bad_registration_names_the_field(anybody, problem, changes, field):
    answer = anybody.post("/api/auth/register", json=ADA | changes)
    assert list(problem(answer, 422)["errors"]) == [field]


@pytest.mark.parametrize("missing", ["username", "email", "password"])
def test_a_registration_without_a_field_names_it(anybody, problem, missing):
    body = {name: value for name, value in ADA.items() if name != missing}
    assert problem(anybody.post("/api/auth/register", json=body), 422)["errors"].keys() == {missing}


@pytest.mark.parametrize(
    "taken",
    [{"username": "ADA", "email": "other@example.org"}, {"username": "other", "email": "ADA@example.org"}],
)
def test_names_and_e_mails_are_taken_whatever_their_case(anybody, problem, taken):
    anybody.post("/api/auth/register", json=ADA)
    problem(anybody.post("/api/auth/register", json=ADA | taken), 409, "already_exists")


def test_of_two_simultaneous_registrations_of_one_name_one_wins(app):
    answers = _at_once(app, [("/api/auth/register", ADA)] * 4)
    assert sorted(answers) == [201, 409, 409, 409]


def test_refreshing_rotates_the_token(anybody, learner):
    first = anybody.post("/api/auth/refresh", json={"refresh_token": learner.refresh_token})
    assert first.status_code == 200
    bearer = {"Authorization": f"Bearer {first.get_json()['refresh_token']}"}
    assert anybody.post("/api/auth/refresh", headers=bearer).status_code == 200


def test_using_a_refresh_token_twice_ends_the_log_in(anybody, learner, problem):
    first = anybody.post("/api/auth/refresh", json={"refresh_token": learner.refresh_token}).get_json()
    problem(
        anybody.post("/api/auth/refresh", json={"refresh_token": learner.refresh_token}), 401, "invalid_token"
    )
    problem(anybody.post("/api/auth/refresh", json={"refresh_token": first["refresh_token"]}), 401)
    problem(learner.get("/users/me"), 401, "invalid_token")


def test_of_simultaneous_refreshes_at_most_one_is_answered_with_tokens(app, learner):
    body = {"refresh_token": learner.refresh_token}
    answers = _at_once(app, [("/api/auth/refresh", body)] * 4)
    assert sorted(answers) == [200, 401, 401, 401]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 3000, 5, None])
def test_a_broken_refresh_token_is_a_problem(anybody, problem, token):
    answer = anybody.post("/api/auth/refresh", json={"refresh_token": token})
    assert answer.status_code in (401, 422)
    problem(answer, answer.status_code)


def test_refreshing_without_a_token_says_where_to_put_it(anybody, problem):
    assert "refresh_token" in problem(anybody.post("/api/auth/refresh"), 422)["errors"]


def test_an_access_token_does_not_refresh(anybody, learner, problem):
    problem(
        anybody.post("/api/auth/refresh", json={"refresh_token": learner.access_token}), 401, "invalid_token"
    )


def test_a_refresh_token_does_not_log_in(anybody, learner, problem):
    headers = {"Authorization": f"Bearer {learner.refresh_token}"}
    problem(anybody.get("/api/users/me", headers=headers), 401, "invalid_token")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_logging_out_ends_the_access_token_too(anybody, learner, problem, which):
    token = getattr(learner, which)
    assert anybody.post("/api/auth/logout", headers={"Authorization": f"Bearer {token}"}).status_code == 204
    problem(learner.get("/users/me"), 401, "invalid_token")
    problem(anybody.post("/api/auth/refresh", json={"refresh_token": learner.refresh_token}), 401)


def test_logging_out_twice_is_no_error(anybody, learner):
    for _ in range(2):
        assert (
            anybody.post("/api/auth/logout", json={"refresh_token": learner.refresh_token}).status_code == 204
        )


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", ""])
def test_a_bad_authorization_header_is_a_problem(anybody, problem, header):
    answer = anybody.get("/api/users/me", headers={"Authorization": header})
    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_expired_access_token_is_refused(learner, problem):
    with time_machine.travel(now() + timedelta(minutes=16)):
        problem(learner.get("/users/me"), 401, "invalid_token")


def test_a_token_of_a_session_that_expired_is_refused(learner, database, problem):
    database.query(AuthSession).update({"expires_at": now() - timedelta(seconds=1)})
    database.commit()
    problem(learner.get("/users/me"), 401, "invalid_token")


def test_changing_the_password_ends_the_other_log_ins(anybody, learner, problem):
    other = anybody.post("/api/auth/login", json={"login": learner.username, "password": PASSWORD}).get_json()
    body = {"current_password": PASSWORD, "new_password": "another good one"}
    assert learner.post("/auth/password", body).status_code == 204
    assert learner.get("/users/me").status_code == 200
    problem(anybody.get("/api/users/me", headers={"Authorization": f"Bearer {other['access_token']}"}), 401)
    problem(anybody.post("/api/auth/login", json={"login": learner.username, "password": PASSWORD}), 401)
    new = {"login": learner.username, "password": "another good one"}
    assert anybody.post("/api/auth/login", json=new).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"current_password": "wrong", "new_password": "another good one"}, "current_password"),
        ({"current_password": PASSWORD, "new_password": "12345678"}, "new_password"),
        ({"current_password": PASSWORD}, "new_password"),
    ],
)
def test_a_bad_password_change_names_the_field(learner, problem, body, field):
    assert problem(learner.post("/auth/password", body), 422)["errors"].keys() == {field}


def test_one_changes_the_own_profile(learner):
    answer = learner.send("PATCH", "/users/me", {"display_name": " Ada L. ", "email": "new@example.org"})
    assert answer.get_json()["display_name"] == "Ada L."
    assert learner.get("/users/me").get_json()["email"] == "new@example.org"


def test_one_cannot_take_another_ones_e_mail_or_become_admin(learner, author, problem):
    problem(
        learner.send("PATCH", "/users/me", {"email": f"{author.username}@EXAMPLE.org"}), 409, "already_exists"
    )
    assert learner.send("PATCH", "/users/me", {"email": f"{learner.username}@EXAMPLE.org"}).status_code == 200
    assert problem(learner.send("PATCH", "/users/me", {"role": "admin"}), 422)["errors"].keys() == {"role"}


def test_a_stale_etag_stops_a_profile_change(learner, problem):
    etag = learner.get("/users/me").headers["ETag"]
    changed = learner.send("PATCH", "/users/me", {"display_name": "One"}, If_Match=etag)
    assert changed.status_code == 200
    problem(learner.send("PATCH", "/users/me", {"display_name": "Two"}, If_Match=etag), 412, "stale_version")
    fresh = changed.headers["ETag"]
    assert learner.send("PATCH", "/users/me", {"display_name": "Two"}, If_Match=fresh).status_code == 200


def test_the_public_profile_has_no_e_mail(learner, author):
    body = author.get(f"/users/{learner.username.upper()}").get_json()
    assert body.keys() == {"username", "display_name", "role", "created_at"}


@pytest.mark.parametrize("name", ["nobody", "a%00b", "%F0%9F%98%80", "a" * 300])
def test_there_is_no_profile_of_nobody(learner, problem, name):
    problem(learner.get(f"/users/{name}"), 404, "not_found")


def test_admins_change_roles_and_close_accounts(admin, learner, problem):
    assert (
        admin.send("PATCH", f"/users/{learner.username}", {"role": "author"}).get_json()["role"] == "author"
    )
    assert learner.get("/users/me").get_json()["role"] == "author"
    closed = admin.send("PATCH", f"/users/{learner.username}", {"is_active": False})
    assert closed.get_json()["is_active"] is False
    problem(learner.get("/users/me"), 401, "invalid_token")
    answer = learner.client.post("/api/auth/login", json={"login": learner.username, "password": PASSWORD})
    problem(answer, 401, "invalid_credentials")


def test_only_admins_change_accounts(author, learner, problem):
    problem(author.send("PATCH", f"/users/{learner.username}", {"role": "admin"}), 403, "forbidden")


@pytest.mark.parametrize(
    "body", [{"role": "god"}, {"role": None}, {"is_active": "yes"}, {"is_active": 1}, {"x": 1}]
)
def test_a_bad_account_change_is_refused(admin, learner, problem, body):
    problem(admin.send("PATCH", f"/users/{learner.username}", body), 422)


def test_the_last_admin_stays(admin, person, problem):
    path = f"/users/{admin.username}"
    problem(admin.send("PATCH", path, {"role": "learner"}), 409, "conflict")
    problem(admin.send("PATCH", path, {"is_active": False}), 409, "conflict")
    person(Role.ADMIN)
    assert admin.send("PATCH", path, {"role": "learner"}).status_code == 200


def test_guessing_at_one_account_is_limited(strict_app, problem):
    limiter.reset()
    client = strict_app.test_client()
    answers = [client.post("/api/auth/login", json={"login": "ada", "password": "guess"}) for _ in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    problem(answers[10], 429, "too_many_requests")
    assert 1 <= int(answers[10].headers["Retry-After"]) <= 60
    assert client.post("/api/auth/login", json={"login": "bob", "password": "guess"}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000, 400),
        (b'"' + b"x" * 2**20 + b'"', 413),
        (b"[]", 422),
        (b'{"login": {"a": []}}', 422),
    ],
)
def test_a_body_that_the_limiter_cannot_read_is_refused_as_everywhere(strict_app, problem, body, status):
    limiter.reset()
    answer = strict_app.test_client().post("/api/auth/login", data=body, content_type="application/json")
    problem(answer, status)


def test_passwords_are_kept_as_argon2(anybody, database):
    anybody.post("/api/auth/register", json=ADA)
    assert database.query(User.password_hash).scalar().startswith("$argon2id$")


def _at_once(app, requests):
    start = threading.Barrier(len(requests))
    answers = []

    def send(path, body):
        client = app.test_client()
        start.wait(timeout=10)
        answers.append(client.post(path, json=body).status_code)

    threads = [threading.Thread(target=send, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
