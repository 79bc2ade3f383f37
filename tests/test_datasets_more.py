"""Datasets whose pages or labels need rewriting: WebMainBench, CleanEval, dragnet, BoilerNet's, and web archives."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.datasets import decoding
from harness.datasets.base import DatasetError, Entry, read_page
from harness.datasets.formats import boilernet, cleaneval, dragnet, warc, webmainbench
from harness.datasets.markup import tags
from harness.goldens.golden import Golden, Segment
from harness.pages.page import visible_text

DATASETS = os.environ.get("HARNESS_DATASETS")


def loaded(entries: Iterator[Entry]) -> dict[str, Golden]:
    """The goldens by id, each loaded by a copy of its entry, which must say the same as the golden."""
    found = {}
    previous = ""
    for entry in entries:
        assert previous < entry.id
        golden = pickle.loads(pickle.dumps(entry)).load()
        assert (golden.id, golden.kind, golden.lang, golden.site, golden.flags) == (
            entry.id,
            entry.kind,
            entry.lang,
            entry.site,
            entry.flags,
        )
        found[previous := entry.id] = golden
    return found


def of_verdict(golden: Golden, verdict: str) -> list[tuple[str, str]]:
    assert golden.labelled is not None
    return [(part.text.strip(), part.kind) for part in golden.labelled if part.verdict == verdict and part.text.strip()]


def put(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


# --- The source of a page, tag by tag ---------------------------------------------------------------------------------


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
        if part.kind not in ("metadata", "alt"):
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


def test_marks_inside_titles_and_half_surrogates_are_no_text(tmp_path: Path) -> None:
    html = (
        "<title><marked-text>Bees</marked-text></title><p cc-select=true>\ud83d!<textarea><marked-tail>a</marked-tail></p>"
    )
    golden = loaded(webmainbench.webmainbench_entries(jsonl(tmp_path, {**ROW, "html": html})))["webmainbench/b2"]
    assert golden.page.content == "<title>Bees</title><p>?!<textarea>a</p>"
    assert golden.labelled is not None
    assert [part.text for part in golden.labelled] == ["Bees", "?!", "a</p>"]


class StartTags(HTMLParser):
    """Where the standard library's tokenizer sees a start tag: line, column, length of `<name`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.places: list[tuple[int, int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.places.append((*self.getpos(), len(tag) + 1))

    handle_startendtag = handle_starttag


@pytest.mark.skipif(not DATASETS, reason="HARNESS_DATASETS names no folder with the data sets")
def test_real_pages_come_back_byte_for_byte_and_line_for_line() -> None:
    """Marks are put at every tag that an independent tokenizer sees, and around texts that end a paragraph."""
    files = sorted(Path(DATASETS or "", "aeb", "html").glob("*.html.gz"))
    assert len(files) == 181
    wrapped = 0
    for file in files[::15]:
        html = decoding.decoded(read_page(file))
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
        "<p " * 60_000,
        "<!--" * 60_000,
        "<p a='" * 60_000,
        "<marked-text " * 60_000,
        "<script>" * 60_000,
        "<a " + " " * 300_000,
    ],
)
def test_hostile_sources_are_read_in_linear_time(bomb: str) -> None:
    started = time.perf_counter()
    assert len(list(tags(bomb))) <= 1
    assert time.perf_counter() - started < 2


# --- WebMainBench -----------------------------------------------------------------------------------------------------

MARKED = (
    '<html><head><title>Bees</title></head><body><nav data-anno-uid="n1"><marked-text>Home</marked-text></nav>'
    '<div data-anno-uid="d1"><h1 cc-select="true" class="mark-selected"><marked-text>Bees at night</marked-text></h1>'
    '<p data-anno-uid="p1"><marked-text cc-select="true" class="mark-selected">They sleep </marked-text><b>badly</b></p>'
    '<div style="display:none"><p cc-select="true">Draft</p></div></div></body></html>'
)
ROW = {
    "track_id": "b2",
    "url": "https://www.bees.example/night",
    "html": MARKED,
    "convert_main_content": "# Bees at night\n\nThey sleep",
    "meta": {"language": "en", "style": "Article", "level": "mid"},
}


def jsonl(folder: Path, *rows: object) -> Path:
    return put(folder, "wmb.jsonl", "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))


def test_webmainbench(tmp_path: Path) -> None:
    calibrated = {
        **ROW,
        "track_id": "a1",
        "groundtruth_content": "# Bees",
        "meta": {"style": "Content Listing", "language": "zh"},
    }
    blank = {"track_id": "c3", "html": "<p>Log in</p>", "groundtruth_content": None, "convert_main_content": " ", "meta": {}}
    forum = {**ROW, "track_id": "d4", "meta": {"style": {"category": "Forum_or_Article_with_commentsection"}}}
    goldens = loaded(webmainbench.webmainbench_entries(jsonl(tmp_path, ROW, "  \r\n", blank, calibrated, forum)))
    assert list(goldens) == [f"webmainbench/{key}" for key in ("a1", "b2", "c3", "d4")]
    golden = goldens["webmainbench/b2"]
    assert not re.search("marked-|mark-selected|cc-select|data-anno", golden.page.content)
    assert golden.page.content.startswith(
        "<html><head><title>Bees</title></head><body><nav>Home</nav><div><h1>Bees at night</h1>"
    )
    assert (golden.site, golden.lang, golden.kind, golden.flags) == ("bees.example", "en", "article", ("label-in-input",))
    assert golden.text == golden.markdown == "# Bees at night\n\nThey sleep"
    assert of_verdict(golden, "keep") == [("Bees at night", "body"), ("They sleep", "body")]
    assert of_verdict(golden, "drop") == [("Bees", "metadata"), ("Home", "other"), ("badly", "other"), ("Draft", "hidden")]
    assert goldens["webmainbench/a1"].markdown == "# Bees"
    assert [goldens[f"webmainbench/{key}"].kind for key in ("a1", "c3", "d4")] == ["listing", "service", "forum"]
    empty = goldens["webmainbench/c3"]
    assert (empty.flags, empty.labelled, empty.lang, empty.site) == (("empty-gold",), None, "und", "c3")


def test_a_list_of_webmainbench_holds_no_pages(tmp_path: Path) -> None:
    file = jsonl(tmp_path, *({**ROW, "track_id": f"t{n}", "html": "<p>" + "word " * 50_000} for n in range(3)))
    assert len(pickle.dumps(list(webmainbench.webmainbench_entries(file)))) < 3_000


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([ROW, "{broken\n"], r"wmb\.jsonl:2: not JSON"),
        (["[]\n"], r"wmb\.jsonl:1: not an object"),
        ([{**ROW, "html": 7}], r"wmb\.jsonl:1: 'html' is no text or empty"),
        ([{"html": "<p>x", "convert_main_content": ""}], r"wmb\.jsonl:1: 'track_id' is no text"),
        ([{**ROW, "url": ["x"]}], r"wmb\.jsonl:1: 'url' is no text"),
        ([{"track_id": "x", "html": "<p>x"}], "'x' has neither 'groundtruth_content' nor 'convert_main_content'"),
        ([ROW, "\n", ROW], r"wmb\.jsonl:3: track_id 'b2' is that of line 1"),
        ([], "holds no pages"),
    ],
)
def test_a_bad_line_of_webmainbench_is_named(tmp_path: Path, rows: list[object], message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        list(webmainbench.webmainbench_entries(jsonl(tmp_path, *rows)))


def test_a_file_of_webmainbench_that_changed_is_no_silent_page(tmp_path: Path) -> None:
    entry = next(webmainbench.webmainbench_entries(jsonl(tmp_path, ROW)))
    (tmp_path / "wmb.jsonl").write_text("")
    with pytest.raises(DatasetError, match=r"wmb\.jsonl:1: not JSON"):
        entry.load()
    with pytest.raises(DatasetError, match="cannot be read"):
        list(webmainbench.webmainbench_entries(tmp_path / "none.jsonl"))


# --- CleanEval --------------------------------------------------------------------------------------------------------

WRAPPED = (
    '<text id="http://www.pond.example/1" title="Ponds > lakes" encoding="{}"> <html lang=en><body><p>Caf\u00e9</html>\n'
    "</text>\n"
)


def test_cleaneval(tmp_path: Path) -> None:
    put(tmp_path, "orig/1.html", WRAPPED.format("windows-1252").encode("cp1252"))
    put(
        tmp_path,
        "clean/1.txt",
        "\ufeffURL: http://www.pond.example/1\r\n\r\nA loose line\r\n<h>Of ponds\r\n\r\n"
        "<P>Frogs &amp; newts\r\n live&#8217;s <b>here</b>"
        "\r\n<l>one\r\n<l> two 2 < 3\r\n<p>\r\n",
    )
    put(tmp_path, "orig/2.html", "<p>never labelled</p>")
    goldens = loaded(cleaneval.cleaneval_entries(tmp_path))
    assert list(goldens) == ["cleaneval/1"]
    golden = goldens["cleaneval/1"]
    assert golden.page.content == "<html lang=en><body><p>Caf\u00e9</html>"
    assert (golden.page.url, golden.site, golden.lang) == ("http://www.pond.example/1", "pond.example", "en")
    assert golden.text == "A loose line\nOf ponds\nFrogs & newts live\u2019s here\none\ntwo 2 < 3"
    assert golden.markdown == "A loose line\n\n# Of ponds\n\nFrogs & newts live\u2019s here\n\n- one\n\n- two 2 < 3"
    assert (golden.labelled, golden.flags) == (None, ())


def test_cleanportaleval_and_its_empty_goldens(tmp_path: Path) -> None:
    page = '\n<text id="http://news.example/arts"> \n\n<html><body>x</body></html>'
    for name, gold in {"bbc_04": "\nURL: http://news.example/arts\n<!-- nothing to see -->\n", "bbc_05": "URL: x\n"}.items():
        put(tmp_path, f"input/{name}.html", page)
        put(tmp_path, f"GoldStandard/{name}.txt", gold)
    goldens = loaded(cleaneval.portal_entries(tmp_path))
    assert list(goldens) == ["cleanportaleval/bbc_04", "cleanportaleval/bbc_05"]
    for golden in goldens.values():
        assert (golden.text, golden.markdown, golden.flags) == ("", "", ("empty-gold",))
        assert golden.page.content == "\n<html><body>x</body></html>"


lines = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="&<>"), min_size=1).map(
    lambda word: f"w {word}"
)


@given(st.lists(st.tuples(st.sampled_from("hpl"), lines)))
def test_the_segments_of_a_golden_come_back(segments: list[tuple[str, str]]) -> None:
    golden = "URL: http://a.example/\n" + "".join(f"<{tag}>{line.replace(' ', chr(10) + ' ')}\n\n" for tag, line in segments)
    assert cleaneval.segments(golden) == segments


@pytest.mark.parametrize(
    ("declared", "raw", "text"),
    [
        ("windows-1251", "Пруд".encode("cp1251"), "Пруд"),
        ("windows-1251", "Пруд".encode(), "Пруд"),  # what is valid UTF-8 is UTF-8
        ("unicode_escape", b"caf\xe9 \\u0041", "caf\u00e9 \\u0041"),  # no encoding of the web
        ("", b"caf\xe9", "caf\u00e9"),
    ],
)
def test_pages_of_cleaneval_are_utf8_from_here_on(tmp_path: Path, declared: str, raw: bytes, text: str) -> None:
    put(tmp_path, "orig/1.html", f'<text id="9" encoding="{declared}">'.encode() + b"<p>" + raw)
    put(tmp_path, "clean/1.txt", "<p>x")
    assert loaded(cleaneval.cleaneval_entries(tmp_path))["cleaneval/1"].page.content == f"<p>{text}"


def test_a_folder_that_is_no_cleaneval_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"orig: no such folder; expected orig/NAME\.html with clean/NAME\.txt"):
        list(cleaneval.cleaneval_entries(tmp_path))
    (tmp_path / "orig").mkdir()
    (tmp_path / "clean").mkdir()
    with pytest.raises(DatasetError, match="holds no goldens"):
        list(cleaneval.cleaneval_entries(tmp_path))
    for name in "abcde":
        put(tmp_path, f"clean/{name}.txt", "<p>x")
    with pytest.raises(DatasetError, match=r"a\.html, b\.html, c\.html and 2 more missing"):
        list(cleaneval.cleaneval_entries(tmp_path))
    put(tmp_path, "clean/a.txt", "<p>x".encode("utf-16"))
    for name in "abcde":
        put(tmp_path, f"orig/{name}.html", "<p>x")
    with pytest.raises(DatasetError, match=r"a\.txt: holds null characters"):
        list(cleaneval.cleaneval_entries(tmp_path))


# --- dragnet ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["Corrected", "corrected/Corrected"])
def test_dragnet_sets_comments_apart(tmp_path: Path, folder: str) -> None:
    put(tmp_path, "HTML/R7.html", b"<html lang=en><title>T</title><body><p>Tea caf\xe9</p><p>Menu</p><div>First!</div>")
    put(tmp_path, "HTML/spare.html", "<p>no golden")
    put(tmp_path, f"{folder}/R7.html.corrected.txt", b"Tea caf\xe9\n\nIt is good.\n!@#$%^&*()  COMMENTS\nFirst!\n\nSecond\n")
    put(tmp_path, "HTML/S8.html", "<p>Soup</p>")
    put(tmp_path, f"{folder}/S8.html.corrected.txt", "Soup. COMMENTS welcome.\n")
    put(tmp_path, "HTML/T9.html", "<p>Toast</p>")
    put(tmp_path, f"{folder}/T9.html.corrected.txt", "!@#$%^&*()  COMMENTS\nOnly a comment")
    goldens = loaded(dragnet.dragnet_entries(tmp_path))
    assert list(goldens) == ["dragnet/R7", "dragnet/S8", "dragnet/T9"]
    golden = goldens["dragnet/R7"]
    assert golden.text == "Tea caf\u00e9\n\nIt is good."
    assert "caf\u00e9" in golden.page.content
    assert of_verdict(golden, "keep") == [("Tea caf\u00e9", "body"), ("It is good.", "body")]
    assert of_verdict(golden, "maybe") == [("First!", "comment"), ("Second", "comment")]
    assert of_verdict(golden, "drop") == [("Tea caf\u00e9", "other"), ("Menu", "other"), ("First!", "other")]
    assert [part.line for part in golden.segments] == list(range(7))
    assert goldens["dragnet/S8"].main_content == "Soup. COMMENTS welcome."
    assert goldens["dragnet/T9"].flags == ("empty-gold",)
    assert of_verdict(goldens["dragnet/T9"], "maybe") == [("Only a comment", "comment")]


# --- L3S-GN1 and GoogleTrends-2017 ------------------------------------------------------------------------------------


def test_l3s_gn1(tmp_path: Path) -> None:
    put(tmp_path, "original/u-1.html", b"<html lang=en><body><h1>Rain caf\xe9</h1>")
    put(
        tmp_path,
        "annotated/u-1.html",
        "<html><body><div><span class='x-nc-sel0'>Menu</span></div>"
        "<h1><span class='x-nc-sel1 x-nc-sel2'> Rain caf\u00e9 </span></h1>"
        "<p><span class='bodysmall x-nc-sel2'>It rained <span class='x-nc-sel5'>says Bo</span> a lot.</span></p>"
        "<table><tr><td><span class='x-nc-sel3'>A cloud</span></td></tr></table>"
        "<p class='x-nc-invisible x-nc-sel2'>Print</p>"
        "<p><span class='x-nc-sel2'>Then</span> <span class='x-nc-sel2'>sun.</span></p>"
        "<div class='x-nc-sel4'>More rain <span class='x-nc-sel2'>fell</span></div><p>Footer</p></body></html>",
    )
    put(tmp_path, "url-mapping.txt", "<urn:uuid:u-1> http://www.rain.example/1\n")
    put(tmp_path, "original/u-2.html", "<p>x")
    put(tmp_path, "annotated/u-2.html", "<p>x")
    goldens = loaded(boilernet.l3s_entries(tmp_path))
    golden = goldens["l3s-gn1/u-1"]
    assert golden.page.content == "<html lang=en><body><h1>Rain caf\u00e9</h1>"
    assert (golden.site, golden.lang, golden.flags) == ("rain.example", "en", ())
    assert of_verdict(golden, "keep") == [
        ("Rain caf\u00e9", "title"),
        ("It rained", "body"),
        ("a lot.", "body"),
        ("A cloud", "caption"),
        ("Then", "body"),
        ("sun.", "body"),
        ("fell", "body"),
    ]
    assert of_verdict(golden, "maybe") == [("says Bo", "comment")]
    assert of_verdict(golden, "drop") == [
        ("Menu", "other"),
        ("Print", "hidden"),
        ("More rain", "related"),
        ("Footer", "other"),
    ]
    # The published text: only elements that hold one text; in a table or the body they begin no line, in a paragraph all do.
    assert golden.text == "Rain caf\u00e9 A cloud Print \nThen \nsun. \nfell"
    assert goldens["l3s-gn1/u-2"].flags == ("empty-gold",)
    assert goldens["l3s-gn1/u-2"].site == "u-2"


def test_google_trends(tmp_path: Path) -> None:
    put(tmp_path, "raw_html/9.html", "<div>Nav</div><p>Snow <b>fell</b> late.</p>")
    put(
        tmp_path,
        "prepared_html/9.html",
        '<html><body>\n<div>\n<span __boilernet_label="0">\n Nav\n</span>\n</div>\n<p>\n'
        '<span __boilernet_label="1">\n Snow\n</span>\n'
        '<b>\n<span __boilernet_label="1">\n fell\n</span>\n</b>\n<span __boilernet_label="0">\n '
        '<i><span __boilernet_label="1">late'
        "</span></i>.\n</span>\n</p></body></html>",
    )
    golden = loaded(boilernet.trends_entries(tmp_path))["google-trends-2017/9"]
    assert of_verdict(golden, "keep") == [("Snow", "body"), ("fell", "body"), ("late", "body")]
    assert of_verdict(golden, "drop") == [("Nav", "other"), (".", "other")]
    assert golden.text == "Snow fell late"
    with pytest.raises(DatasetError, match=r"9\.html missing.*goldens for them"):
        (tmp_path / "raw_html/9.html").unlink()
        list(boilernet.trends_entries(tmp_path))


# --- Web archives -----------------------------------------------------------------------------------------------------

RESPONSES = [
    # URL, content type, status, body
    ("http://www.a.example/", "text/html; charset=windows-1251", "200 OK", "<html lang=ru>Пруд</html>".encode("cp1251")),
    ("http://a.example/logo", "image/png", "200 OK", b"\x89PNG"),
    ("http://a.example/old", "text/html", "301 Moved Permanently", b"<p>gone</p>"),
    ("http://b.example:8080/", "text/html", "200 OK", '<meta charset="shift_jis"><p>池</p>'.encode("shift_jis")),
    ("http://b.example/utf8", "Text/HTML", "200 OK", "<p>café</p>".encode()),
    ("http://b.example/latin", "application/xhtml+xml", "200 OK", "<p>café</p>".encode("latin-1")),
    ("http://b.example/bom", "text/html; charset=latin1", "200 OK", "\ufeff<p>café</p>".encode("utf-16-le")),
]


def archive(file: Path, packed: bool) -> Path:
    pytest.importorskip("warcio", reason="the extra `benchmarks` is not installed")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(file.name, {"software": "a test"}))
        for url, content_type, status, body in RESPONSES:
            head = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "request", payload=io.BytesIO(b""), http_headers=head))
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head))
    return file


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_an_archive(tmp_path: Path, packed: bool) -> None:
    goldens = loaded(warc.warc_entries(archive(tmp_path / ("crawl-1.warc.gz" if packed else "crawl-1.warc"), packed)))
    assert {key: golden.page.content for key, golden in goldens.items()} == {
        "crawl-1/0000001-a.example": "<html lang=ru>Пруд</html>",
        "crawl-1/0000002-b.example": '<meta charset="shift_jis"><p>池</p>',
        "crawl-1/0000003-b.example": "<p>café</p>",
        "crawl-1/0000004-b.example": "<p>café</p>",
        "crawl-1/0000005-b.example": "<p>café</p>",
    }
    first = goldens["crawl-1/0000001-a.example"]
    assert (first.page.url, first.lang, first.site) == ("http://www.a.example/", "ru", "a.example")
    assert not first.has_main_content
    assert first.flags == ("unlabelled",)


def test_texts_of_an_archive_and_folders(tmp_path: Path) -> None:
    archive(tmp_path / "b.warc.gz", packed=True)
    from warcio.warcwriter import WARCWriter

    with (tmp_path / "a.warc.wet.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url in ("http://x.example/", "http://[::1]/"):
            text = io.BytesIO("Tomé\nnext".encode())
            writer.write_record(writer.create_warc_record(url, "conversion", text, warc_content_type="text/plain"))
    put(tmp_path, "notes.txt", "not an archive")
    goldens = loaded(warc.warc_entries(tmp_path))
    assert list(goldens)[:3] == ["a/0000001-x.example", "a/0000002-__1", "b/0000001-a.example"]
    assert (goldens["a/0000001-x.example"].page.media, goldens["a/0000001-x.example"].page.text) == (
        "text/plain",
        "Tomé\nnext",
    )
    put(tmp_path, "b.warc", b"")
    with pytest.raises(DatasetError, match=r"b\.warc\.gz: its ids would be those of b\.warc"):
        list(warc.warc_entries(tmp_path))


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_that_is_cut_anywhere_is_an_error_or_ends_between_records(tmp_path: Path, packed: bool) -> None:
    cut = archive(tmp_path / "cut.warc", packed)
    whole = cut.read_bytes()
    pages = [(entry.load.args[1], entry.load()) for entry in warc.warc_entries(cut)]
    failed = 0
    for length in range(20, len(whole), 37):
        cut.write_bytes(whole[:length])
        try:
            found = list(warc.warc_entries(cut))
        except DatasetError as error:
            failed += 1
            offset = re.search(r"cut\.warc, byte (\d+): the record cannot be read", str(error))
            assert offset, error
            assert int(offset[1]) <= length
        else:
            assert [entry.load() for entry in found] == [golden for _, golden in pages[: len(found)]]
            assert len(found) >= sum(start < length for start, _ in pages) - 1
    assert failed > 10


def test_a_record_that_is_longer_than_it_says_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = archive(tmp_path / "x.warc", packed=False)
    head, length, tail = file.read_bytes().rpartition(b"Content-Length: ")
    number, rest = tail.split(b"\r\n", 1)
    file.write_bytes(head + length + b"%d\r\n" % (int(number) - 5) + rest)
    with pytest.raises(
        DatasetError, match=r"byte \d{4}: the record cannot be read: the record goes on after its Content-Length"
    ):
        list(warc.warc_entries(file))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>no archive</html>\n" * 9, r"byte 0: the record cannot be read"),
        (b"\x1f\x8b\x08\x00garbage garbage garbage", r"byte 0: the record cannot be read"),
    ],
)
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    pytest.importorskip("warcio", reason="the extra `benchmarks` is not installed")
    with pytest.raises(DatasetError, match=message):
        list(warc.warc_entries(put(tmp_path, "x.warc", content)))


def test_archives_need_a_folder_with_some_and_warcio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="holds no archive"):
        list(warc.warc_entries(tmp_path))
    with pytest.raises(DatasetError, match="no such file"):
        list(warc.warc_entries(tmp_path / "none.warc"))
    put(tmp_path, "x.warc", b"")
    for name in [name for name in sys.modules if name.partition(".")[0] == "warcio"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "warcio", None)
    with pytest.raises(DatasetError, match=r"pip install 'extraction-harness\[benchmarks\]'"):
        list(warc.warc_entries(tmp_path))


# --- Encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        (b"caf\xe9 \x93q\x94", "iso-8859-1", "café “q”"),  # browsers read it as Windows-1252
        ("пруд".encode("koi8-r"), " KOI8-R ", "пруд"),
        ("ı".encode("iso8859-9"), "latin5", "ı"),
        ("池".encode("gb18030"), "gb2312", "池"),
        ("池".encode("cp932"), "x-sjis", "池"),
        ("é".encode(), "no-such-charset", "é"),
        (b"<meta charset=utf-16>caf\xe9", None, "<meta charset=utf-16>café"),
        (b"<META http-equiv=x content='text/html; CHARSET=windows-1253'>\xe1", "idna", None),
        (b"a\x81b", None, "a\ufffdb"),
        (b"caf\xe9", "utf-8", "caf\ufffd"),
        (b"x", "\0", "x"),
    ],
)
def test_declared_encodings(raw: bytes, declared: str | None, text: str | None) -> None:
    found = decoding.decoded_as_declared(raw, declared)
    assert found == text if text is not None else found.endswith("α")
