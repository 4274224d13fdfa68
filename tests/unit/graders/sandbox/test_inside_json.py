from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graders.sandbox.inside.json import encoded

PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


@given(st.recursive(PLAIN, lambda inner: st.dictionaries(st.text(), inner)))
def test_replies_are_json(value: Any) -> None:
    assert json.loads(encoded(value)) == value
