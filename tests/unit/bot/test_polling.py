"""Updates that cannot be parsed must not stop those that can."""

import json

import pytest

from bot.polling import TolerantRequest, usable

CHAT = {"id": 1, "type": "private"}
GOOD = {"update_id": 5, "message": {"message_id": 1, "date": 1, "chat": CHAT, "text": "a"}}


def parsed(result):
    return TolerantRequest.parse_json_payload(json.dumps({"ok": True, "result": result}).encode())["result"]


def test_a_good_update_passes_as_it_is():
    assert usable(GOOD) == GOOD


@pytest.mark.parametrize(
    "content",
    [{"message": {"message_id": 1}}, {"message": [1]}, {"callback_query": {"id": "1"}}, {"message": "a"}],
)
def test_a_malformed_update_keeps_its_place_so_that_it_is_confirmed(content):
    assert usable({"update_id": 6, **content}) == {"update_id": 6}


@pytest.mark.parametrize("raw", [None, [], "text", {}, {"update_id": "7"}, {"update_id": True}])
def test_what_has_no_id_is_dropped(raw):
    assert usable(raw) is None


def test_a_batch_keeps_its_good_updates():
    bad = {"update_id": 6, "message": {}}
    assert parsed([GOOD, bad, "noise", {**GOOD, "update_id": 8}]) == [
        GOOD,
        {"update_id": 6},
        {**GOOD, "update_id": 8},
    ]


def test_an_answer_that_is_no_list_passes():
    assert parsed({"username": "bot"}) == {"username": "bot"}
