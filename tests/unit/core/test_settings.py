import pytest

from core.errors import SettingsError
from core.settings import Rates, read_settings

GOOD = {
    "DATABASE_URL": "postgresql://ada:hRk2vTqLw0@localhost/learning",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "Zk3v9QpLx7Rt2Wm8Yc5Bn1Hd6Gf4Js0TuVeKi",
    "JWT_SECRET_KEY": "q8Wd2Ls6Xp4Zc9Vb1Nm7Kj3Hg5Fd0TrYuEoAi",
}


def refusal(**changes: str) -> str:
    """What is said about good settings with these changes."""
    with pytest.raises(SettingsError) as refused:
        read_settings({**GOOD, **changes})
    return str(refused.value)


def test_the_driver_is_named_in_one_place():
    url = read_settings(GOOD).database_url
    assert url == "postgresql+psycopg2://ada:hRk2vTqLw0@localhost/learning"


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name):
    assert f"{name} is not set" in refusal(**{name: " "})


def test_a_weak_secret_is_refused_with_a_way_to_make_a_good_one():
    assert "token_urlsafe" in refusal(JWT_SECRET_KEY="secret")


def test_every_problem_is_told_at_once():
    said = refusal(PORT="web", LOG_LEVEL="loud", SECRET_KEY="short", CORS_ORIGINS="*", RATE_LIMIT_RUN="5")
    assert "5 settings" in said
    assert all(
        name in said for name in ("PORT", "LOG_LEVEL", "SECRET_KEY", "CORS_ORIGINS", "RATE_LIMIT_RUN ")
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("PORT", "²"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "postgresql://u:p@host:port/x"),
        ("REDIS_URL", "http://x"),
        ("SENTRY_DSN", "abc"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("REDIS_URL", "redis://[::1/0"),
        ("TRUSTED_PROXIES", "-1"),
        ("RATE_LIMIT_READS", "0"),
        ("CORS_ORIGINS", "https://learn.example.org/"),
        ("CORS_ORIGINS", "learn.example.org"),
        ("TELEGRAM_API_BASE_URL", "api.telegram.org"),
        ("FLASK_DEBUG", "1"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    assert name in refusal(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ENVIRONMENT", "prod", "development, production"),
        ("LOG_LEVEL", "VERBOSE", "DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        ("RATE_LIMITS", "offf", "on, true, 1, off, false, 0"),
        ("RATE_LIMIT_SUBMISSION", "5", "RATE_LIMIT_SUBMISSIONS"),
    ],
)
def test_an_unknown_word_is_refused_with_those_that_are_known(name, value, allowed):
    assert allowed in refusal(**{name: value})


def test_one_secret_for_both_purposes_is_refused():
    assert "are the same" in refusal(SECRET_KEY=GOOD["JWT_SECRET_KEY"])


def test_development_takes_weak_secrets_and_production_is_what_one_gets():
    weak = {"SECRET_KEY": "x", "JWT_SECRET_KEY": "x", "DATABASE_URL": "postgresql://a:a@db/a"}
    assert read_settings({**GOOD, **weak, "ENVIRONMENT": "development"}).secret_key == "x"
    assert "4 settings" in refusal(**weak)


def test_rates_are_set_one_by_one():
    assert read_settings({**GOOD, "RATE_LIMIT_RUNS": "7"}).rates == Rates(runs=7)


def test_no_secret_shows_in_a_refusal():
    secrets = {
        "DATABASE_URL": "postgresql://hidden1:hidden1@db/x",
        "REDIS_URL": "redis://:hidden@cache/0",
        "SECRET_KEY": "hidden-secret",
        "JWT_SECRET_KEY": "hidden-secret",
        "TELEGRAM_BOT_TOKEN": "1:hidden",
        "PORT": "x",
    }
    assert "hidden" not in refusal(**secrets)


def test_secrets_do_not_show_in_the_repr():
    more = {"TELEGRAM_BOT_TOKEN": "1:hidden", "SENTRY_DSN": "https://hidden@x/1"}
    shown = repr(read_settings({**GOOD, **more}))
    assert not any(
        secret in shown for secret in ("hRk2", "hidden", GOOD["SECRET_KEY"], GOOD["JWT_SECRET_KEY"])
    )
