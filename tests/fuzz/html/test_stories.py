"""Stories of others: where they stand, what their markup says, and in which language they are."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from factories.html_layouts import GOOSE, core_page, goose_golden, page_of, spoken, texts, tree_of
from harness.fuzz.base import DoesNotApply, Donor, Operator
from harness.fuzz.columns import columns
from harness.fuzz.donors import own_donors
from harness.fuzz.html.operators.boxes import ConsentDialog, PromoBetween, ReaderComments
from harness.fuzz.html.operators.stories import (
    HiddenDecoy,
    LabelledRelatedStories,
    RelatedArticleTags,
    RelatedDump,
    RelatedInside,
    RelatedStories,
    TeaserCards,
)
from harness.fuzz.html.page import DomPage
from harness.goldens.labels import Label
from harness.pages import words as words_of
from harness.pages.page import visible_text

SLOTS = {"before": ".wrap > div.m4-x + main", "after": ".wrap > main + div.m4-x", "inside": "main > div.m4-x:last-child"}


@pytest.mark.parametrize("slot", [*SLOTS, "end"])
def test_stories_stand_where_they_should(slot: str) -> None:
    new = RelatedStories(3, slot).apply(GOOSE)
    assert len(tree_of(new).css(SLOTS.get(slot, "body > footer ~ div.m4-x"))) == 1
    assert len(texts(new, "div.m4-y > h3")) == 3
    inserted = [word for word, verdict, kind in spoken(new.golden("x")) if (verdict, kind) == ("drop", "related")]
    assert " ".join(words_of.words(new.inserted[0])) in " ".join(inserted)


WHOLE_STORIES = [RelatedStories(3), LabelledRelatedStories(3), RelatedInside(3), RelatedArticleTags(3), RelatedDump(3)]


@pytest.mark.parametrize("operator", WHOLE_STORIES)
def test_no_related_story_is_longer_than_half_of_the_main_content(operator: Operator[DomPage]) -> None:
    new = operator.apply(GOOSE)
    stories = tree_of(new).css(".m4-y, .related-item")
    lengths = [sum(columns(part.text()) for part in story.css("h3, p, .m4-z")) for story in stories]
    most = columns(goose_golden().main_content) // 2
    assert len(lengths) == 3 and all(most / 2 < length <= most for length in lengths)


def test_a_story_in_another_script_is_no_longer_to_the_eye() -> None:
    """In Japanese a word is one character: half as many English words are longer than the whole page."""
    long = Donor("related", "en", "Weir holds", ("The water stood a hand below the rim all night.",) * 200)
    page = replace(core_page("ginger-edamame-rice-ja-blog"), donors=(long,))
    (story,) = tree_of(RelatedStories(1).apply(page)).css(".m4-y")
    assert 2 * columns(story.text()) <= columns(page.golden("x").main_content) < 3 * columns(story.text())


def test_a_story_without_a_heading_gets_none_beside_it_that_has_one() -> None:
    labels = (Label("keep", ("p", "h3"), "body"), Label("drop", ("h2", "footer"), "footer"))
    html = "<{0}>Weir holds</{0}><p>One two three.</p><h3>More</h3><p>Four five six.</p><h2>Also</h2><footer>End</footer>"
    with pytest.raises(DoesNotApply, match="no heading"):
        RelatedStories(1).apply(page_of(goose_golden(html.format("div"), labels)))
    assert RelatedStories(1).apply(page_of(goose_golden(html.format("h1"), labels))).inserted
    boilerplate = (*labels, Label("drop", ("h1",), "masthead"))
    with pytest.raises(DoesNotApply, match="no heading"):
        RelatedStories(1).apply(page_of(goose_golden(html.format("h1"), boilerplate)))


def test_stories_beside_content_in_the_body_or_a_cell_stand_in_it() -> None:
    body = page_of(
        goose_golden(
            "<h1>Head</h1><p>One two three.</p><p>Four five six.</p><footer>End</footer>", (Label("keep", ("p",), "body"),)
        )
    )
    order = [n.tag for n in tree_of(RelatedStories(1).apply(body)).css("body > *")]
    assert order == ["h1", "p", "p", "div", "footer"]
    assert [n.tag for n in tree_of(RelatedStories(1, "before").apply(body)).css("body > *")] == [
        "h1",
        "div",
        "p",
        "p",
        "footer",
    ]


def test_telling_markup_says_what_stands_there_and_neutral_markup_says_nothing() -> None:
    rules = re.compile(r"relat|recommend|comment|cookie|consent|promo|teaser|news|more|aside|footer", re.I)
    cases = [
        (LabelledRelatedStories(2), RelatedStories(2)),
        (TeaserCards(3), TeaserCards(3, neutral=True)),
        (ReaderComments(3), ReaderComments(3, neutral=True)),
        (ConsentDialog(2), ConsentDialog(2, neutral=True)),
        (PromoBetween((0,)), PromoBetween((0,), neutral=True)),
    ]
    for telling, neutral in cases:
        tags = [
            set(re.findall(r"<[^>]+>", o.apply(GOOSE).html())) - set(re.findall(r"<[^>]+>", GOOSE.html()))
            for o in (telling, neutral)
        ]
        assert any(map(rules.search, tags[0])), telling
        assert not any(map(rules.search, (tag for tag in tags[1] if "href" not in tag))), neutral


def test_donors_in_the_language_of_the_page_come_first() -> None:
    page = core_page("oasis-water-clock-ar-article")
    count = len([d for d in page.donors if d.kind == "related" and d.lang == "ar"])
    assert [d.lang for d in page.donors_of("related", count + 1)] == ["ar"] * count + [
        page.donors_of("related", count + 1)[-1].lang
    ]
    assert page.donors_of("related", count + 1)[-1].lang != "ar"
    many = page.donors_of("consent", 40)
    assert many[0] in many[1:]  # taken again when there are no more


def test_a_dumped_story_glues_time_and_repeats_its_heading() -> None:
    new = RelatedDump(2).apply(GOOSE)
    heading = own_donors("related", "en")[0].heading
    assert texts(new, ".m4-y h3, .m4-y h4")[:2] == [heading, heading] and "time18 min" in visible_text(new.html())
    assert len(texts(new, ".m4-z")) == 2 and not tree_of(new).css(".m4-x p")


@pytest.mark.parametrize("operator", HiddenDecoy.matrix_instances())
def test_a_hidden_article_is_hidden_text(operator: HiddenDecoy) -> None:
    new = operator.apply(GOOSE)
    hidden = " ".join(word for word, _, kind in spoken(new.golden("x")) if kind == "hidden")
    assert words_of.words(hidden) == words_of.words(new.inserted[0]) and len(hidden) > 200
    assert len(tree_of(new).css(".wrap > [hidden], .wrap > [style], .wrap > .d-none")) == 1
