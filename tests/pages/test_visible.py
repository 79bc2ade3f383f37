"""The visible text of markup: lines break at blocks, and what is not shown is not there."""

from __future__ import annotations

import pytest
from hypothesis import given

from factories.labels import html_trees
from harness.pages.page import visible_text


@given(html_trees())
def test_lines_break_at_blocks_and_inline_siblings_are_glued(
    case: tuple[str, list[tuple[str, list[str]]], list[str]],
) -> None:
    content, _, lines = case
    assert visible_text(content).split("\n") == (lines or [""])


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<span>The Hill</span><span>5 days ago</span>", "The Hill5 days ago"),
        ("<p>one<br>two<hr>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul><table><tr><td>c<td>d</table>", "a\nb\nc\nd"),
        ("<pre>\nif x:\n    y()\n\nz()</pre>", "if x:\ny()\nz()"),
        ("<p>soft\nwrapped\n   prose</p>", "soft wrapped prose"),
        ("<p>a<!-- b -->c<script>d</script><style>e</style><svg><text>f</text></svg><template>g</template></p>", "ac"),
        ("<noscript><p>shown without scripts</noscript>", "shown without scripts"),
        ("<p hidden>in the markup</p><details><summary>more</summary>open", "in the markup\nmore\nopen"),
        ("<p>1 &lt; 2 &amp;amp; &copy;</p>", "1 < 2 &amp; ©"),
        ("<p>a <sea-port>har</sea-port>bour", "a harbour"),
        ("<p>press <button>Star</button>t", "press Start"),
        ("<p><math><mi>F</mi><mo>=</mo><mn>2</mn></math> newtons", "F=2 newtons"),
        (
            "<search>one</search>two<dialog open>three</dialog><select><option>four<option>five</select>",
            "one\ntwo\nthree\nfour\nfive",
        ),
        ("", ""),
    ],
)
def test_visible_text_of_markup(content: str, text: str) -> None:
    assert visible_text(content) == text
