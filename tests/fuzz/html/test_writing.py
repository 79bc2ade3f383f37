"""The same page, written otherwise: white space, comments, characters that do not show, syntax."""

from __future__ import annotations

import re

import pytest

from factories.html_layouts import GOOSE, HTML, goose_golden, page_of, spoken, tree_of
from harness.fuzz.base import DoesNotApply
from harness.fuzz.html.operators.writing import Malformed, MarkupComments, Syntax, UnseenCharacters, WhiteSpace
from harness.goldens.labels import Label
from harness.pages.page import visible_text


def test_white_space_goes_or_comes_where_it_does_not_show() -> None:
    small, tall = WhiteSpace("minified").apply(GOOSE), WhiteSpace("indented").apply(GOOSE)
    assert len(small.html()) < len(GOOSE.html()) < len(tall.html())
    assert "</p><p>" in small.html() and re.search(r"</p>\s*\n +<p>", tall.html())
    assert visible_text(small.html()) == visible_text(GOOSE.html()) == visible_text(tall.html())
    pre = page_of(goose_golden(HTML.replace("<ul>", "<pre>a\n   b</pre><ul>")))
    for form in ("minified", "indented"):
        assert "<pre>a\n   b</pre>" in WhiteSpace(form).apply(pre).html()


def test_html_comments_stand_between_blocks_or_in_the_content() -> None:
    assert MarkupComments(between_blocks=True).apply(GOOSE).html().count("<!--") > 10
    inside = MarkupComments(every=3).apply(GOOSE).html()
    assert "At the upper<!-- --> gate a goose<!-- --> counts" in inside
    assert "<!--" not in inside[inside.index("<aside") :]


def test_unseen_characters_stand_in_the_content_and_nowhere_else() -> None:
    for name, character in (("no-break space", "\xa0"), ("soft hyphen", "\xad"), ("zero-width space", "\u200b")):
        html = tree_of(UnseenCharacters(1, name).apply(GOOSE)).body.text()  # type: ignore[union-attr]
        assert html.count(character) >= 4
        assert character not in html[html.index("Ten other") :]


def test_syntax_is_spelt_otherwise_and_a_wrong_encoding_named() -> None:
    assert "</P>" not in Syntax(unclosed=True, upper_case=True).apply(GOOSE).html()
    assert "<MAIN id=story class=story data-id=7" in Syntax(upper_case=True, unquoted=True).apply(GOOSE).html()
    assert '<meta charset="iso-8859-1">' in Syntax(wrong_charset=True).apply(GOOSE).html()
    both = Syntax(entities=True).apply(Syntax(upper_case=True).apply(GOOSE)).style
    assert (both.entities, both.upper_case) == (True, True)


def test_malformed_values_and_references_change_no_word() -> None:
    table = goose_golden(HTML.replace("<ul>", '<table><tr><td colspan="2">a cell</td></tr></table><img src=x><ul>'))
    new = Malformed("fraction").apply(page_of(table))
    for selector in ('td[colspan="2.5"][rowspan="2.5"]', 'img[width="2.5"]', 'li[value="2.5"]'):
        assert tree_of(new).css(selector), selector
    assert spoken(new.golden("x")) == spoken(table)
    referred = Malformed(references=True).apply(GOOSE)
    assert "&#xD800;" in referred.html() and "&#150;" in referred.html()
    assert spoken(referred.golden("x")) == spoken(goose_golden())
    bare = page_of(goose_golden("<p>One two.</p>", (Label("keep", ("p",), "body"),)))
    with pytest.raises(DoesNotApply, match="no table, list or image"):
        Malformed("word").apply(bare)


def test_references_part_no_word_that_goes_on_in_another_element() -> None:
    page = goose_golden("<p>The co<i>unts</i> of geese.</p>", (Label("keep", ("p",), "body"),))
    new = Malformed(references=True).apply(page_of(page))
    assert "&" in new.html()
    assert spoken(new.golden("x")) == spoken(page)
