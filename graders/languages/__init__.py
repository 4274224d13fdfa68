"""The languages by name. A new one is a new file here and a line below."""

from __future__ import annotations

from graders.languages.base import Language
from graders.languages.c import C
from graders.languages.cpp import CPP, CPP20
from graders.languages.python import PYTHON

LANGUAGES: dict[str, Language] = {language.name: language for language in (PYTHON, C, CPP, CPP20)}
