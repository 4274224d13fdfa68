"""Whether a secret is one that somebody could guess: pure judgements, which never repeat the secret."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

SECRET_BYTES = 32
PASSWORD_LENGTH = 8
# What examples and guides write in place of a secret. A random secret has none of these words: the chance is 1 : 10^7.
EXAMPLES = (
    "changeme", "changethis", "replaceme", "placeholder", "secretkey", "mysecret", "yoursecret", "password", "example",
    "creathon", "insecure", "0123456789", "1234567890", "abcdefgh", "qwerty",
)  # fmt: skip
KNOWN_PASSWORDS = frozenset({
    "postgres", "postgresql", "password", "passw0rd", "creathon", "changeme", "change-me", "change_me", "secret",
    "redis", "valkey", "foobared", "admin", "root", "test", "user", "example", "default", "letmein", "qwerty", "123456",
    "12345678", "123456789", "1234567890", "password1", "password123", "mysecretpassword", "supersecret",
})  # fmt: skip
LOOPBACK = ("localhost", "::1")


def secret_weakness(secret: str) -> str | None:
    """What is wrong with a signing secret, as the end of a sentence; None when nothing is."""
    if len(secret.encode()) < SECRET_BYTES:
        return f"is shorter than {SECRET_BYTES} bytes"
    if len(set(secret)) < 8 or secret in (secret + secret)[1:-1]:
        return "repeats itself too much to be random"
    plain = "".join(letter for letter in secret.lower() if letter.isalnum())
    if any(word in plain for word in EXAMPLES):
        return "is an example, or made of words that guessers try"
    return None


def database_password_weakness(url: str) -> str | None:
    """The same for the password in a PostgreSQL URL. None also for one without: the server asks for another proof."""
    parts = urlsplit(url)
    password = _password(url)
    if not password:
        return None
    names = {unquote(parts.username or ""), parts.path.strip("/")}
    return _password_weakness(password, {name.lower() for name in names})


def redis_password_weakness(url: str) -> str | None:
    """The same for a Redis URL; on this host (loopback, or a unix socket) it may have any password or none."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "unix" or host in LOOPBACK or host.startswith("127."):
        return None
    password = _password(url)
    return _password_weakness(password, {(parts.username or "").lower()}) if password else "has no password"


def _password_weakness(password: str, names: set[str]) -> str | None:
    if password.lower() in KNOWN_PASSWORDS:
        return "has a well-known password"
    if password.lower() in names:
        return "has the user's or the database's name for a password"
    if len(password) < PASSWORD_LENGTH:
        return f"has a password of fewer than {PASSWORD_LENGTH} characters"
    return None


def _password(url: str) -> str:
    """The password of `url`, wherever it stands in it."""
    parts = urlsplit(url)
    return unquote(parts.password or "") or parse_qs(parts.query).get("password", [""])[0]
