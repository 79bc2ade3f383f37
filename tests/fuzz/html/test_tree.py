"""HTML that is read and written again is the same page to a parser, in every style."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from factories.html_layouts import FEW, NAMES, core
from harness.fuzz.html.tree import Style, read_tree, write
from harness.pages import visible
from harness.pages.page import visible_text


def test_a_page_that_is_read_and_written_is_the_same_page_to_the_parser() -> None:
    for name in NAMES:
        parsed = visible.parse(core(name).page.content)
        assert visible.parse(write(read_tree(parsed, ()))).html == parsed.html, name


@st.composite
def markup(draw: st.DrawFn) -> str:
    inline = st.recursive(
        st.text("ab &<>\"'\xa0\u00e9\u0634\U0001f986\n", max_size=8).map(
            lambda t: t.replace("&", "&amp;").replace("<", "&lt;")
        ),
        lambda inner: st.lists(inner, max_size=3).map("".join).map(lambda t: f"<span title='&quot;x&#39;&amp;'>{t}</span>"),
        max_leaves=5,
    )
    blocks = st.sampled_from(["p", "pre", "h2", "custom-box", "textarea", "li", "noscript", "button"])
    part = st.tuples(blocks, inline, st.booleans()).map(
        lambda b: (
            f"<{b[0]} hidden>{'' if b[0] != 'pre' else chr(10) * 2}{b[1] if b[0] != 'textarea' else 'a &lt;b'}</{b[0]}>"
            + ("<!-- c --><br>" if b[2] else " ")
        )
    )
    return "<div>" + "".join(draw(st.lists(part, max_size=6))) + "</div><script>a<b && '</p>'</script>"


@given(markup())
@settings(max_examples=100, deadline=None)
def test_any_markup_is_written_as_it_was_read(html: str) -> None:
    parsed = visible.parse(html)
    assert visible.parse(write(read_tree(parsed, ()))).html == parsed.html


@given(st.booleans(), st.booleans(), st.sampled_from(['"', "'", ""]), st.booleans(), st.sampled_from(FEW))
@settings(max_examples=20, deadline=None)
def test_every_style_writes_the_same_tree(ends: bool, upper: bool, quotes: str, entities: bool, name: str) -> None:
    parsed = visible.parse(core(name).page.content)
    written = write(read_tree(parsed, ()), Style(ends, upper, quotes, entities))
    tags = [[node.tag for node in tree.css("*")] for tree in (parsed, visible.parse(written))]
    assert tags[0] == tags[1] and visible_text(written) == visible_text(core(name).page.content)


def test_styles_spell_the_page_as_they_say() -> None:
    tree = read_tree(visible.parse("<p class=a title='b c'>é<p>x<ul><li>1<li>2</ul>"), {})
    assert write(tree, Style(optional_end_tags=False)).count("</p>") == 0
    assert write(tree, Style(optional_end_tags=False)).count("</li>") == 0
    assert "<P class=a title='b c'>" in write(tree, Style(upper_case=True, quotes="'")).replace("class='a'", "class=a")
    assert '<p class=a title="b c">' in write(tree, Style(quotes=""))
    assert "&#233;" in write(tree, Style(entities=True)) and "é" not in write(tree, Style(entities=True))
    assert write(tree, Style(xml_declaration=True)).startswith("<?xml ")
