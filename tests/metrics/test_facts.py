"""Facts about outputs: what each category asks for, what is said of those that do not hold, and their P and R."""

from __future__ import annotations

import pytest

from harness.alignment.words import page_words
from harness.goldens.facts import Fact
from harness.goldens.golden import Golden, Snippets
from harness.metrics import METRICS, Case
from harness.metrics.base import ScoredPage
from harness.metrics.facts import judge_facts
from harness.metrics.own.facts import FACTS
from harness.pages.formats import as_html, as_text
from harness.pages.page import Page

PAGE = Page(b"<p>x", "text/html")
HTML = (
    "<p>The light <b>stays</b>.</p><p>By 611 votes to 204.</p><p>Last words.</p>"
    "<table><tr><th>Side</th><th>Votes</th></tr><tr><td>For</td><td>611</td></tr><tr><td>Against</td><td>204</td></tr></table>"
    "<pre>if x:\n    go()\nelse:\n    stay()</pre>"
)


def judged(output: str, *facts: Fact, output_format: str = "html"):
    golden = Golden("tiny/a", PAGE, "article", "a", own_facts=facts)
    return judge_facts(Case(golden, as_text(output, output_format), page_words(golden), as_html(output, output_format)))


def fact(category: str, *texts: str, **others) -> Fact:
    return Fact(category, texts, **others)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (fact("present", "The light stays"), ""),
        (fact("present", "The lights stay"), "did not come out"),
        (fact("present", "the light stays"), "did not come out"),
        (fact("present", "the light stays", ignore_case=True), ""),
        (fact("present", "ght stays", cut_words=True), ""),
        (fact("present", "ght stays"), "did not come out"),
        (fact("present", "By 611 votes to 203", max_diffs=1), ""),
        (fact("present", "By 611 votes to 100", max_diffs=1), "did not come out"),
        (fact("present", "Last words", first=20), "did not come out"),
        (fact("absent", "Read also"), ""),
        (fact("absent", "Last words"), "came out in line 3 of the output"),
        (fact("absent", "Last words", first=20), ""),
        (fact("order", "The light", "Last words"), ""),
        (fact("order", "Last words", "The light"), "text 2 came out before text 1, in line 1 of the output"),
        (fact("order", "The light", "Gone"), "text 2 did not come out"),
        (fact("repeat", "611", times=2), ""),
        (fact("repeat", "611"), "came out 2 times, in lines 2, 7 of the output"),
        (fact("repeat", "gone"), "did not come out"),
        (fact("repeat", "gone", times=0), ""),
        (fact("cell", "611", neighbours=(("row", "For"), ("column", "Votes"))), ""),
        (fact("cell", "204", neighbours=(("left", "Against"), ("up", "611"))), ""),
        (
            fact("cell", "204", neighbours=(("row", "For"),)),
            "in row 3, column 2 of table 1 of the output: row is 'Against'",
        ),
        (fact("cell", "99", neighbours=(("row", "For"),)), "no cell of a table has the text"),
        (fact("code", "if x:\n    go()"), ""),
        (fact("code", "go()\nelse:"), "came out with other spaces or line breaks in line 11 of the output"),
        (fact("code", "stay()"), ""),
        (fact("code", "    go()\nelse:"), ""),
        (fact("code", "if x:\n  go()"), "came out with other spaces or line breaks in line 10 of the output"),
    ],
    ids=str,
)
def test_a_fact_holds_or_says_what_is_there_instead(one: Fact, reason: str) -> None:
    (found,) = judged(HTML, one)
    assert found.reason == reason


def test_a_cell_is_not_judged_where_the_output_has_no_markup() -> None:
    assert judged("For 611", fact("cell", "611", neighbours=(("row", "For"),)), output_format="text") == ()


def test_a_cell_in_markdown_is_judged_as_in_html() -> None:
    table = "| Side | Votes |\n|---|---|\n| For | 611 |"
    (found,) = judged(table, fact("cell", "611", neighbours=(("column", "Votes"),)), output_format="markdown")
    assert found.reason == ""


def scores(output: str, *facts: Fact) -> dict[str, float | None]:
    golden = Golden("tiny/a", PAGE, "article", "a", own_facts=facts)
    return FACTS.values(Case(golden, as_text(output, "html"), page_words(golden), as_html(output, "html")))


def test_precision_counts_what_is_wrong_and_recall_what_is_missing() -> None:
    found = scores(
        HTML,
        fact("present", "The light"),
        fact("present", "Gone"),
        fact("absent", "Last words"),
        fact("absent", "Read also"),
        fact("order", "Last words", "The light"),
    )
    assert (found["facts.P"], found["facts.R"]) == (1 / 3, 1 / 3)  # 1 right; leaked text and order; gone text and order
    assert (found["facts.present.R"], found["facts.absent.P"]) == (1 / 2, 1 / 2)
    assert (found["facts.order.P"], found["facts.order.R"]) == (0, 0)
    assert found["facts.code.P"] is None


def test_counts_are_summed_over_pages_before_rates() -> None:
    pages = [scores(HTML, fact("present", "The light")), scores(HTML, *[fact("present", f"Gone {n}") for n in range(3)])]
    assert METRICS["facts.R"].over_pages([ScoredPage(page, "tiny") for page in pages]) == 1 / 4


def test_snippets_are_facts() -> None:
    golden = Golden("tiny/a", PAGE, "article", "a", snippets=Snippets(("a b",), ("c d",)))
    assert [str(one) for one in golden.facts] == ['present "a b"', 'absent "c d"']
