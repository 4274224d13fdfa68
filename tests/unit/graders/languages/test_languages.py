from __future__ import annotations

import pytest

from graders.languages import LANGUAGES
from graders.languages.base import Language


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.name)
def test_a_language_is_complete(language: Language) -> None:
    assert LANGUAGES[language.name] is language
    assert language.smoke.strip()
    assert language.version
    assert language.run
    assert (language.compile is None) == (language.artifact is None)
