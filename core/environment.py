"""Reading single variables of the environment: what is wrong is gathered, so that one start names every problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from core.errors import SettingsError

SWITCH = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}


class Environment:
    """The variables, and the `problems` found in them so far. Blank is the same as not set."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.problems: list[str] = []

    def names(self) -> list[str]:
        """The variables that have a value."""
        return sorted(name for name, value in self._variables.items() if value.strip())

    def text(self, name: str, default: str = "") -> str:
        """The value without the space around it."""
        return self._variables.get(name, "").strip() or default

    def required(self, name: str) -> str:
        """The value; that there is none is a problem."""
        if not (value := self.text(name)):
            self.problems.append(f"{name} is not set. Set it, or start everything with `make up`.")
        return value

    def parsed(self, name: str, value: str, parse: Callable[[str], str]) -> str:
        """`parse(value)`; the SettingsError that it may raise is a problem. Nothing is parsed when there is none."""
        try:
            return parse(value) if value else ""
        except SettingsError as error:
            self.problems.append(error.message)
            return ""

    def word(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of the `allowed` words, in any case."""
        value = self.text(name, default)
        found = {word.lower(): word for word in allowed}.get(value.lower())
        if found is None:
            self.problems.append(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
        return found or default

    def switch(self, name: str, default: str) -> bool:
        """On or off."""
        return SWITCH[self.word(name, tuple(SWITCH), default)]

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.text(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", value) and least <= int(value) <= most:
            return int(value)
        self.problems.append(f"{name} must be a number from {least} to {most}, not {value!r}.")
        return default
