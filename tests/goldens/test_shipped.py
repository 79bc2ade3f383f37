"""The labelled pages that come with the harness: what the labelling guide asks of them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from factories.places import DUMPS, ROOT, needs_dumps
from harness.common.places import bundled
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps
from harness.goldens.sets import LoadedGoldens, find_goldens, load_goldens
from harness.pages.words import normalise, words

CONTENT = {"body", "heading", "list", "table", "code", "quote", "post", "item", "spec"}
BOILERPLATE = set(
    "navigation masthead footer sidebar related promo newsletter consent paywall share author legal form".split()
)
BOILERPLATE |= {"interface", "hidden", "alt", "metadata"}


CORE = find_goldens([str(bundled("goldens") / "core")])  # read by the tests, not by all that collect them


@cache
def core() -> LoadedGoldens:
    return load_goldens(CORE, Dumps([]))


@cache
def golden_of(id: str) -> Golden:
    return next(golden for golden in core().goldens if golden.id == id)


def pages(media: str) -> list[Golden]:
    return [golden for golden in core().goldens if golden.page.media == media]


def story(golden: Golden) -> str:
    """Text dumps are called STORY-a, STORY-b, STORY-c."""
    return golden.id.rpartition("-")[0] if golden.page.media == "text/plain" else golden.id


def runs(texts: Iterable[str], length: int) -> set[tuple[str, ...]]:
    sequence = words("\n".join(texts))
    return {tuple(sequence[i : i + length]) for i in range(len(sequence) - length + 1)}


def runs_of(golden: Golden, verdict: str, length: int) -> set[tuple[str, ...]]:
    return runs((segment.text for segment in golden.segments if segment.verdict == verdict), length)


def share(first: set[tuple[str, ...]], second: set[tuple[str, ...]]) -> float:
    return len(first & second) / min(len(first), len(second))


def test_every_golden_is_right_and_has_its_page() -> None:
    assert core().mistakes == []
    assert core().skipped == []


def test_at_least_five_stories_stand_in_three_layouts_each() -> None:
    layouts = defaultdict(list)
    for golden in pages("text/plain"):
        layouts[story(golden)].append(golden)
    in_three = [group for group in layouts.values() if len(group) >= 3]
    assert len(in_three) >= 5
    assert sum(map(len, in_three)) >= 15
    for first, second in (pair for group in in_three for pair in combinations(group, 2)):
        ids = f"{first.id} and {second.id}"
        assert share(runs_of(first, "keep", 3), runs_of(second, "keep", 3)) > 0.7, f"{ids} are not one story"
        lines = [{line.strip() for line in golden.page.content.split("\n") if line.strip()} for golden in (first, second)]
        assert len(lines[0] & lines[1]) < len(lines[0] | lines[1]) / 2, f"{ids} are one layout"


def test_html_pages_span_the_kinds_and_languages() -> None:
    html = pages("text/html")
    assert len(html) >= 30
    kinds = {golden.kind for golden in html}
    assert kinds >= {"article", "forum", "product", "collection", "listing", "documentation", "service"}
    assert kinds & {"recipe", "qa"}
    languages = {golden.lang.partition("-")[0] for golden in html}
    assert len(languages) >= 6
    for one_of in ({"zh", "ja"}, {"ar", "he"}, {"hi", "th"}, {"de"}):
        assert languages & one_of


@pytest.mark.parametrize("id", [file.id for file in CORE])
def test_labels_follow_the_guide(id: str) -> None:
    seen = [segment for segment in golden_of(id).segments if words(segment.text)]
    assert [s.text for s in seen if s.kind == "other"] == [], "text that no rule names"
    assert {s.kind for s in seen if s.verdict == "keep"} <= CONTENT
    assert {s.kind for s in seen if s.verdict == "maybe"} & BOILERPLATE == set()
    titles = [normalise(s.text) for s in seen if s.kind == "title" and s.verdict == "maybe"]
    assert len(titles) == len(set(titles)), "more than one copy of the title is `maybe`"
    lengths = {verdict: len(words("\n".join(s.text for s in seen if s.verdict == verdict))) for verdict in ("keep", "drop")}
    assert lengths["keep"] >= 50
    assert lengths["drop"] >= lengths["keep"] / 3, "hardly any boilerplate: too easy"


def test_no_two_pages_share_ten_words_in_a_row_unless_they_tell_one_story() -> None:
    told_by: dict[tuple[str, ...], str] = {}
    shared = []
    for golden in core().goldens:
        for run in runs((segment.text for segment in golden.segments), 10):
            if told_by.setdefault(run, story(golden)) != story(golden):
                shared.append((golden.id, told_by[run], " ".join(run)))
    assert shared == []


@cache
def daily8() -> dict[str, Golden]:
    folders = [Path(part) for part in str(DUMPS).split(os.pathsep)]
    loaded = load_goldens(find_goldens([str(bundled("goldens") / "daily8")]), Dumps(folders))
    assert (loaded.mistakes, loaded.skipped) == ([], [])
    return {golden.id.rpartition("-")[2]: golden for golden in loaded.goldens}


def paragraphs(golden: Golden) -> list[str]:
    """The lines of the story, with their datelines."""
    lines: dict[int, str] = defaultdict(str)
    for segment in golden.segments:
        if segment.verdict == "keep" or segment.kind == "dateline":
            lines[segment.line] += segment.text
    return list(lines.values())


@needs_dumps
def test_labels_of_the_dumps_find_one_story_in_three_layouts() -> None:
    first, second, third = (paragraphs(daily8()[name]) for name in ("000", "001", "004"))
    assert len(first) == 12
    assert first == third
    assert second[1:] == first[2:]  # it has no first paragraph, and another version of the second
    assert second[0] != first[1]
    assert share(runs([second[0]], 3), runs([first[1]], 3)) > 0.8


@needs_dumps
@pytest.mark.parametrize("name", ["000", "001", "004"])
def test_every_line_of_a_dump_is_labelled_and_one_copy_of_its_title_is_free(name: str) -> None:
    seen = [segment for segment in daily8()[name].segments if segment.text.strip()]
    assert [segment.line for segment in seen if segment.kind == "other"] == []
    assert [segment.kind for segment in seen if segment.verdict == "maybe"].count("title") == 1


@needs_dumps
def test_no_text_of_the_dumps_is_in_the_project() -> None:
    theirs = runs((golden.page.text for golden in daily8().values()), 10)
    folders = ("docs", "extractors", "goldens", "harness", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files += [*ROOT.glob("*.md"), *ROOT.glob("reports/*.*")]
    assert files
    copied = [path.name for path in files if runs([path.read_text(encoding="utf-8", errors="replace")], 10) & theirs]
    assert copied == []
