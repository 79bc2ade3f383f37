"""Text that stands beside the rendered page: it can be labelled, and is never said to be invented."""

from __future__ import annotations

import pytest

from factories.goldens import labelled_golden
from factories.pages import html_page
from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.evaluation.self_test import self_test
from harness.goldens.golden import Golden, resolve
from harness.goldens.labels import Label, Quote

PAGE = html_page(
    """<title>Lock keeper</title><script type="application/ld+json">{"@type": "NewsArticle", "@graph": [{"headline":
    "Keeper retires", "author": {"@type": "Person", "name": "Ines Roca"}, "articleBody":
    "<p>The keeper of the lock retires in spring.</p><p>Nobody follows &amp; nobody asked.</p>"}]}</script>
    <script>var text = "not read";</script><script type="application/ld+json">{"broken": </script>
    <body><main><p>Please wait while it loads.</p><img alt="An old stone lock" src=a.png title="Photograph of the lock">
    <template><p>Card that a script fills</p></template><noscript>Switch scripts on, please</noscript>
    <x-story><template shadowrootmode=open><h2>Lock closed</h2><p>Boats must wait until the gate is mended.</p></template>
    </x-story></main><nav aria-label="Sections of the site"></nav>"""
)


def kinds(*labels: Label) -> dict[str, tuple[str, str]]:
    segments, wrong = resolve(PAGE, labels)
    assert wrong == []
    return {" ".join(s.text.split()): (s.verdict, s.kind) for s in segments if s.text.strip()}


def test_without_labels_each_text_is_dropped_under_its_origin() -> None:
    assert kinds() == {
        "Lock keeper": ("drop", "metadata"),
        "Keeper retires": ("drop", "json-ld"),
        "Ines Roca": ("drop", "json-ld"),
        "The keeper of the lock retires in spring.": ("drop", "json-ld"),
        "Nobody follows & nobody asked.": ("drop", "json-ld"),
        "Please wait while it loads.": ("drop", "other"),
        "An old stone lock": ("drop", "alt"),
        "Photograph of the lock": ("drop", "attribute"),
        "Card that a script fills": ("drop", "template"),
        "Switch scripts on, please": ("drop", "noscript"),
        "Lock closed": ("drop", "shadow"),
        "Boats must wait until the gate is mended.": ("drop", "shadow"),
        "Sections of the site": ("drop", "attribute"),
    }


def test_rules_for_elements_reach_what_is_rendered_only() -> None:
    found = kinds(Label("keep", ("html",), "body"))
    assert {text for text, (verdict, _) in found.items() if verdict == "keep"} == {
        "Please wait while it loads.",
        "Switch scripts on, please",
        "Lock closed",
        "Boats must wait until the gate is mended.",
    }


LABELS = (
    Label("keep", ('script[type="application/ld+json"]',), "body", linked_property="articleBody"),
    Label("maybe", ("script",), "byline", linked_property="author.name"),
    Label("keep", ("img",), "caption", attribute="alt"),
    Label("maybe", ("img",), "caption", attribute="title", quotes=(Quote("the lock"),)),
    Label("keep", ("main > template p",), "item"),
    Label("keep", ("x-story h2",), "heading"),
)


def test_each_origin_can_be_labelled() -> None:
    found = kinds(*LABELS)
    assert [text for text, (verdict, _) in found.items() if verdict == "keep"] == [
        "The keeper of the lock retires in spring.",
        "Nobody follows & nobody asked.",
        "An old stone lock",
        "Card that a script fills",
        "Lock closed",
    ]
    assert found["Ines Roca"] == ("maybe", "byline") and found["the lock"] == ("maybe", "caption")
    assert self_test(labelled_golden(PAGE, LABELS)) == []


@pytest.mark.parametrize(
    ("output", "origin"),
    [
        ("The keeper of the lock retires in spring.", "json-ld"),
        ("Photograph of the lock", "attribute"),
        ("Card that a script fills", "template"),
        ("Switch scripts on, please", "noscript"),
        ("Boats must wait until the gate is mended.", "shadow"),
    ],
)
def test_what_comes_from_beside_the_page_is_not_invented(output: str, origin: str) -> None:
    golden = labelled_golden(PAGE, (Label("keep", ("main > p",), "body"),))
    assert set(align(page_words(golden), output).leaks.values()) == {origin}


def test_nor_where_only_the_text_of_the_main_content_is_known() -> None:
    golden = Golden("set/lock", PAGE, "article", "lock.example", text="Please wait while it loads.")
    output = "Please wait while it loads.\nThe keeper of the lock retires in spring."
    assert set(align(page_words(golden), output).leaks.values()) == {"json-ld"}


def test_the_text_of_a_page_holds_what_browsers_show() -> None:
    assert PAGE.text.splitlines() == [
        "Please wait while it loads.",
        "Switch scripts on, please",
        "Lock closed",
        "Boats must wait until the gate is mended.",
    ]


def test_text_in_attributes_of_a_line_follows_the_line_in_a_perfect_output() -> None:
    page = html_page('<ul><li>The <img alt="Grey heron"> weir held well.<li>Nothing broke.</ul><p title="Over the top">End')
    labels = (
        Label("keep", ("ul",), "list"),
        Label("keep", ("img",), "caption", attribute="alt"),
        Label("keep", ("p",), "body"),
        Label("keep", ("p",), "caption", attribute="title"),
    )
    assert self_test(labelled_golden(page, labels)) == []
