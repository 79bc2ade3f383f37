"""The structure that labels of an HTML page give, and how outputs are measured against it."""

from __future__ import annotations

import pytest

from factories.goldens import labelled_golden
from harness.alignment.words import page_words
from harness.evaluation.scoring import scores_of
from harness.goldens.labels import Label
from harness.goldens.structure import markup_of
from harness.metrics import Case
from harness.pages.page import Page, visible_text
from harness.pages.structure import read_html
from harness.pages.words import words

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
METRICS = [
    "structure.headings",
    "structure.lists",
    "structure.tables",
    "structure.code",
    "structure.links",
    "structure.TEDS",
]


def measured(markup: str | None, labels: tuple[Label, ...] = LABELS) -> list[float | None]:
    golden = labelled_golden(PAGE, labels)
    scores = scores_of(Case(golden, "", page_words(golden), markup), METRICS)
    return [scores[name] for name in METRICS[:5]]


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


LAID_OUT = Page(
    b"""<html><body><table><tr><td><a href="/">Home</a></td><td class="main"><p>The ferry stays in service.</p>
<p>The hull is sound.</p></td></tr><tr><td colspan="2">Imprint</td></tr></table>
<ul><li class="card"><h3>Winch</h3><p>Oiled on Monday.</p><button>Share</button></ul></body></html>""",
    "text/html",
)


def test_a_table_for_layout_and_cards_are_no_structure_unless_labels_name_them() -> None:
    golden = labelled_golden(LAID_OUT, [Label("keep", ("td.main p", ".card h3", ".card p"), "body")])
    paragraphs = "<p>The ferry stays in service.<p>The hull is sound.<h3>Winch</h3><p>Oiled on Monday."
    for markup, lists in ((paragraphs, None), (LAID_OUT.html, 0)):  # the page's card has a button in it
        scores = scores_of(Case(golden, "", page_words(golden), markup), METRICS)
        assert scores["structure.tables"] is scores["structure.TEDS"] is None
        assert (scores["structure.headings"], scores["structure.lists"]) == (1, lists)


def test_a_card_kept_as_a_list_item_is_free() -> None:
    golden = labelled_golden(LAID_OUT, [Label("keep", (".card h3", ".card p"), "body")])
    card = "<ul><li><h3>Winch</h3><p>Oiled on Monday.</p></ul>"
    assert scores_of(Case(golden, "", page_words(golden), card), METRICS)["structure.lists"] is None
    named = labelled_golden(LAID_OUT, [Label("keep", (".card",), "item"), Label("drop", ("button",), "promo")])
    assert scores_of(Case(named, "", page_words(named), card), METRICS)["structure.lists"] == 1
    assert scores_of(Case(named, "", page_words(named), "<p>Winch"), METRICS)["structure.lists"] == 0


ROWS = "<tr><td>Mon<td>6.40<tr><td>Tue<td>8.00"


@pytest.mark.parametrize(
    ("table", "selector", "is_table"),
    [
        (f"<table>{ROWS}</table>", "body", True),
        (f"<table>{ROWS}</table>", "table", True),
        (f"<table>{ROWS}</table>", "tr", True),
        (f"<table>{ROWS}</table>", "td", False),
        (f"<table role=presentation>{ROWS}</table>", "body", False),
        (f"<table role=presentation>{ROWS}</table>", "table", True),
        ("<table><tr><td>Mon<td>6.40</table>", "body", False),
        ("<table><tr><td>Mon<tr><td>6.40</table>", "body", False),
        ("<table><tr><td>Mon<td>6.40</table>", "table", True),
        (f"<table><tr><td>a<td><table>{ROWS}</table><tr><td>b<td>c</table>", "body", True),  # the inner one
    ],
)
def test_which_tables_hold_data(table: str, selector: str, is_table: bool) -> None:
    page = Page(f"<body><p>x</p>{table}".encode(), "text/html")
    kept = markup_of(page, (Label("keep", (selector,), "body"),), "keep")
    assert len(read_html(kept).tables) == is_table
    assert "Mon" in words(visible_text(kept)) and "Mon6" not in visible_text(kept)


def test_images_are_wanted_where_labels_keep_them_and_free_between_kept_text() -> None:
    page = Page(
        b"<body><img src=/logo.png><p><img src=/a.png>One</p><img src=/free.png><p>Two</p>"
        b"<aside><img src=/ad.png>Ad</aside><p>Three<img src=data:image/png;base64,AAAA></p><img src=/footer.png>",
        "text/html",
        "https://isle.example/",
    )
    golden = labelled_golden(page, [Label("keep", ("p",), "body"), Label("drop", ("aside",), "promo")])

    def images(*names: str) -> list[float | None]:
        markup = "<p>One Two Three" + "".join(f"<img src=/{name}.png>" for name in names)
        scores = scores_of(Case(golden, "", page_words(golden), markup), ["structure.images.P", "structure.images.R"])
        return [scores["structure.images.P"], scores["structure.images.R"]]

    assert images("a") == images("a", "free") == [1, 1]
    assert images("a", "logo", "ad", "footer") == [1 / 4, 1]
    assert images("free") == [0, 0]
