"""Code, tables, lists, formulas and pictures inside a story: what stands there, and under which labels."""

from __future__ import annotations

import pytest

from factories.html_layouts import GOOSE, GOOSE_TEXT, HTML, goose_golden, kept, page_of, spoken, texts, tree_of
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.html.operators.inside import CodeListing, Formula, ImageRow, LinkEntries, NestedLists, TableInside
from harness.fuzz.html.page import DomPage
from harness.goldens.labels import Label

FIRST = "At the upper gate a goose counts boats. She has never been wrong."


def added(new: DomPage, verdict: str) -> list[str]:
    """The words of a verdict that the page has beyond those of the goose's page."""
    rest = [word for word, of, _ in spoken(new.golden("x")) if of == verdict]
    for word, of, _ in spoken(goose_golden()):
        if of == verdict:
            rest.remove(word)
    return rest


def test_code_is_kept_and_the_numbers_of_its_lines_are_dropped() -> None:
    code = added(CodeListing("none").apply(GOOSE), "keep")
    assert code[:4] == ["def", "level", "gauge", "limit"] and len(code) == 26
    for numbers, selector in (("inline", "main pre > code > span.ln"), ("column", "main td.linenos + td > pre > code")):
        new = CodeListing(numbers).apply(GOOSE)
        assert added(new, "keep") == code and added(new, "drop") == list("12345678")
        assert tree_of(new).css(selector)
    assert tree_of(CodeListing("inline").apply(GOOSE)).css_first("pre").text().startswith("1def level(")
    assert texts(CodeListing("none", 1).apply(GOOSE), ".kicker + p + .highlight")


def test_a_table_of_data_is_main_content_and_one_for_layout_changes_no_word() -> None:
    data = TableInside("data").apply(GOOSE)
    assert texts(data, ".kicker + table.data thead th") == ["", "2019", "2020", "2021"]
    assert added(data, "keep")[3:8] == ["Osper", "412", "398", "441", "Little"]
    layout = TableInside("layout").apply(GOOSE)
    assert len(texts(layout, "main > table td")) == 2 and texts(layout, "main > table td")[0] == FIRST
    assert spoken(layout.golden("x")) == spoken(goose_golden())
    alone = page_of(goose_golden("<main><p>One two.</p><h2>Three</h2><p>Four.</p></main>", (Label("keep", ("p",), "body"),)))
    with pytest.raises(DoesNotApply, match="no two paragraphs"):
        TableInside("layout").apply(alone)


def test_sentences_become_entries_of_lists_in_lists() -> None:
    new = NestedLists(2, ordered=True).apply(GOOSE)
    assert texts(new, "main > ol > li > ol > li") == ["She has never been wrong."]
    assert spoken(new.golden("x")) == spoken(goose_golden())


def test_sentences_become_entries_that_are_links() -> None:
    assert texts(LinkEntries("plain").apply(GOOSE), "main > ul > li > a:only-child") == FIRST.replace(". ", ".|").split("|")
    new = LinkEntries("paragraph").apply(GOOSE)
    assert len(texts(new, "main > ul > li > p > a")) == 2 and spoken(new.golden("x")) == spoken(goose_golden())
    linked = page_of(goose_golden(HTML.replace("goose counts", "<a href=/g>goose</a> counts")))
    assert texts(LinkEntries("plain").apply(linked), "main li a")[0].startswith("In spring")
    short = page_of(goose_golden("<main><p>One two.</p><p>Four.</p></main>", (Label("keep", ("p",), "body"),)))
    with pytest.raises(DoesNotApply, match="two sentences"):
        LinkEntries("plain").apply(short)


def test_one_notation_of_a_formula_is_kept_and_the_others_are_disputed() -> None:
    assert added(Formula("tex").apply(GOOSE), "keep") == ["F", "rho", "g", "V_0"]
    assert added(Formula("mathml").apply(GOOSE), "keep") == ["F", "ρgV0"]
    katex = Formula("katex").apply(GOOSE)
    assert added(katex, "keep") == ["F", "ρgV0"]
    assert added(katex, "maybe") == ["F", "ρgV0F", "rho", "g", "V_0"]
    image = Formula("image").apply(GOOSE)
    assert kept(image.golden("x")) == kept(goose_golden()) and tree_of(image).css('.equation > img[alt*="rho"]')


@pytest.mark.parametrize(("form", "selector"), [("figures", "figure > img"), ("list", "li > img"), ("table", "td > img")])
def test_a_row_of_images_stands_between_two_blocks(form: str, selector: str) -> None:
    new = ImageRow(form, 4).apply(GOOSE)
    assert len(tree_of(new).css(f"main > .kicker + * {selector}")) == 4
    assert spoken(new.golden("x")) == spoken(goose_golden())


@pytest.mark.parametrize("operator", [CodeListing("none"), TableInside("data"), Formula("tex")])
def test_nothing_is_added_to_a_text_that_a_dataset_gives(operator: Operator[DomPage]) -> None:
    with pytest.raises(DoesNotApply, match="no labels, only a text"):
        operator.apply(GOOSE_TEXT)
