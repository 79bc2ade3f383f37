"""The source of a page, tag by tag: marks are taken out, and nothing else changes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.places import DATASETS, needs_datasets
from harness.datasets.base import read_page
from harness.datasets.formats import webmainbench
from harness.goldens.golden import Segment
from harness.pages.page import Page, visible_text
from harness.pages.tags import tags


@pytest.mark.parametrize(
    ("marked", "clean"),
    [
        ('<p data-anno-uid="a-1">x</p>', "<p>x</p>"),
        ("<P CC-SELECT='true' DATA-ANNO-UID=a7>x</P>", "<P>x</P>"),
        ('<p class="mark-selected">x</p>', "<p>x</p>"),
        ('<p class="lead mark-selected">x</p>', '<p class="lead">x</p>'),
        ("<p class='mark-selected lead'>x</p>", "<p class='lead'>x</p>"),
        ('<p class="not-mark-selected mark-selected-not">x</p>', '<p class="not-mark-selected mark-selected-not">x</p>'),
        ('<p title="cc-select mark-selected" cc-select>x</p>', '<p title="cc-select mark-selected">x</p>'),
        ('<p a=1 cc-select="true">x</p>', "<p a=1>x</p>"),
        ('<p a=1 cc-select="true"b=2>x</p>', "<p a=1 b=2>x</p>"),
        ('<br a=1 cc-select="true"/>', "<br a=1 />"),  # `a=1/` would be another value
        ('<p alt="a > b" cc-select="true" id=z>x</p>', '<p alt="a > b" id=z>x</p>'),
        (
            "<p><marked-text data-anno-uid='q'>a &amp; b</marked-text><b>c</b><marked-tail>d</marked-tail>",
            "<p>a &amp; b<b>c</b>d",
        ),
        ("<title><marked-text>News</marked-text></title>", "<title>News</title>"),
        ('<!-- <p cc-select="true"> --><p cc-select="true">', '<!-- <p cc-select="true"> --><p>'),
        ('<script>var s = "<p cc-select=1>"</script><p cc-select=1>', '<script>var s = "<p cc-select=1>"</script><p>'),
        ('<p class = "a\n mark-selected\tb">', '<p class = "a\tb">'),
        ("5 < 6 and <p cc-select=true", "5 < 6 and <p cc-select=true"),  # a page that ends inside a tag
    ],
)
def test_marks_are_taken_out_and_nothing_else(marked: str, clean: str) -> None:
    assert webmainbench.stripped(marked) == clean


@dataclass
class Node:
    """A text or an element of a page, and how its labelling marked it."""

    tag: str | None
    text: str = ""
    selected: bool = False
    attributes: str = ""
    children: list[Node] = field(default_factory=list)

    def source(self, marked: bool) -> str:
        mark = f' cc-select="{str(self.selected).lower()}" data-anno-uid="u1"' if marked else ""
        if self.tag is None:
            if not marked:
                return self.text
            chosen = ' class="mark-selected"' if self.selected else ""
            return f"<marked-tail{mark}{chosen}>{self.text}</marked-tail>"
        attributes = self.attributes
        if marked and self.selected:
            attributes = attributes.replace('class="c"', 'class="c mark-selected"')
        return f"<{self.tag}{mark}{attributes}>{''.join(child.source(marked) for child in self.children)}</{self.tag}>"

    def kept(self, inside: bool = False) -> Iterator[str]:
        """The words that the published rule keeps: it does not look below what is hidden, and takes all of what it takes."""
        inside = inside or (self.selected and "display" not in self.attributes)
        if self.tag is None:
            yield from self.text.split() if inside else ()
        elif inside or "display" not in self.attributes:
            for child in self.children:
                yield from child.kept(inside)


texts = st.builds(
    Node,
    tag=st.none(),
    text=st.sampled_from(["alpha ", " beta", " gamma delta ", "\n  ", " ε ", " 漢字 "]),
    selected=st.booleans(),
)
attributes = st.sampled_from(["", "", ' class="c"', " id=i7", " title='a > b'", ' style="color:red;display: none"'])
inline = st.recursive(
    texts,
    lambda inner: st.builds(
        Node, st.sampled_from(["span", "b"]), st.just(""), st.booleans(), attributes, st.lists(inner, max_size=3)
    ),
    max_leaves=4,
)
paragraphs = st.builds(
    Node, st.sampled_from(["p", "h2", "pre"]), st.just(""), st.booleans(), attributes, st.lists(inline, max_size=3)
)
blocks = st.recursive(
    st.one_of(paragraphs, inline),
    lambda inner: st.builds(
        Node,
        st.sampled_from(["div", "section", "my-block"]),
        st.just(""),
        st.booleans(),
        attributes,
        st.lists(inner, max_size=4),
    ),
    max_leaves=8,
)


@given(st.lists(blocks, max_size=4))
def test_a_marked_page_gives_the_page_back_and_labels_what_the_published_rule_keeps(nodes: list[Node]) -> None:
    clean, marked = (
        f"<!DOCTYPE html><html><head><title>t</title></head><body>{''.join(n.source(m) for n in nodes)}</body></html>"
        for m in (False, True)
    )
    assert webmainbench.stripped(marked) == clean
    labelled = webmainbench.labels(marked)
    expected = [word for node in nodes for word in node.kept()]
    if labelled is None:
        assert expected == []
        return
    assert " ".join(s.text for s in labelled if s.verdict == "keep").split() == expected
    assert lines_of(labelled) == [line for line in visible_text(clean).splitlines() if line]


def lines_of(segments: tuple[Segment, ...]) -> list[str]:
    """The text of the body line by line, as `visible_text` writes it."""
    lines: dict[int, str] = {}
    for part in segments:
        if part.kind not in ("metadata", "alt", "attribute", "json-ld", "template"):
            lines[part.line] = lines.get(part.line, "") + part.text
    return [" ".join(line.split()) for line in lines.values() if line.strip()]


def test_texts_in_tables_stay_where_they_are() -> None:
    marked = (
        "<head><marked-text> </marked-text><title>T</title></head><body><p>before"
        "<table><marked-text>\n </marked-text><tr><td><marked-text cc-select='true'>cell</marked-text></td>"
        "<marked-tail>\n</marked-tail></tr></table>"
    )
    clean = webmainbench.stripped(marked)
    assert clean == "<head> <title>T</title></head><body><p>before<table>\n <tr><td>cell</td>\n</tr></table>"
    labelled = webmainbench.labels(marked)
    assert labelled is not None
    assert lines_of(labelled) == visible_text(clean).splitlines() == ["before", "cell"]
    assert [part.text for part in labelled if part.verdict == "keep"] == ["cell"]


class StartTags(HTMLParser):
    """Where the standard library's tokenizer sees a start tag: line, column, length of `<name`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.places: list[tuple[int, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places.append((*self.getpos(), len(tag) + 1))

    handle_startendtag = handle_starttag


_EMPTY = re.compile(r"\s+(?:class|style)\s*=\s*(?:\"\s*\"|'\s*'|(?=>))", re.I)


@needs_datasets
def test_real_pages_come_back_byte_for_byte_and_line_for_line() -> None:
    """Marks are put at every tag that an independent tokenizer sees, and around texts that end a paragraph."""
    files = sorted(Path(DATASETS or "", "aeb", "html").glob("*.html.gz"))
    assert len(files) == 181
    wrapped = 0
    for file in files[::15]:
        # Empty classes and styles, which the labelling leaves, cannot be told from a site's own, and go.
        html = _EMPTY.sub("", Page(read_page(file), "text/html").content)
        parser = StartTags()
        parser.feed(html)
        begins = [0, *(found.end() for found in re.finditer("\n", html))]
        places = [begins[row - 1] + column + length for row, column, length in parser.places]
        parts = [html[start:end] for start, end in pairwise([0, *places, len(html)])]
        in_paragraphs = (re.sub(r">([^<>]+)</p>", r"><marked-text>\1</marked-text></p>", part) for part in parts)
        marked = ' data-anno-uid="7" cc-select="true"'.join(in_paragraphs)
        wrapped += marked.count("<marked-text>")
        assert webmainbench.stripped(marked) == html, file
        labelled = webmainbench.labels(marked)
        assert labelled is not None
        assert lines_of(labelled) == [line for line in visible_text(html).splitlines() if line], file
    assert wrapped > 100


@pytest.mark.parametrize(
    "bomb",
    [
        "<p " * 300_000,
        "<!--" * 300_000,
        "<p a='" * 300_000,
        "<marked-text " * 300_000,
        "<script>" * 300_000,
        "<a " + " " * 1_500_000,
    ],
)
def test_hostile_sources_are_read_in_linear_time(bomb: str) -> None:
    started = time.process_time()
    assert len(list(tags(bomb))) <= 1
    assert time.process_time() - started < 10, "what takes the square of it needs minutes"
