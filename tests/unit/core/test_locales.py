"""Which translation somebody gets."""

import pytest

from core.locales import is_locale, lookup, render


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["de"], "de"),
        (["DE-at"], "de"),
        (["fr", "en"], "en"),
        (["de-AT", "en"], "de"),
        (["zh-Hant-CN-x-private"], "zh-Hant"),
        (["pt"], None),
        ([], None),
    ],
)
def test_a_range_is_cut_from_its_end_until_something_fits(wanted, found):
    assert lookup(wanted, ["en", "de", "zh-Hant", "pt-BR"]) == found


def test_without_a_translation_that_fits_the_original_is_read():
    assert render("en", {"de": {"title": "Eins"}}, ["fr"]).words == {}
    assert render("en", {"de": {"title": "Eins"}}, ["fr", "de"]).words == {"title": "Eins"}
    assert render("en", {"de": {"title": "Eins"}}, ["en", "de"]).words == {}


@pytest.mark.parametrize("hints", [[], [""], None])
def test_a_hint_that_is_not_translated_is_read_in_the_original(hints):
    assert render("en", {"de": {"hints": hints}}, ["de"]).hint(1, "Think.") == "Think."


@pytest.mark.parametrize(
    ("tag", "fits"),
    [("de", True), ("pt-BR", True), ("d", False), ("de_DE", False), ("de-" * 20 + "x", False)],
)
def test_a_language_tag_has_a_form(tag, fits):
    assert is_locale(tag) is fits
