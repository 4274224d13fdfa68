"""A sheet of questions (CSV, RFC 4180) as challenges: one row each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from core.content import CategoryContent, ChallengeContent, Content, Problem
from core.exchange.sheet.columns import REQUIRED, is_column, parted, unguarded
from core.exchange.sheet.kinds import KINDS
from core.exchange.sheet.row import Row
from core.exchange.slugs import SLUG, Slugs, slug_of
from core.exchange.values import BadValue

ROWS_MAX = 5_000
CELL_MAX = 100_000
DELIMITERS = (",", ";", "\t")


def looks_like_questions(text: str) -> bool:
    """Whether the first line names the columns that every sheet of questions has."""
    return set(REQUIRED) <= set(_header(text)[0])


def read_csv(text: str, name: str = "questions") -> Content:
    """The questions in `text`; the slugs of those in no category begin with `name`, a slug itself.

    Comma, semicolon or tab parts the cells. Bad rows raise nothing: each is told, by the number of its line.
    """
    reading = _Reading(name)
    header, delimiter = _header(text)
    if problem := _header_problem(header):
        return Content(problems=[problem])
    for line, cells in _rows(text, delimiter, reading.content.problems):
        reading.read(f"line {line}", header, cells)
    reading.content.categories = [
        CategoryContent(slug, title, None) for slug, title in reading.titles.items()
    ]
    return reading.content


class _Reading:
    """What was read so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.content = Content()
        self.titles: dict[str, str] = {}
        self._slugs: dict[str, Slugs] = {}

    def read(self, place: str, header: list[str], cells: list[str]) -> None:
        try:
            if len(cells) > len(header):
                raise BadValue(
                    "", f"Has {len(cells)} cells, more than the {len(header)} columns; quote its texts."
                )
            row = Row({name: unguarded(cell.strip()) for name, cell in zip(header, cells, strict=False)})
            self.content.challenges.append(self._placed(row, _body(row)))
        except BadValue as error:
            self.content.problems.append(Problem(place, error.key, error.message))

    def _placed(self, row: Row, body: dict[str, Any]) -> ChallengeContent:
        category = row.text("category")
        group = slug_of(category) if category else ""
        if group:
            self.titles.setdefault(group, category)
        wanted = row.text("id")
        above, _, leaf = wanted.rpartition("/")
        if SLUG.fullmatch(above) and SLUG.fullmatch(leaf):
            return ChallengeContent(wanted, group, body)
        slugs = self._slugs.setdefault(group, Slugs())
        return ChallengeContent(f"{group or self.name}/{slugs.make(wanted or body['title'])}", group, body)


def _body(row: Row) -> dict[str, Any]:
    kind = row.required("kind").lower()
    read = KINDS.get(kind)
    if read is None:
        raise BadValue("kind", f"Must be one of {', '.join(KINDS)}.")
    body: dict[str, Any] = {
        "title": row.required("title"),
        "description": row.required("question"),
        "kind": kind,
        "spec": read(row),
    }
    if len(row.text("category")) > 64:
        raise BadValue("category", "Must have at most 64 characters.")
    if row.text("points"):
        body["points"] = row.whole("points")
    if row.text("difficulty"):
        body["difficulty"] = row.text("difficulty").lower()
    if row.text("tags"):
        body["tags"] = parted(row.text("tags"))
    if row.text("explanation"):
        body["editorial"] = row.text("explanation")
    row.check_all_used()
    return body


def _header(text: str) -> tuple[list[str], str]:
    """The names of the columns, and what parts them."""
    found = []
    for delimiter in DELIMITERS:
        try:
            cells = next(csv.reader(io.StringIO(text[:CELL_MAX], newline=""), delimiter=delimiter), [])
        except csv.Error:
            cells = []
        names = [cell.strip().lower() for cell in cells]
        found.append((sum(map(is_column, names)), names, delimiter))
    _, names, delimiter = max(found, key=lambda one: one[0])
    while names and not names[-1]:
        names.pop()
    return names, delimiter


def _header_problem(names: list[str]) -> Problem | None:
    if missing := [name for name in REQUIRED if name not in names]:
        return Problem(
            "line 1", missing[0], f"This column is missing; every sheet has {', '.join(REQUIRED)}."
        )
    if strange := [name for name in names if not is_column(name)]:
        return Problem("line 1", strange[0][:80], "There is no such column; see docs/formats.md.")
    if len(set(names)) < len(names):
        return Problem("line 1", "", "A column stands twice.")
    return None


def _rows(text: str, delimiter: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header with the numbers of their first lines, blank ones left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line, count = 1, 0
    try:
        for cells in reader:
            if line > 1 and any(cell.strip() for cell in cells):
                count += 1
                if count > ROWS_MAX:
                    problems.append(
                        Problem(f"line {line}", "", f"At most {ROWS_MAX} rows are read; split the file.")
                    )
                    return
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(f"line {line}", "", f"Cannot be read from here: {error}."))
