import pytest

from core.errors import SettingsError
from core.settings import read_settings

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"
GOOD = {
    "DATABASE_URL": "postgresql://u:p@localhost/creathon",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": SECRET,
    "JWT_SECRET_KEY": SECRET[::-1],
}


def test_the_driver_is_named_in_one_place():
    assert read_settings(GOOD).database_url == "postgresql+psycopg2://u:p@localhost/creathon"


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name):
    with pytest.raises(SettingsError, match=name):
        read_settings({**GOOD, name: ""})


@pytest.mark.parametrize("weak", ["secret", "a" * 64, "changemechangemechangemechangeme"[:31]])
def test_a_weak_secret_is_refused_with_a_way_to_make_a_good_one(weak):
    with pytest.raises(SettingsError, match="token_urlsafe"):
        read_settings({**GOOD, "JWT_SECRET_KEY": weak})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://x/y"),
        ("REDIS_URL", "http://x"),
        ("SENTRY_DSN", "abc"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=name):
        read_settings({**GOOD, name: value})


def test_secrets_do_not_show_in_the_repr():
    shown = repr(
        read_settings({**GOOD, "TELEGRAM_BOT_TOKEN": "1:hidden", "SENTRY_DSN": "https://hidden@x/1"})
    )
    assert not any(secret in shown for secret in (SECRET, SECRET[::-1], "hidden", "u:p"))
