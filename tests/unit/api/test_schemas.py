from __future__ import annotations

import pytest
from marshmallow import ValidationError

from api.schemas.base import Flag, Line, Schema, Text, Whole


class Sample(Schema):
    line = Line(5)
    text = Text(3, least=1)
    whole = Whole(1, 10)
    flag = Flag()


@pytest.mark.parametrize(
    ("given", "loaded"),
    [
        ({"line": " a b "}, {"line": "a b"}),
        ({"line": "a\n"}, {"line": "a"}),
        ({"text": "a\nb"}, {"text": "a\nb"}),
        ({"whole": 10}, {"whole": 10}),
        ({"whole": 3.0}, {"whole": 3}),
        ({"flag": False}, {"flag": False}),
    ],
)
def test_good_values_are_taken(given, loaded):
    assert Sample().load(given) == loaded


@pytest.mark.parametrize(
    "given",
    [
        {"line": ""}, {"line": "   "}, {"line": "a\nb"}, {"line": "a\x7f"}, {"line": "123456"}, {"line": 1},
        {"text": ""}, {"text": "1234"}, {"text": None},
        {"whole": 0}, {"whole": 11}, {"whole": "3"}, {"whole": True}, {"whole": 1.5}, {"whole": None},
        {"whole": 1e300},
        {"flag": 1}, {"flag": "true"}, {"flag": None}, {"other": 1},
    ],
)  # fmt: skip
def test_bad_values_are_refused(given):
    with pytest.raises(ValidationError) as refused:
        Sample().load(given)
    assert refused.value.messages.keys() == given.keys()
