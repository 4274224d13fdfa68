from pathlib import Path

import pytest

from core.settings import read_settings
from deploy.local import environment
from deploy.local.environment import given_environment, shared_part, stack_environment
from deploy.local.errors import StackError
from deploy.local.servers import Addresses

ADDRESSES = Addresses("postgresql://u:p@127.0.0.1:5432/x", "redis://:p@127.0.0.1:6379/0")


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Ports that something else listens on."""
    ports: set[int] = set()
    monkeypatch.setattr(environment, "is_free", lambda port, host: port not in ports)
    monkeypatch.setattr(environment, "remembered_port", lambda memory, name: 23456)
    return ports


@pytest.mark.usefixtures("taken")
def test_the_environment_of_the_stack_makes_good_settings(tmp_path: Path) -> None:
    settings = read_settings(stack_environment({}, ADDRESSES, tmp_path))
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.redis_url == ADDRESSES.redis_url


@pytest.mark.usefixtures("taken")
def test_secrets_are_kept_and_differ(tmp_path: Path) -> None:
    first, second = (stack_environment({}, ADDRESSES, tmp_path) for _ in range(2))
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["SECRET_KEY"] != first["JWT_SECRET_KEY"]


@pytest.mark.usefixtures("taken")
def test_what_the_person_has_set_is_kept(tmp_path: Path) -> None:
    given = {"SECRET_KEY": "mine", "PORT": "9000", "LOG_LEVEL": "DEBUG"}
    env = stack_environment(given, ADDRESSES, tmp_path)
    assert given.items() <= env.items()


def test_another_port_is_taken_when_the_usual_one_is_in_use(tmp_path: Path, taken: set[int]) -> None:
    taken.add(8000)
    assert stack_environment({}, ADDRESSES, tmp_path)["PORT"] == "23456"


def test_a_wanted_port_that_is_in_use_is_an_error(tmp_path: Path, taken: set[int]) -> None:
    taken.add(9000)
    with pytest.raises(StackError, match="Port 9000 is taken"):
        stack_environment({"PORT": "9000"}, ADDRESSES, tmp_path)


@pytest.mark.usefixtures("taken")
@pytest.mark.parametrize("port", ["web", "0", "65536", "-1"])
def test_a_port_that_is_no_port_is_an_error(tmp_path: Path, port: str) -> None:
    with pytest.raises(StackError, match="from 1 to 65535"):
        stack_environment({"PORT": port}, ADDRESSES, tmp_path)


def test_the_environment_counts_more_than_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=1:written\n# a comment\nLOG_LEVEL='DEBUG'\n")
    given = given_environment({"LOG_LEVEL": "INFO"}, tmp_path / ".env")
    assert given == {"TELEGRAM_BOT_TOKEN": "1:written", "LOG_LEVEL": "INFO"}


def test_other_commands_learn_only_what_is_ours() -> None:
    assert shared_part({"HOME": "/root", "PORT": "8000", "AWS_SECRET": "x"}) == {"PORT": "8000"}
