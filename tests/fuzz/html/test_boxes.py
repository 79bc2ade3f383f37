"""Boxes around and in the content: promotion, consent, comments, surroundings, mass."""

from __future__ import annotations

from itertools import groupby

from factories.html_layouts import GOOSE, spoken, texts, tree_of
from harness.fuzz.html.operators.boxes import ConsentDialog, Flood, PromoBetween, ReaderComments, Surroundings


def test_promotion_stands_between_blocks_of_the_content_at_every_position() -> None:
    count = 0
    for position in range(6):
        kinds = [
            kind
            for kind, _ in groupby(
                k for _, v, k in spoken(PromoBetween((position,)).apply(GOOSE).golden("x")) if v == "keep" or k == "promo"
            )
        ]
        assert kinds == ["body", "promo", "body"], position
        count += 1
    assert count == 6
    assert not tree_of(PromoBetween((0, 1, 2, 3)).apply(GOOSE)).css("ul > div, p > div")


def test_the_consent_dialog_is_the_first_or_last_thing_of_the_body() -> None:
    assert tree_of(ConsentDialog(1, "first", dialog=True).apply(GOOSE)).css("body > dialog.cookie-banner[open]:first-child")
    assert tree_of(ConsentDialog(1, neutral=True).apply(GOOSE)).css("body > div.v2-x:last-child")
    sizes = [len(ConsentDialog(n).apply(GOOSE).inserted[0]) for n in (1, 2)]
    assert sizes[0] < sizes[1]


def test_comments_can_be_folded() -> None:
    new = ReaderComments(4, details=True).apply(GOOSE)
    assert len(tree_of(new).css("details > section.comments > .comment")) == 4


def test_surroundings_grow_as_asked() -> None:
    tree = tree_of(Surroundings(menu=12, legal=2, ticker=70).apply(GOOSE))
    assert len(tree.css("body > nav.mega-menu:first-child li a")) == 12
    assert [n.text() for n in tree.css("main + .ticker > p")][58:62] == ["00:58", "00:59", "01:00", "01:01"]
    assert tree.css("body > footer.site-footer:last-child > p")


def test_mass_is_as_large_as_asked() -> None:
    new = Flood(paragraphs=30, links=20, characters=1000).apply(GOOSE)
    assert len(tree_of(new).css("main + div > p > a")) == 20 and len(tree_of(new).css("main + div > p")) == 32
    assert max(map(len, texts(new, "main + div > p"))) >= 990
    assert "\0" in Flood(nul=True).apply(GOOSE).html()
