from __future__ import annotations

from api.revision_view import MAX_LINES, MAX_TEXT, changes_between


def test_only_what_differs_is_told():
    older, newer = (
        {"title": "A", "points": 1, "spec": {"x": 1}},
        {"title": "A", "points": 1, "spec": {"x": 2}},
    )
    (change,) = changes_between(older, newer)
    assert change["field"] == "spec"
    assert change["diff"].splitlines()[3:] == [" {", '-  "x": 1', '+  "x": 2', " }"]


def test_a_text_is_compared_line_by_line():
    (change,) = changes_between({"description": "a\nb"}, {"description": "a\nc"})
    assert change["diff"].splitlines()[2:] == ["@@ -1,2 +1,2 @@", " a", "-b", "+c"]


def test_what_is_very_long_is_not_compared():
    long, many = "x" * MAX_TEXT, "x\n" * MAX_LINES
    for text in (long, many):
        assert list(changes_between({"editorial": text}, {"editorial": "y"})) == [
            {"field": "editorial", "diff": None}
        ]
