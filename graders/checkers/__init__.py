"""The checkers by name. A new one is a new file here and a line below."""

from __future__ import annotations

from graders.checkers.base import Checker
from graders.checkers.exact import EXACT
from graders.checkers.floats import FLOATS
from graders.checkers.tokens import TOKENS
from graders.checkers.unordered import UNORDERED

CHECKERS: dict[str, Checker] = {checker.name: checker for checker in (TOKENS, EXACT, FLOATS, UNORDERED)}
