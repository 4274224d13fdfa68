"""What the running web process refuses: too many sockets, and those whose log-in ended."""

from __future__ import annotations

import psycopg2
import pytest
import requests
import socketio

from tests.support.people import learner
from tests.support.processes import wait_until


@pytest.fixture
def url(app_process) -> str:
    return app_process(LIVE_CONNECTIONS="3").url


def test_sockets_of_a_deactivated_user_end_and_others_stay(url, database_url):
    ada, bob = learner(url), learner(url)
    with ada.listen() as hers, bob.listen() as his:
        with psycopg2.connect(database_url) as connection, connection.cursor() as cursor:
            cursor.execute("UPDATE users SET is_active = false WHERE username = %s", [ada.name])
        connection.close()
        wait_until(lambda: not hers._client.connected, "the socket of the deactivated user ends", 15)
        assert his._client.connected
        assert ada.call("GET", "/users/me").status_code == 401


def test_a_flood_of_sockets_leaves_the_rest_of_the_api_alone(url):
    opened = [socketio.Client(reconnection=False, handle_sigint=False) for _ in range(5)]
    token = learner(url).token
    refused = 0
    for client in opened:
        try:
            client.connect(url, auth={"token": token}, transports=["websocket"], wait_timeout=10)
        except socketio.exceptions.ConnectionError:
            refused += 1
    assert refused == 2
    assert requests.get(f"{url}/api/graders", timeout=10).status_code == 200
    for client in opened:
        client.disconnect()
