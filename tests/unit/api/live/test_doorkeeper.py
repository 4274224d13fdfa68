"""The doorkeeper before a real Socket.IO server, which is asked without a network."""

from __future__ import annotations

import pytest
import socketio
from werkzeug.test import Client

from api.live import doorkeeper
from api.live.doorkeeper import Doorkeeper
from tests.support.processes import wait_until

OPEN = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
def server():
    server = socketio.Server(async_mode="threading", monitor_clients=False, ping_interval=0.1)
    server.on("connect", lambda sid, environ, auth=None: None)
    return server


def door(server, most) -> Client:
    return Client(Doorkeeper(socketio.WSGIApp(server), server, most))


def test_more_connections_than_there_is_room_for_are_told_to_come_back(server):
    client = door(server, 2)
    assert [client.get(OPEN).status_code for _ in range(3)] == [200, 200, 503]
    refused = client.get(OPEN)
    assert (refused.get_json(force=True)["code"], refused.headers["Retry-After"]) == ("live_full", "5")


def test_a_full_house_still_serves_who_is_in_and_everything_else(server):
    client = door(server, 1)
    sid = next(iter(server.eio.sockets)) if client.get(OPEN) else ""
    assert client.post(f"{OPEN}&sid={sid}", data="40").status_code == 200
    assert client.get("/elsewhere").status_code == 404


def test_who_sends_no_token_makes_room_for_others(server, monkeypatch):
    monkeypatch.setattr(doorkeeper, "PATIENCE", -1.0)
    client = door(server, 2)
    client.get(OPEN)
    (admitted,) = server.eio.sockets
    client.post(f"{OPEN}&sid={admitted}", data="40")
    client.get(OPEN)
    wait_until(lambda: client.get(OPEN).status_code == 200, "the idle one is gone", 5)
    assert admitted in server.eio.sockets
