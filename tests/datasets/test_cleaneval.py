"""CleanEval as goldens: what is read, rewritten and flagged, and what is said of files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.datasets import loaded, write
from harness.datasets.base import DatasetError
from harness.datasets.formats import cleaneval

WRAPPED = (
    '<text id="http://www.pond.example/1" title="Ponds > lakes" encoding="{}"> <html lang=en><body><p>Caf\u00e9</html>\n'
    "</text>\n"
)


def test_cleaneval(tmp_path: Path) -> None:
    write(tmp_path / "orig/1.html", WRAPPED.format("windows-1252").encode("cp1252"))
    write(
        tmp_path / "clean/1.txt",
        "\ufeffURL: http://www.pond.example/1\r\n\r\nA loose line\r\n<h>Of ponds\r\n\r\n"
        "<P>Frogs &amp; newts\r\n live&#8217;s <b>here</b>"
        "\r\n<l>one\r\n<l> two 2 < 3\r\n<p>\r\n",
    )
    write(tmp_path / "orig/2.html", "<p>never labelled</p>")
    goldens = loaded(cleaneval.cleaneval_entries(tmp_path))
    assert list(goldens) == ["cleaneval/1"]
    golden = goldens["cleaneval/1"]
    assert golden.page.content == "<html lang=en><body><p>Caf\u00e9</html>"
    assert (golden.page.url, golden.site, golden.lang) == ("http://www.pond.example/1", "pond.example", "en")
    assert golden.text == "A loose line\nOf ponds\nFrogs & newts live\u2019s <b>here</b>\none\ntwo 2 < 3"
    assert golden.markdown == "A loose line\n\n# Of ponds\n\nFrogs & newts live\u2019s <b>here</b>\n\n- one\n\n- two 2 < 3"
    assert (golden.labelled, golden.flags) == (None, ())


def test_cleanportaleval_and_its_empty_goldens(tmp_path: Path) -> None:
    page = '\n<text id="http://news.example/arts"> \n\n<html><body>x</body></html>'
    for name, gold in {"bbc_04": "\nURL: http://news.example/arts\n<!-- nothing to see -->\n", "bbc_05": "URL: x\n"}.items():
        write(tmp_path / f"input/{name}.html", page)
        write(tmp_path / f"GoldStandard/{name}.txt", gold)
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
        ("utf8", b"caf\xe9 cr\xe8me", "caf\u00e9 cr\u00e8me"),  # a wrapper that lies
    ],
)
def test_pages_are_in_the_encoding_that_the_wrapper_names(tmp_path: Path, declared: str, raw: bytes, text: str) -> None:
    write(tmp_path / "orig/1.html", f'<text id="9" encoding="{declared}">'.encode() + b"<p>" + raw)
    write(tmp_path / "clean/1.txt", "<p>x")
    assert loaded(cleaneval.cleaneval_entries(tmp_path))["cleaneval/1"].page.content == f"<p>{text}"


def test_a_folder_that_is_no_cleaneval_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"orig: no such folder; expected orig/NAME\.html with clean/NAME\.txt"):
        list(cleaneval.cleaneval_entries(tmp_path))
    (tmp_path / "orig").mkdir()
    (tmp_path / "clean").mkdir()
    with pytest.raises(DatasetError, match="holds no goldens"):
        list(cleaneval.cleaneval_entries(tmp_path))
    for name in "abcde":
        write(tmp_path / f"clean/{name}.txt", "<p>x")
    with pytest.raises(DatasetError, match=r"a\.html, b\.html, c\.html and 2 more missing"):
        list(cleaneval.cleaneval_entries(tmp_path))
    write(tmp_path / "clean/a.txt", b"<p>x\0")
    for name in "abcde":
        write(tmp_path / f"orig/{name}.html", "<p>x")
    with pytest.raises(DatasetError, match=r"a\.txt: holds null characters"):
        list(cleaneval.cleaneval_entries(tmp_path))
