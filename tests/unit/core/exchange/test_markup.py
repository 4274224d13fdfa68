import pytest

from core.exchange.markup import as_markdown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("no tags", "no tags"),
        ("a &lt; b &amp;&amp; c", "a < b && c"),
        ("<p>One</p><p>Two <em>three</em></p>", "One\n\nTwo *three*"),
        ("a<br/>b", "a\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<pre><code>x = 1\ny = 2</code></pre>", "```\nx = 1\ny = 2\n```"),
        ('<a href="https://example.org/?a=1&amp;b=2">here</a>', "[here](https://example.org/?a=1&b=2)"),
        ("<img src=x.png alt='a picture'>", "![a picture](x.png)"),
        ("<script>alert(1)</script>text<!-- unseen -->", "text"),
        ("<blink>text</blink> 1 < 2", "text 1 < 2"),
        ("<h2>Title</h2>text", "## Title\n\ntext"),
        ("</pre></a></script>text", "text"),
    ],
)
def test_html_becomes_markdown(html, shown):
    assert as_markdown(html, "html") == shown


def test_plain_text_shows_as_it_is_written():
    assert as_markdown("*a* [b]", "plain") == r"\*a\* \[b\]"
