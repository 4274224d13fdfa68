"""Whatever comes from outside: what the helpers make of it is valid for Telegram, and short enough."""

from hypothesis import given
from hypothesis import strategies as st

from bot.html import LIMIT, chunks, clean, clip, escape, length, pack, pre
from tests.functional.telegram.telegram_html import plain_text, units

ANY = st.text(st.characters(exclude_categories=()))
LIMITS = st.integers(20, 200)


@given(ANY)
def test_escaped_text_is_read_back_as_it_was(text):
    assert plain_text(escape(text)) == clean(text)


@given(ANY, LIMITS)
def test_clipped_text_is_valid_and_within_its_limit(text, limit):
    assert length(clip(text, limit)) <= limit
    assert clean(text).startswith(plain_text(clip(text, limit)).removesuffix("…"))


@given(ANY, LIMITS)
def test_a_block_of_code_is_never_empty_and_within_its_limit(text, limit):
    assert length(pre(text, limit)) <= limit
    assert plain_text(pre(text, limit))


@given(st.lists(ANY.map(lambda text: clip(text, 60))))
def test_packed_blocks_lose_nothing_and_keep_the_limit(blocks):
    messages = pack(blocks, 80)
    assert all(units(message) <= 80 for message in messages)
    assert "\n\n".join(messages) == "\n\n".join(filter(None, blocks))


@given(ANY, LIMITS)
def test_chunks_keep_every_character_that_shows(text, limit):
    pieces = list(chunks(text, limit))
    assert all(length(piece) <= limit for piece in pieces)
    assert "".join("".join(map(plain_text, pieces)).split()) == "".join(clean(text).split())


def test_text_that_fits_is_not_clipped():
    assert clip("a < b", 8) == "a &lt; b"
    assert clip("a < b", 7) == "a &lt;…"


def test_an_emoji_counts_as_two_as_telegram_counts_it():
    assert length("🖼") == 2


def test_tabs_and_line_ends_stay_and_control_characters_go():
    assert clean("a\tb\r\nc\0\x1b[31m\x7f") == "a\tb\nc[31m"


def test_chunks_are_cut_between_words():
    assert list(chunks("one two three four", 10)) == ["one two", "three four"]


def test_messages_are_as_long_as_telegram_allows_unless_told_otherwise():
    assert list(map(len, pack(["x" * 2000, "y" * 2000, "z" * 2000]))) == [4002, 2000]
    assert LIMIT == 4096
