"""The structure that labels of an HTML page give, and how outputs are measured against it."""

from __future__ import annotations

from factories.goldens import labelled_golden
from harness.alignment.words import page_words
from harness.evaluation.evaluate import scores_of
from harness.goldens.golden import Label
from harness.goldens.structure import markup_of
from harness.metrics import Case
from harness.pages.page import Page
from harness.pages.structure import read_html

PAGE = Page(
    b"""<html><body><nav><ul><li><a href="/">Home</a><li>Sport</ul></nav>
<main><h1>Ferry stops</h1><p>The winch froze. <a href="/winch">More</a></p>
<h2>What <i>broke</i></h2><ul><li>the drum<li>the chain</ul>
<table><tr><th>Day<th>Runs<tr><td>Monday<td></table>
<aside><h2>Read next</h2><p>Another story</p></aside></main></body></html>""",
    "text/html",
    "https://isle.example/ferry",
)
LABELS = (
    Label("keep", ("main",), "body"),
    Label("maybe", ("h1",), "title"),
    Label("drop", ("aside",), "related"),
)
METRICS = ["structure.headings", "structure.lists", "structure.tables", "structure.code", "structure.links"]


def measured(markup: str | None, labels: tuple[Label, ...] = LABELS) -> list[float | None]:
    golden = labelled_golden(PAGE, labels)
    scores = scores_of(Case(golden, "", page_words(golden), markup), METRICS)
    return [scores[name] for name in METRICS]


def test_only_elements_around_kept_text_stay_and_empty_cells_of_a_kept_table() -> None:
    kept = markup_of(PAGE, LABELS, "keep")
    assert "Home" not in kept and "Read next" not in kept and "Ferry stops" not in kept and "<aside" not in kept
    gold = read_html(kept, PAGE.url)
    assert [heading.text for heading in gold.headings] == ["What broke"]
    assert gold.items == ("the drum", "the chain")
    assert [[cell.text for cell in row] for row in gold.tables[0].rows] == [["Day", "Runs"], ["Monday", ""]]
    assert [(link.text, link.href) for link in gold.links] == [("More", "https://isle.example/winch")]
    assert read_html(markup_of(PAGE, LABELS, "maybe")).headings[0].text == "Ferry stops"


def test_the_kept_markup_itself_scores_best_and_the_title_is_free() -> None:
    kept = markup_of(PAGE, LABELS, "keep")
    assert measured(kept) == [1, 1, 1, None, 1]
    assert measured("<h2>Ferry stops</h2>" + kept) == [1, 1, 1, None, 1]


def test_what_leaks_and_what_is_missed_costs() -> None:
    whole = PAGE.html
    headings, lists, tables, code, links = measured(whole)
    assert headings == 2 / 3  # What broke, with Read next beside it
    assert lists == 2 * 2 / (2 + 4)
    assert (tables, code) == (1, None)
    assert links == 2 / 3
    assert measured("<p>The winch froze.</p>") == [0, 0, 0, None, 0]
    assert measured(None) == [None] * 5


def test_a_golden_of_a_text_page_has_no_structure() -> None:
    page = Page(b"A line\n", "text/plain")
    labels = (Label("keep", ("1",), "body"),)
    golden = labelled_golden(page, labels)
    assert set(scores_of(Case(golden, "A line", page_words(golden), "<p>A line</p>"), METRICS).values()) == {None}
