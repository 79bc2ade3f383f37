"""Two outputs beside the golden in a terminal: who missed and who leaked, in passages that fold."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.console import Console

from factories.goldens import lined_golden
from harness.alignment.align import align
from harness.alignment.words import PageWords, page_words
from harness.report.three_way import print_three_way


def page_of(*parts: tuple[str, str]) -> PageWords:
    kinds = {"keep": "body", "maybe": "title", "drop": "related"}
    return page_words(lined_golden((verdict, kinds[verdict], text) for text, verdict in parts))


def printed(page: PageWords, a: str, b: str, width: int = 60) -> str:
    out = StringIO()
    print_three_way(page, align(page, a), align(page, b), ("one", "two"), Console(file=out, width=width))
    return out.getvalue()


PAGE = [
    ("The harbour opens at noon", "maybe"),
    ("Three ferries wait outside the wall and sound their horns", "keep"),
    ("Read next: the lighthouse that moved inland", "drop"),
    ("Nobody on the quay looks up any more", "keep"),
    ("At dusk the gates close behind the last boat", "keep"),
]


def test_marks_say_who_missed_and_who_leaked():
    page = page_of(*PAGE)
    a = "\n".join(PAGE[number][0] for number in (0, 1, 2, 4))
    b = "\n".join(PAGE[number][0] for number in (2, 3)) + "\nBrand new words of nobody"
    body = printed(page, a, b, 200).partition("~}\n\n")[2]
    assert body.splitlines() == [
        "{~A: The harbour opens at noon~}",
        "[-B: Three ferries wait outside the wall and sound their horns-]",
        "{+AB related: Read next: the lighthouse that moved inland+}",
        "[-A: Nobody on the quay looks up any more-]",
        "[-B: At dusk the gates close behind the last boat-]",
        "{+B invented: Brand new words of nobody+}",
    ]


def test_the_counts_are_those_of_each_output_and_of_both():
    page = page_of(*PAGE)
    out = printed(page, PAGE[1][0], PAGE[1][0] + "\n" + PAGE[2][0] + "\n" + PAGE[3][0], 120)
    assert "A one   kept 10   missed 17   leaked 0" in out
    assert "B two   kept 18   missed 9   leaked 7 (related 7)" in out
    assert "missed by both 9, by A alone 8, by B alone 0" in out


@pytest.mark.parametrize(
    ("page", "a", "b", "expected"),
    [
        pytest.param(
            [("We like the quiet of the old quay in spring", "keep"), ("Adverts: the best of the rest", "drop")],
            "Adverts: the best of the rest",
            "We like the quiet of the old quay in spring",
            ["[-A: We like the quiet of the old quay in spring-]", "{+A related: Adverts: the best of the rest+}"],
            id="single words that match by chance tear no passage apart",
        ),
        pytest.param(
            [("the old harbour wall of a quiet northern quay", "keep"), ("Sale the wall quiet quay now", "drop")],
            "Sale the wall quiet quay now",
            "the old harbour wall of a quiet northern quay",
            ["[-A: the old harbour wall of a quiet northern quay-]", "{+A related: Sale the wall quiet quay now+}"],
            id="nor do several that stand apart on the page",
        ),
        pytest.param(
            [("the harbour is quiet tonight says Tom", "keep"), ("Buy", "drop")],
            "the Buy harbour Buy is quiet tonight says Tom",
            "the harbour is quiet tonight says Tom",
            ["the {+A invented: Buy+} harbour {+A invented: Buy+} is quiet tonight says Tom"],
            id="where nothing is missed, short matches are no chance",
        ),
        pytest.param(
            [("Short start", "keep"), ("then a passage that nobody kept", "keep"), ("a word of our friends", "drop")],
            "Short start\na word of our friends",
            "Short start",
            ["Short start", "[-AB: then a passage that nobody kept-]", "{+A related: a word of our friends+}"],
            id="where all begin alike, the beginning is kept",
        ),
        pytest.param(
            [(PAGE[1][0], "keep"), (PAGE[2][0], "drop"), (PAGE[3][0], "keep")],
            f"{PAGE[2][0]}\n{PAGE[1][0]}",
            f"{PAGE[3][0]}\n{PAGE[2][0]}",
            [
                f"{{+A related: {PAGE[2][0]}+}}",
                f"[-B: {PAGE[1][0]}-]",
                f"[-A: {PAGE[3][0]}-]",
                f"{{+B related: {PAGE[2][0]}+}}",
            ],
            id="one leak in two places is two leaks",
        ),
        pytest.param(
            [(PAGE[1][0], "keep"), (PAGE[2][0], "drop"), ("sold out since May", "drop")],
            f"sold out since May\n{PAGE[2][0]}",
            f"{PAGE[2][0]}\n{PAGE[1][0]}",
            [
                "{+A related: sold out since May+}",
                f"{{+AB related: {PAGE[2][0]}+}}",
                f"[-A: {PAGE[1][0]}-]",
            ],
            id="what A leaked before a common leak stays before it",
        ),
        pytest.param(
            [(PAGE[1][0], "keep"), ("red tide warning", "drop"), ("high tide table", "drop")],
            f"{PAGE[1][0]}\nred tide warning",
            f"{PAGE[1][0]}\nhigh tide table",
            [PAGE[1][0], "{+A related: red tide warning+}", "{+B related: high tide table+}"],
            id="a word in common does not make one leak of two",
        ),
    ],
)
def test_differences_read_as_passages(page, a, b, expected):
    assert printed(page_of(*page), a, b, 200).partition("~}\n\n")[2].splitlines() == expected


def test_long_passages_are_folded_at_any_width_and_nothing_steers_the_terminal():
    page = page_of((" ".join(f"word{number}" for number in range(500)), "keep"), ("tail \x1b[31m end of it all", "keep"))
    everything = " ".join(page.words)
    for kept, lost in ((everything, everything), (everything, "")):
        out = printed(page, kept, lost, 60)
        assert re.search(r"… \d+ words …", re.sub(r"\s+", " ", out)) and "word250" not in out
        assert "\x1b" not in out
        assert all(len(line) <= 60 for line in out.splitlines())


def test_nothing_at_all_is_said():
    assert "(no text)" in printed(page_of(), "", "")
