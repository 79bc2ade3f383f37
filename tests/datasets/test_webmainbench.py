"""WebMainBench as goldens: what is read, rewritten and flagged, and what is said of files that are wrong."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import pytest

from factories.datasets import loaded, of_verdict, write
from harness.datasets.base import DatasetError
from harness.datasets.formats import webmainbench


def test_marks_inside_titles_and_half_surrogates_are_no_text(tmp_path: Path) -> None:
    html = (
        "<title><marked-text>Bees</marked-text></title><p cc-select=true>\ud83d!<textarea><marked-tail>a</marked-tail></p>"
    )
    golden = loaded(webmainbench.webmainbench_entries(jsonl(tmp_path, {**ROW, "html": html})))["webmainbench/b2"]
    assert golden.page.content == "<title>Bees</title><p>?!<textarea>a</p>"
    assert golden.labelled is not None
    assert [part.text for part in golden.labelled] == ["Bees", "?!", "a</p>"]


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
    return write(folder / "wmb.jsonl", "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))


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
