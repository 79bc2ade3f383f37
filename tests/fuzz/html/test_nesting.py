"""Content in more elements: spans, sections, boxes, and depth."""

from __future__ import annotations

import pytest

from factories.html_layouts import GOOSE, HTML, goose_golden, kept, page_of, texts, tree_of
from harness.fuzz.base import DoesNotApply
from harness.fuzz.html.operators.nesting import Nest, NestDeep, Spans, SplitContainer, WrapContent, WrapParagraphs
from harness.goldens.labels import Label


def test_texts_stand_in_as_many_spans_as_asked() -> None:
    tree = tree_of(Spans(3).apply(GOOSE))
    assert len(tree.css("main p > span > span > span")) == 4 and len(tree.css("main b > span > span > span")) == 1
    assert not tree.css("span > span > span > span") and not tree.css("aside span, h1 span")


@pytest.mark.parametrize("operator", [Nest(7), NestDeep(1500)])
def test_the_content_is_nested_as_deep_as_asked(operator: Nest) -> None:
    element, depth = tree_of(operator.apply(GOOSE)).css_first("main"), 0
    while element.parent is not None and element.parent.tag == "div":
        element, depth = element.parent, depth + 1
    assert depth == operator.depth + 1
    assert kept(operator.apply(GOOSE).golden("x")) == kept(goose_golden())


def test_a_table_cell_and_the_body_are_nested_inside() -> None:
    cell = page_of(
        goose_golden(
            "<table><tr><td><p>One two three.</p><p>Four five six.</p></td></tr></table>", (Label("keep", ("p",), "body"),)
        )
    )
    assert texts(Nest(2).apply(cell), "td > div > div > p") == ["One two three.", "Four five six."]
    bare = page_of(goose_golden("<p>One two three.</p><p>Four five six.</p>", (Label("keep", ("p",), "body"),)))
    assert len(texts(Nest(2).apply(bare), "body > div > div > p")) == 2


def test_each_paragraph_gets_a_section_of_its_own() -> None:
    tree = tree_of(WrapParagraphs(3).apply(GOOSE))
    assert len(tree.css("main > section > div > div > p:only-child")) == 3 and not tree.css("aside section")


def test_the_container_is_split_with_promotion_between() -> None:
    new = SplitContainer(3, filler=True).apply(GOOSE)
    assert [node.attributes.get("id") for node in tree_of(new).css(".wrap > main.story")] == ["story", None, None]
    tags = [node.attributes.get("class") for node in tree_of(new).css(".wrap > *")]
    assert tags == ["story", "inline-promo", "story", "inline-promo", "story"]
    assert all(text for text in texts(new, "main")) and len(new.inserted) == 2


@pytest.mark.parametrize("operator", WrapContent.matrix_instances())
def test_the_content_stands_in_an_unusual_element(operator: WrapContent) -> None:
    inner = " > tbody > tr > td" if operator.tag == "table" else ""
    assert len(tree_of(operator.apply(GOOSE)).css(f".wrap > {operator.tag}{inner} > main#story")) == 1


def test_a_form_is_not_put_into_a_form() -> None:
    inside = page_of(goose_golden(HTML.replace("<main", "<form><main").replace("</main>", "</main></form>")))
    with pytest.raises(DoesNotApply, match="a form cannot stand in a form"):
        WrapContent("form").apply(inside)
