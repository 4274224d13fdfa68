import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.knowledge.patterns import PATTERN_MAX, TEXT_MAX, BadPattern, check_pattern, matches

# Small enough for Python's backtracking engine, which is the oracle here.
patterns = st.recursive(
    st.sampled_from(["a", "b", "é", ".", "[ab]", "[^a]"]),
    lambda inner: st.builds(
        lambda one, other, join: join.format(one, other),
        inner,
        inner,
        st.sampled_from(["{0}{1}", "(?:{0}|{1})", "(?:{0})?", "(?:{0}){{1,2}}"]),
    ),
    max_leaves=6,
)


@given(patterns, st.text("abcé", max_size=8))
def test_a_pattern_matches_what_it_matches_in_python(pattern, text):
    check_pattern(pattern, ignore_case=False)
    assert matches(pattern, text, False) == (re.fullmatch(pattern, text) is not None)


@given(patterns, st.text("abABéÉ", max_size=6))
def test_without_case_a_pattern_matches_what_it_matches_in_python(pattern, text):
    check_pattern(pattern, ignore_case=True)
    assert matches(pattern, text, True) == (re.fullmatch(pattern, text, re.IGNORECASE) is not None)


@given(st.text(max_size=30), st.text(max_size=30), st.booleans())
def test_any_text_is_a_pattern_that_works_or_is_refused_with_a_reason(pattern, text, ignore_case):
    try:
        check_pattern(pattern, ignore_case)
    except BadPattern as error:
        reason = str(error)
        assert reason.endswith(".")
    else:
        assert matches(pattern, text, ignore_case) in (True, False)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[b-a]",
        "a**",
        r"(a)\1",
        "(?=a)",
        "(?<!a)b",
        "(?P<x>a)(?P=x)",
        "(a{1000}){1000}",
        "(((a{100}){100}){100}){100}",
        r"\pL{1,900}",
        "(?:" * 300,
    ],
)
def test_what_re2_does_not_take_and_what_unfolds_into_too_much_is_refused(pattern):
    with pytest.raises(BadPattern):
        check_pattern(pattern, ignore_case=False)


AS, ABS, XS = "a" * TEXT_MAX, "ab" * (TEXT_MAX // 2), "x" * TEXT_MAX


# As large as the check lets pass, on the texts they are slowest with.
@pytest.mark.parametrize(
    ("pattern", "matching"),
    [
        ("(?:.*a.?){500}z", []),
        ("(?:.*a.?){500}b?", [AS, ABS]),
        ("(?:a?){400}a{400}", []),
        ("(.*a.{900})", [AS]),
        ("(x+x+)+y", []),
        ("(a|a?)+$", [AS]),
    ],
)
def test_a_pattern_that_hangs_a_backtracking_engine_gets_its_answer(pattern, matching):
    assert len(pattern) <= PATTERN_MAX
    check_pattern(pattern, ignore_case=False)
    # Backtracking, some of these would outlive the universe: the test's own time limit would end them.
    assert [text for text in (AS, ABS, XS) if matches(pattern, text, False)] == matching
