import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.ports import FIRST, LAST, free_port, is_free, remembered_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that something listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_that_something_listens_on_is_not_free(taken: int) -> None:
    assert not is_free(taken)


def test_a_free_port_is_below_the_range_of_outgoing_connections() -> None:
    assert FIRST <= free_port() <= LAST < 32768


def test_a_port_is_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    assert remembered_port(memory, "web") == remembered_port(memory, "web")


def test_a_remembered_port_that_was_taken_meanwhile_is_replaced(tmp_path: Path, taken: int) -> None:
    memory = tmp_path / "ports.json"
    memory.write_text(f'{{"web": {taken}, "other": 20001}}')
    port = remembered_port(memory, "web")
    assert port != taken
    assert remembered_port(memory, "web") == port
    assert '"other": 20001' in memory.read_text()
