"""Specs in other languages: only what people read changes."""

import pytest

from graders.registry import GRADERS
from graders.translation import originals, text_errors, translated
from tests.unit.graders.knowledge.samples import SAMPLES

SHOWN = {
    "text": "a {{x}} b",
    "options": [{"id": "one", "text": "one"}],
    "source": "one",
    "languages": ["one"],
}


def test_only_texts_are_translated():
    assert translated(SHOWN, {"one": "eins"}) == {**SHOWN, "options": [{"id": "one", "text": "eins"}]}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"two": "zwei"}, "The spec shows no text 'two'."),
        ({"a {{x}} b": "a b"}, "The translation of 'a {{x}} b' must have the same blanks."),
    ],
)
def test_what_would_not_work_is_told(texts, message):
    assert text_errors(SHOWN, texts) == [message]
    assert text_errors(SHOWN, {"one": "eins", "a {{x}} b": "b {{x}} a"}) == []


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_translation_changes_no_id_and_no_order(kind):
    shown = GRADERS[kind].show(SAMPLES[kind].spec, "1:1")
    texts = {text: f"<{text}>" for text in originals(shown)}
    back = {translation: text for text, translation in texts.items()}
    assert translated(translated(shown, texts), back) == shown
