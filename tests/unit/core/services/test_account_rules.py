from __future__ import annotations

import pytest

from core.services.accounts import USERNAME, is_email, password_errors


@pytest.mark.parametrize("name", ["ada", "Ada_L", "a.b-c", "007", "x" * 32])
def test_good_user_names_are_taken(name):
    assert USERNAME.fullmatch(name)


@pytest.mark.parametrize("name", ["me", "", "_ada", "ada ", "ada\n", "adä", "a@b.c", "x" * 33, "../a"])
def test_bad_user_names_are_refused(name):
    assert not USERNAME.fullmatch(name)


@pytest.mark.parametrize("email", ["a@b.co", "ada.l+x@mail.example.org", "ü@example.org"])
def test_good_e_mail_addresses_are_taken(email):
    assert is_email(email)


@pytest.mark.parametrize(
    "email", ["", "a", "a@b", "a@@b.co", "a b@c.de", "a@b.co\n", "@b.co", "a@" + "b" * 250 + ".co"]
)
def test_bad_e_mail_addresses_are_refused(email):
    assert not is_email(email)


@pytest.mark.parametrize("password", ["x" * 8, "x" * 128, "pässwörter sind schön"])
def test_good_passwords_are_taken(password):
    assert password_errors(password, "ada", "ada@example.org") == []


@pytest.mark.parametrize("password", ["x" * 7, "x" * 129, "Password1", "ada.love", "ADA.LOVE@example.org"])
def test_bad_passwords_are_refused(password):
    assert password_errors(password, "ada.love", "ada.love@example.org")
