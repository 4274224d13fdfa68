"""One row of a sheet: its cells by column, and which of them its kind has asked for."""

from __future__ import annotations

from collections.abc import Mapping

from core.exchange.sheet.columns import FALSE, OPTIONS_MAX, PLAIN, TRUE
from core.exchange.values import BadValue

_EVERY_KIND = {"id", "title", "kind", "question", "points", "difficulty", "tags", "category", "explanation"}


class Row:
    """Reads cells; a filled one that nobody asked for is a mistake of the author."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self._used = set(_EVERY_KIND)

    def text(self, name: str) -> str:
        self._used.add(name)
        return self._cells.get(name, "")

    def required(self, name: str) -> str:
        """Raises BadValue when the cell is empty."""
        if text := self.text(name):
            return text
        raise BadValue(name, "Is empty; fill it.")

    def whole(self, name: str) -> int:
        """Raises BadValue unless the cell is a whole number."""
        text = self.text(name)
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise BadValue(name, "Must be a whole number.")
        return int(text)

    def number(self, name: str) -> float:
        """A number with a point or a comma. Raises BadValue."""
        text = self.required(name).replace(",", ".")
        try:
            value = float(text) if len(text) <= 40 and not set(text.lower()) - set("+-.e0123456789") else None
        except ValueError:
            value = None
        if value is None or abs(value) > 1e300:
            raise BadValue(name, "Must be a number.")
        return value

    def truth(self, name: str) -> bool:
        """Raises BadValue unless the cell says yes or no."""
        word = self.required(name).lower()
        if word not in TRUE + FALSE:
            raise BadValue(name, "Must be true or false.")
        return word in TRUE

    def numbered(self, name: str) -> list[str]:
        """The cells name_1, name_2, ... up to the last that is filled."""
        cells = [self.text(f"{name}_{number}") for number in range(1, OPTIONS_MAX + 1)]
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def check_all_used(self) -> None:
        """Raises BadValue for a filled cell that the kind has no use for."""
        filled = {name for name, cell in self._cells.items() if cell}
        if unused := sorted(filled - self._used, key=lambda name: (name not in PLAIN, name)):
            raise BadValue(unused[0], "This kind has no use for it; leave it empty.")
