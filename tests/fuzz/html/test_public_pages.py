"""A hundred public pages can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from factories.html_layouts import ADDING, EVERY_OPERATOR, kept, page_of
from factories.places import DATASETS, needs_datasets
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.html.page import DomPage
from harness.goldens.golden import Golden
from harness.goldens.labels import Label


def wcxb_articles(count: int) -> Iterator[Golden]:
    from harness.datasets.formats import wcxb

    articles = [
        e
        for e in wcxb.wcxb_entries(Path(str(DATASETS), "wcxb", "dev"))
        if e.kind == "article" and "empty-gold" not in e.flags
    ]
    return (entry.load() for entry in articles[:: max(1, len(articles) // count)][:count])


def check_on_text(golden: Golden, operators: list[Operator[DomPage]]) -> int:
    """How many of the operators applied to a page with gold text only; none may lose a word of the content."""
    page = page_of(golden)
    as_labelled = replace(page, origin=replace(golden, labels=(Label("keep", (), "body"),), text=None))
    before = kept(as_labelled.golden("x"))
    applied = 0
    for operator in operators:
        try:
            new = operator.apply(page)
            assert new.golden("x").main_content == golden.main_content
            assert kept(operator.apply(as_labelled).golden("x")) == before, (operator, golden.id)
            applied += 1
        except DoesNotApply:
            continue
    return applied


@needs_datasets
@pytest.mark.slow
def test_a_hundred_public_pages_can_be_changed() -> None:
    applied = tried = 0
    for number, golden in enumerate(wcxb_articles(100)):
        operators = [one for one in EVERY_OPERATOR[number % 6 :: 6] if one.code not in ADDING]
        applied += check_on_text(golden, operators)
        tried += len(operators)
    assert applied >= 0.85 * tried
