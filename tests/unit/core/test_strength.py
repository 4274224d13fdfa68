import secrets

import pytest

from core.strength import database_password_weakness, redis_password_weakness, secret_weakness


@pytest.mark.parametrize(
    "secret",
    [
        "short",
        "a" * 64,
        "changemechangemechangemechangeme",
        "abcdef123-abcdef123-abcdef123-abcdef123-",
        "please-Change-Me-before-you-go-live!!",
        "django-insecure-8s7df68s7df68s7d6f87sd6f8",
        "0123456789abcdefghijklmnopqrstuvwxyz",
    ],
)
def test_a_secret_that_can_be_guessed_is_weak(secret):
    assert secret_weakness(secret)


def test_random_secrets_are_strong_however_they_are_written():
    makers = (secrets.token_urlsafe, secrets.token_hex)
    assert [secret_weakness(make(48)) for make in makers for _ in range(200)] == [None] * 400


@pytest.mark.parametrize(
    "password", ["postgres", "Creathon", "changeme", "ada", "learning", "s3cret", "%70ostgres"]
)
def test_a_database_password_that_can_be_guessed_is_weak(password):
    assert database_password_weakness(f"postgresql://ada:{password}@db/learning")


def test_a_password_in_the_query_of_the_url_is_looked_at_too():
    assert database_password_weakness("postgresql://ada@/x?host=/run/postgresql&password=postgres")
    assert redis_password_weakness("redis://cache/0?password=redis")


@pytest.mark.parametrize(
    "url", ["postgresql://ada:hRk2vTqLw0@db/x", "postgresql://ada@/x?host=/run/postgresql"]
)
def test_a_random_database_password_is_strong_and_none_is_the_servers_business(url):
    assert database_password_weakness(url) is None


@pytest.mark.parametrize(
    "url", ["redis://cache/0", "redis://:foobared@cache/0", "rediss://app:app@cache:6380/0"]
)
def test_redis_on_another_host_needs_a_good_password(url):
    assert redis_password_weakness(url)


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost/0",
        "redis://127.0.0.2:6379/0",
        "redis://[::1]:6379/0",
        "unix:///run/valkey.sock",
        "redis://:hRk2vTqLw0@cache/0",
    ],
)
def test_redis_on_this_host_needs_none(url):
    assert redis_password_weakness(url) is None
