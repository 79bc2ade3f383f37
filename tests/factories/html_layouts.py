"""HTML pages to change: one of our own, the shipped ones, and what is read of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import groupby

from hypothesis import settings

from factories.goldens import labelled_golden
from factories.places import CORE
from harness.fuzz.base import Donor
from harness.fuzz.catalogue import operators_of
from harness.fuzz.donors import DONOR_KINDS, own_donors
from harness.fuzz.html.page import DomPage
from harness.goldens.golden import Golden
from harness.goldens.labels import Label
from harness.goldens.reader import read_golden
from harness.pages import visible
from harness.pages import words as words_of
from harness.pages.page import Page

NAMES = sorted(path.stem for path in CORE.glob("*.html"))
FEW = (
    "thread-tape-recorder-nested-tables",
    "documentation-handbuchseite-pre",
    "oasis-water-clock-ar-article",
    "city-events-pl-listing",
)
QUICK = settings(max_examples=500, database=None, deadline=None, derandomize=True)

DOM_OPERATORS = operators_of("text/html")
EVERY_OPERATOR = [one for kind in DOM_OPERATORS for one in kind.matrix_instances()]

ADDING = {"D41", "D42", "D44", "D45", "D46", "D48"}
"""Codes of operators that add main content or disputed text."""

HTML = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>The lock keeper's goose</title>
<style>.story{color:#123} #top .kicker{x:y}</style>
<script type="application/ld+json">{"@type": "NewsArticle"}</script></head>
<body class="page">
<nav id="top" class="menu"><a href="/">Start</a> <a href="/boats">Boats</a></nav>
<form><label for="q">Find</label><input id="q"></form>
<div class="wrap"><main id="story" class="story" data-id="7" role="main">
<h1>The lock keeper's goose</h1>
<p class="kicker">At the upper gate a goose counts boats. She has never been wrong.</p>
<p>In spring the keeper&nbsp;paints her <b>number</b> on the beam. Nobody asked him to do it.</p>
<ul><li>Rowing boats count once.</li><li>Barges count twice.</li></ul>
<p>When fog comes, the goose sleeps, &amp; the keeper guesses &lt;badly&gt;.</p>
</main></div>
<aside class="more"><p>Ten other birds with jobs</p></aside>
<section class="replies"><p>What a lovely goose!</p></section>
<footer>Canal News · 1911</footer>
</body></html>
"""
LABELS = (
    Label("drop", ("nav",), "navigation"),
    Label("maybe", ("h1",), "title"),
    Label("keep", ("main p", "main ul"), "body"),
    Label("drop", ("aside",), "related"),
    Label("drop", ("section",), "comment"),
    Label("drop", ("footer",), "footer"),
)


def goose_golden(html: str = HTML, labels: tuple[Label, ...] = LABELS) -> Golden:
    return labelled_golden(Page(html.encode(), "text/html", lang="en"), labels, "own/goose", site="canal.example")


def golden_with_text(html: str = HTML) -> Golden:
    return replace(goose_golden(html), labelled=None, labels=(), text=goose_golden(html).main_content)


def donors_for(lang: str) -> tuple[Donor, ...]:
    return tuple(donor for kind in DONOR_KINDS for donor in own_donors(kind, lang))


def page_of(golden: Golden) -> DomPage:
    hosts = tuple(core(name) for name in FEW if not golden.id.endswith(name))
    return DomPage.of(golden, donors_for(golden.lang), hosts)


@cache
def core(name: str) -> Golden:
    return read_golden(CORE / f"{name}.yaml", "core")


@cache
def core_page(name: str) -> DomPage:
    return page_of(core(name))


GOOSE = page_of(goose_golden())
GOOSE_TEXT = page_of(golden_with_text())


def spoken(golden: Golden) -> list[tuple[str, str, str]]:
    """The words that a page's body shows, with verdict and kind, in page order. A verdict ends a word."""
    found = []
    shown = (segment for segment in golden.labelled or () if segment.kind not in ("alt", "attribute", "metadata", "json-ld"))
    for _, part in groupby(shown, key=lambda segment: (segment.line, segment.verdict)):
        segments = list(part)
        pieces = words_of.visible_pieces([s.text for s in segments])
        parts = [(piece, s.verdict, s.kind) for piece, s in zip(pieces, segments)]
        of_character = [(verdict, kind) for text, verdict, kind in parts for _ in text]
        whole = "".join(text for text, _, _ in parts)
        found += [(word.text, *of_character[word.start]) for word in words_of.find_words(whole)]
    return found


def kept(golden: Golden) -> list[str]:
    return [word for word, verdict, _ in spoken(golden) if verdict == "keep"]


def is_subsequence(short: list[tuple[str, str, str]], long: list[tuple[str, str, str]]) -> bool:
    rest = iter(long)
    return all(item in rest for item in short)


def tree_of(page: DomPage) -> visible.LexborHTMLParser:
    return visible.parse(page.golden("x").page.content)


def texts(page: DomPage, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree_of(page).css(selector)]
