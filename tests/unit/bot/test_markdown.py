"""Markdown in Telegram's few tags."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.html import length
from bot.markdown import BLOCK_MAX, blocks_of, with_code, without_code_marks
from tests.functional.telegram.telegram_html import plain_text

PARTS = [
    "**",
    "*",
    "`",
    "```\n",
    "> ",
    "- ",
    "1. ",
    "# ",
    "\n",
    "\n\n",
    "[a](http://b.c)",
    "![a](http://b.c)",
    "| a | b |\n|-|-|\n",
]
PARTS += ["~~", "<b>", "&lt;", "&", "<", "    ", "word ", "\0", "\ud800", "[", "](", ")"]


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("# Sum of `two` **numbers**", ["<b>Sum of two <b>numbers</b></b>"]),
        ("a **b** *c* ~~d~~ `e<f`", ["a <b>b</b> <i>c</i> <s>d</s> <code>e&lt;f</code>"]),
        ("one\ntwo  \nthree", ["one two\nthree"]),
        ("**bold `code`**", ["<b>bold code</b>"]),
        ("- a\n- b\n  1. c", ["• a\n• b\n   1. c"]),
        ("3. a\n4. b", ["3. a\n4. b"]),
        ("> a `b`\n>\n> > inner", ["<blockquote>a b\ninner</blockquote>"]),
        ("```python\nif a < b:\n```", ['<pre><code class="language-python">if a &lt; b:</code></pre>']),
        ("    indented", ["<pre>indented</pre>"]),
        ("| a | long |\n|-|-|\n| `x` | y |", ["<pre>a  long\nx  y</pre>"]),
        ("```text\na\n```", ["<pre>a</pre>"]),
        (f"| a | b |\n|-|-|\n| x<y | {'wide ' * 10}|", [f"• a · b\n• x&lt;y · {'wide ' * 10}".rstrip()]),
        ("[text](https://a.b/?c&d)", ['<a href="https://a.b/?c&amp;d">text</a>']),
        ("[![icon](http://a.b/i)](http://a.b)", ['<a href="http://a.b">🖼 icon</a>']),
        ("[run](javascript:alert(1))", ["[run](javascript:alert(1))"]),
        ("[mail](mailto:a@b.c)", ["mail"]),
        ("<script>x</script>", ["&lt;script&gt;x&lt;/script&gt;"]),
        ("a\n\n---\n\nb", ["a", "———", "b"]),
        ("", []),
    ],
)
def test_each_construct_has_its_form(markdown, blocks):
    assert list(blocks_of(markdown)) == blocks


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
def test_any_markdown_becomes_html_that_telegram_takes(markdown):
    for block in blocks_of(markdown):
        plain_text(block)
        assert length(block) <= BLOCK_MAX


@pytest.mark.parametrize(
    "part", ["word & ", "**bold** ", "- item\n", "> quote\n", "```\ncode <\n```\n", "`x` "]
)
def test_a_huge_block_is_cut_and_stays_valid(part):
    blocks = list(blocks_of(part * 3000))
    assert all(length(block) <= BLOCK_MAX for block in blocks)
    assert all(plain_text(block) for block in blocks)


def test_an_options_code_is_marked_in_text_and_bare_on_a_button():
    assert with_code("`a < b` or *b* or `c") == "<code>a &lt; b</code> or *b* or `c"
    assert without_code_marks("`a < b` or `c") == "a < b or `c"
