"""The search: planted bugs are found, called by their kind, and shrunk to their cause."""

import re
from dataclasses import dataclass
from textwrap import fill

import pytest
from hypothesis import strategies as st

from factories.extractor_searches import findings_of
from factories.extractors import ready
from factories.goldens import labelled_golden
from factories.layouts import BODY, OTHER_BODY, RELATED, html_golden, text_golden
from factories.operators import operator_of
from factories.places import PLANTED
from harness.engine.seat import Seat
from harness.fuzz.base import DoesNotApply
from harness.fuzz.findings.replay import replay
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.operators.nesting import NestDeep, WrapContent
from harness.fuzz.html.operators.paragraphs import Linkify
from harness.fuzz.html.tree import Mark, copy_tree, put_after
from harness.fuzz.measure.ask import ask
from harness.fuzz.measure.bench import MeasuredCase
from harness.fuzz.measure.relations import KINDS
from harness.fuzz.search.extractor_search import ExtractorSearch, SearchOptions, without_idle_operators
from harness.fuzz.search.search import search
from harness.goldens.labels import Label
from harness.pages.page import Page
from harness.pages.visible import parse
from harness.pages.words import words


def operators_in(finding):
    return [operator_of(values) for values in finding.operators]


@pytest.mark.slow
def test_a_body_that_is_lost_in_an_aside_with_links_is_shrunk_to_both(lost_in_aside):
    (finding,) = lost_in_aside
    assert (finding.kind, finding.level) == ("body lost", "critical")
    assert {type(operator) for operator in operators_in(finding)} == {WrapContent, Linkify}
    assert WrapContent("aside") in operators_in(finding)
    assert finding.severity > 0.9
    assert len(finding.page.page.content.splitlines()) <= 40


def test_a_page_is_reduced_to_what_the_failure_needs(lost_in_aside):
    (finding,) = lost_in_aside
    content = finding.page.page.content
    assert "menu" not in content and "Upper Town Press" not in content
    assert "<aside" in content and "<a " in content
    assert finding.before["retention"] == 1 and finding.after["retention"] == 0


def test_the_same_seed_finds_the_same(lost_in_aside):
    again = findings_of("aside_with_links", [html_golden()], ("D1", "D2", "D5", "D15", "D33"))
    assert again == lost_in_aside


def test_operators_that_the_small_page_fails_without_are_no_part_of_the_finding():
    both = (WrapContent("aside"), Linkify(80), NestDeep(3))

    class Links:
        """A bench of an extractor that loses all text with links."""

        def measure(self, page, operators):
            lost = 1.0 if any(isinstance(operator, Linkify) for operator in operators) else 0.0
            return MeasuredCase(operators, None, None, (), dict.fromkeys(KINDS, 0.0) | {"body lost": lost})

    bench = Links()
    assert without_idle_operators(bench, None, "body lost", bench.measure(None, both)).operators == (Linkify(80),)
    needed = bench.measure(None, (Linkify(80),))
    assert without_idle_operators(bench, None, "body lost", needed) is needed


def test_a_sound_extractor_has_no_findings():
    assert findings_of("sound", [html_golden()], ("D1", "D2", "D5", "D15", "D33")) == []


def test_a_leak_where_a_heading_is_missing_is_called_a_leak():
    found = findings_of("until_heading", [text_golden()], ("T1", "T2", "T12", "T15"))
    (finding,) = [finding for finding in found if finding.kind != "non-idempotence"]
    assert finding.kind == "leak"
    assert [values["code"] for values in finding.operators] == ["T12"]
    assert "thumbprint" in finding.leaked


@pytest.mark.slow
def test_a_hang_is_killed_and_shrunk_to_the_depth_that_hangs():
    (runnable,) = ready(["hangs_when_deep"], [PLANTED])
    strategy = st.builds(NestDeep, st.integers(1, 2000))
    options = SearchOptions(seed=3, examples=25, timeout=0.5)
    (finding,) = ExtractorSearch(runnable, [html_golden()], [strategy], options).findings()
    assert finding.kind == "timeout"
    (operator,) = operators_in(finding)
    assert 295 <= operator.depth <= 300


def test_an_extractor_that_remembers_is_called_non_deterministic():
    (finding,) = findings_of("remembers", [html_golden(), html_golden("dog", OTHER_BODY, "lake.example")], ("D2",))
    assert finding.kind == "non-determinism"
    assert finding.severity > 0.9


def test_an_extractor_that_depends_on_hashes_is_called_so_and_searched_all_the_same():
    found = findings_of("goes_through_a_set", [html_golden()], ("D2", "D33"))
    unsteady, lost = found
    assert (unsteady.kind, lost.kind) == ("non-determinism", "body lost")
    assert unsteady.shrunk == "complete"
    assert len(unsteady.page.page.content) < len(html_golden().page.content)
    assert operators_in(lost) == [WrapContent("aside")]
    runnables = ready(["goes_through_a_set"], [PLANTED])
    with Seat(*runnables) as seat:
        assert replay(unsteady, seat).state == "FAILED"


def test_every_worker_has_the_same_hashes():
    texts = set()
    for _ in range(3):
        with Seat(*ready(["goes_through_a_set"], [PLANTED])) as seat:
            texts.add(ask(seat, html_golden().page).text)
    assert len(texts) == 1


def test_stage_b_does_not_stop_at_the_mildest_failure():
    """The threshold of shrinking holds on to what is nearly as bad as the worst case."""

    def measure(page, operators_in):
        depth = max((operator.depth for operator in operators_in if isinstance(operator, NestDeep)), default=0)
        lost = 0.55 if 100 <= depth < 1000 else 1.0 if depth >= 1000 else 0.0
        return {**dict.fromkeys(KINDS, 0.0), "body lost": lost}

    (worst,) = search(1, [st.builds(NestDeep, st.integers(1, 2000))], measure, seed_number=1, examples=150)
    assert worst.severity == 1.0
    assert worst.operators == (NestDeep(1000),)


@pytest.mark.parametrize("code", ["D18", "D22"])
def test_a_story_beside_a_related_one_stays_the_story(code):
    (finding,) = [each for each in findings_of("sound", [html_golden()], (code,)) if each.kind == "leak"]
    own = len(words(finding.page.main_content))
    related = parse(finding.page.page.content).css(".m4-y, .related-item")
    assert related and all(2 * len(words(story.text())) <= own for story in related)
    assert "Lanterns hang too high" in finding.page.page.content


def test_a_layout_that_joins_all_lines_does_not_keep_the_page_from_being_reduced():
    """Two related stories on one line are no longer than they were on two."""
    (finding,) = [each for each in findings_of("until_heading", [text_golden()], ("T23",)) if each.kind == "leak"]
    shown = finding.page.page.content
    assert len(shown.splitlines()) == 1
    assert all(text in shown for text in RELATED)
    left = [text for text in BODY if text in shown]
    assert len(left) < len(BODY)
    assert len("".join(left)) >= 2 * max(map(len, RELATED))


@dataclass(frozen=True)
class VisibleCopy(DomOperator):
    """Says that it hides what it adds, and does not."""

    code = "X1"
    title = "a copy"
    nature = "noise"
    relations = ("no duplicate",)

    hidden: bool = False

    def apply(self, page):
        tree = page.tree_to_change()
        box = next((element for element in tree.elements() if element.attributes.get("class") == "story"), None)
        if box is None:
            raise DoesNotApply("the page has no story")
        copy = copy_tree(box, lambda mark: Mark("drop", "hidden"))
        if self.hidden:
            copy.attributes["hidden"] = None
        put_after(box, copy)
        return page.with_tree(tree)


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [True, False])
def test_what_fails_only_by_labels_that_are_not_true_is_told_and_is_no_finding(hidden):
    told = []
    options = SearchOptions(seed=3, examples=5, timeout=5.0, trials=60)
    runnables = ready(["sound"], [PLANTED])
    extractor_search = ExtractorSearch(*runnables, [html_golden()], [st.just(VisibleCopy(hidden))], options, told.append)
    found = list(extractor_search.findings())
    assert [finding.kind for finding in found] == (["duplicate"] if hidden else [])
    lie = "duplicate on fuzz/lamps by [VisibleCopy(hidden=False)] is no finding: it is not true that hidden text is hidden: "
    assert [line[: len(lie)] for line in told] == ([] if hidden else [lie])


def test_what_fails_in_a_milder_group_is_not_found_again_in_a_wilder_one():
    """The box alone loses everything: depth adds nothing, though both together fail, too."""

    def measure(page, operators):
        lost = any(isinstance(operator, WrapContent) for operator in operators)
        return dict.fromkeys(KINDS, 0.0) | {"body lost": float(lost)}

    strategies = [st.just(WrapContent("figure")), st.just(NestDeep(256))]
    found = list(search(1, strategies, measure, seed_number=1, examples=60))
    assert [(worst.group, worst.operators) for worst in found] == [("hostile", (WrapContent("figure"),))]


@pytest.mark.slow
def test_boilerplate_that_leaks_keeps_what_tells_readers_what_it_is():
    said = "".join(f"<b>reader {number}</b><p>{text}</p>" for number, text in enumerate(RELATED))
    plain = html_golden().page.content
    html = plain.replace("<small>", f'<div class="comments"><h2>Comments</h2>{said}</div><small>')
    comments = Label("drop", (".comments",), "comment")
    golden = labelled_golden(Page(html.encode(), "text/html", lang="en"), (*html_golden().labels, comments), "fuzz/said")
    (finding,) = findings_of("knows_comments_by_class", [golden], ("D7",))
    assert finding.kind == "leak" and "thumbprint" in finding.leaked
    assert all(text in finding.page.page.content for text in ("Comments", "reader 0", "reader 1"))
    assert "Upper Town Press" not in finding.page.page.content


@pytest.mark.slow
def test_another_story_keeps_its_heading_where_its_text_stays():
    """Without it, readers would take that text for the story's own."""
    story = f"<div><h2>Three bakers, one oven</h2><p>{RELATED[0]}</p></div>"
    html = re.sub("(?s)<small>.*</small>", story, html_golden().page.content)
    labels = (*html_golden().labels[:2], Label("drop", (".box + div",), "related"))
    golden = labelled_golden(Page(html.encode(), "text/html", lang="en"), labels, "fuzz/others")
    (finding,) = findings_of("distrusts_figures", [golden], ("D33",))
    assert finding.kind == "body lost"
    assert "Three bakers share" in finding.page.page.content
    assert "<h2>Three bakers, one oven</h2>" in finding.page.page.content


HEADINGS = [
    "<h2>{}</h2>",
    pytest.param('<div role="heading" aria-level="2">{}</div>', marks=pytest.mark.slow),
    pytest.param('<div role="Heading"><span>{}</span></div>', marks=pytest.mark.slow),
]


@pytest.mark.slow
@pytest.mark.parametrize("heading", HEADINGS)
def test_headings_are_kept_whatever_element_they_are(heading):
    """Of the story, and of another one."""
    story = f"<div>{heading.format('Three bakers, one oven')}<p>{RELATED[0]}</p></div>"
    html = re.sub("(?s)<small>.*</small>", story, html_golden().page.content)
    html = html.replace("<h1>Lanterns hang too high</h1>", heading.format("Lanterns hang too high"))
    labels = Label("keep", (".story p",), "body"), Label("drop", (".box + div",), "related")
    golden = labelled_golden(Page(html.encode(), "text/html", lang="en"), labels, "fuzz/others")
    (finding,) = findings_of("distrusts_figures", [golden], ("D33",))
    assert "Three bakers share" in finding.page.page.content
    left = [node.text() for node in parse(finding.page.page.content).css("h2, [role]")]
    assert left == ["Lanterns hang too high", "Three bakers, one oven"]


@pytest.mark.slow
def test_the_story_stays_longer_than_two_of_any_other_in_several_paragraphs():
    story = f'<div class="comments"><h2>Three bakers, one oven</h2><p>{RELATED[0]}</p><p>{RELATED[1]}</p></div>'
    html = re.sub("(?s)<small>.*</small>", story, html_golden().page.content)
    labels = (*html_golden().labels[:2], Label("drop", (".box + div",), "related"))
    golden = labelled_golden(Page(html.encode(), "text/html", lang="en"), labels, "fuzz/others")
    (finding,) = findings_of("knows_comments_by_class", [golden], ("D7",))
    page = finding.page.page.content
    assert finding.kind == "leak" and all(text in page for text in RELATED)
    assert len(finding.page.main_content) >= 2 * sum(map(len, RELATED))


@pytest.mark.parametrize(("tag", "kinds"), [("pre", []), ("blockquote", ["non-idempotence"])])
def test_lines_of_a_listing_are_not_given_again_as_paragraphs(tag, kinds):
    html = f'<html lang="en"><body><h1>Lanterns hang too high</h1><{tag}>{fill(" ".join(BODY), 60)}</{tag}></body></html>'
    golden = labelled_golden(Page(html.encode(), "text/html", lang="en"), (Label("keep", (tag,), "body"),), "fuzz/lines")
    assert [finding.kind for finding in findings_of("drops_short_paragraphs", [golden], ("D1",))] == kinds
