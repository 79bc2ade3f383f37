"""WebMainBench as goldens: what is read, rewritten and flagged, and what is said of files that are wrong."""

from __future__ import annotations

import json
import pickle
import random
import re
from pathlib import Path

import pytest

from factories.datasets import loaded, of_verdict, write
from factories.places import DATASETS, needs_datasets
from harness.datasets.base import DatasetError
from harness.datasets.formats import webmainbench
from harness.pages.tags import tags


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


STYLE_SHEET = (
    '<style id="cc-extraStyle" name="cc">\n.mark-selected { outline: 2px !important; }\n.cc-unloaded { width: 1px }</style>'
)


@pytest.mark.parametrize(
    ("marked", "page"),
    [
        ('<p class="" style="">a</p>', "<p>a</p>"),
        ('<p class="lead mark-selected" style="" id=x>a</p>', '<p class="lead" id=x>a</p>'),
        ('<img class="mark-selected cc-unloaded wide" src=a>', '<img class="wide" src=a>'),
        ('<p style="color: red" class=" ">a</p>', '<p style="color: red">a</p>'),
        (f"<head>{STYLE_SHEET}<style>b {{}}</style></head>", "<head><style>b {}</style></head>"),
        ('<body style="user-select: none;">a', "<body>a"),
        ('<body style="margin: 0; user-select: none;">a', '<body style="margin: 0;">a'),
        ('<body style="user-select: none; margin: 0">a', '<body style="margin: 0">a'),
        ('<p style="user-select: none">a', '<p style="user-select: none">a'),  # the site's own
    ],
)
def test_traces_of_the_labelling_leave_the_page(marked: str, page: str) -> None:
    assert webmainbench.stripped(f"{marked}<i data-anno-uid=1 cc-select=true></i>") == f"{page}<i></i>"


def elements(html: str) -> list[frozenset[tuple[str, bool]]]:
    """The features of each element: the names of its attributes, each with whether it is empty."""
    found = [tag for tag in tags(html) if not tag.closing and tag.name == "p"]
    return [frozenset((attribute.name, not attribute.value) for attribute in tag.attributes) for tag in found]


def accuracy_of_best_rule(pages: list[str], labels: list[list[bool]]) -> float:
    """How often "an element is labelled if (or unless) it has this feature" is right on the second half of the pages.

    The feature is the one that is best on the first half.
    """
    half = len(pages) // 2
    known, unknown = (
        [pair for page, truth in zip(pages[part], labels[part]) for pair in zip(elements(page), truth)]
        for part in (slice(half), slice(half, None))
    )
    rules = [(feature, sign) for feature in set().union(*(features for features, _ in known)) for sign in (True, False)]
    feature, sign = max(rules, key=lambda rule: sum(((rule[0] in has) == rule[1]) == label for has, label in known))
    return sum(((feature in has) == sign) == label for has, label in unknown) / len(unknown)


def test_a_rule_on_attributes_does_not_find_the_label() -> None:
    chance = random.Random(7)
    own = ["", ' id="a"', ' class="lead"', ' style="color: red"', ' class="x y" title=""']
    marked, labels = [], []
    for _ in range(8):
        truth = [chance.random() < 0.5 for _ in range(200)]
        source = ""
        for label in truth:
            attributes = chance.choice(own)
            if label:
                has_class = " class=" in attributes
                attributes = attributes.replace('class="', 'class="mark-selected ') + ' class="mark-selected"' * (
                    not has_class
                )
                attributes += ' style=""' * ("style" not in attributes) + ' cc-select="true"'
            source += f'<p data-anno-uid="u"{attributes}><marked-text>word</marked-text></p>'
        marked.append(source)
        labels.append(truth)
    assert accuracy_of_best_rule(marked, labels) == 1
    assert accuracy_of_best_rule([re.sub(' cc-select="true"', "", page) for page in marked], labels) > 0.7
    assert accuracy_of_best_rule([webmainbench.stripped(page) for page in marked], labels) < 0.56


@needs_datasets
def test_traces_of_the_labelling_leave_the_real_pages() -> None:
    for file in sorted((Path(DATASETS) / "webmainbench").glob("*.jsonl")):
        for entry in webmainbench.webmainbench_entries(file):
            page = entry.load().page.content
            assert not re.search("mark-selected|cc-extraStyle|cc-select|data-anno-uid|<marked-", page)
            attributes = [attribute for tag in tags(page) if not tag.closing for attribute in tag.attributes]
            assert not [a for a in attributes if a.name in ("style", "class") and not a.value.strip()]
