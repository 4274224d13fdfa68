import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.plain_yaml import BadYaml, read_yaml

letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | letters,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(letters, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("007", "007"),
        ("0x1F", "0x1F"),
        ("true", True),
        ("~", None),
        ("-12", -12),
        ("1e-6", 1e-6),
        (".5", 0.5),
        ("|\n  1 2\n  3\n", "1 2\n3\n"),
    ],
)
def test_a_value_means_what_it_looks_like(text, value):
    read = read_yaml(text)
    assert (read, type(read)) == (value, type(value))


@given(plain)
def test_json_is_read_as_it_is(value):
    assert read_yaml(json.dumps(value, ensure_ascii=False)) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x 1\nb: *x", "Line 2, column 4: aliases"),
        ("a: 1\nb: 2\na: 3", "Line 3, column 1: the key 'a' stands twice"),
        ("a: [1, 2", "Line 1"),
        ("a: 1\n---\nb: 2", "another document"),
        ("a: !!python/name:os.system x", "could not determine a constructor"),
        ("a: !!timestamp 2026-01-01", "a: must be text"),
        ("a: !!binary aGk=", "a: must be text"),
        ("a:\n - b: 1e999", "a.0.b: must be"),
        ("a: !!int 0x" + "F" * 5000, "a: must be"),
        ("a: !!int '" + "9" * 5000 + "'", "cannot be read"),
        ('a: "\\0"', "a: must be text"),
        ('a: "\\ud800"', "a: must be text"),
        ("1: one", "the key 1 must be text"),
        ("? [1]\n: one", "cannot be read"),
        ("[" * 5000, "nested too deeply"),
        ("\x07", "Is not YAML"),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_place(text, reason):
    with pytest.raises(BadYaml) as refusal:
        read_yaml(text)
    assert reason in str(refusal.value)
