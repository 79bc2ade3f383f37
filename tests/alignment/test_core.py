"""What the labels of the embedded goldens call free costs nothing, and parts of their main content leak nothing."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations, groupby

import pytest

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.goldens.golden import Golden
from harness.goldens.sets import find_goldens, load_goldens
from harness.goldens.vocabulary import LabelVerdict


def lines_of(golden: Golden, verdict: LabelVerdict) -> list[str]:
    """The text of one verdict, line by line."""
    found = (segment for segment in golden.segments if segment.verdict == verdict)
    lines = ("".join(segment.text for segment in line).strip() for _, line in groupby(found, key=lambda found: found.line))
    return [line for line in lines if line]


FILES = find_goldens(["core"])  # read by the tests, not by all that collect them


@cache
def core() -> dict[str, Golden]:
    return {golden.id: golden for golden in load_goldens(FILES, {}).goldens}


@pytest.mark.parametrize("id", [file.id for file in FILES])
def test_optional_text_is_free_and_parts_of_the_main_content_leak_nothing(id: str) -> None:
    golden = core()[id]
    page = page_words(golden)
    keep = lines_of(golden, "keep")
    optional = [line for line in lines_of(golden, "maybe") if line not in keep]  # a line that is both counts as `keep`
    for lines in (keep, keep[::2], keep[1::2], keep[len(keep) // 2 :]):
        alone = align(page, "\n".join(lines)).counts
        assert alone.leaked == 0
        for output in ([*optional, *lines], [*lines, *optional], [*optional, *lines, *optional]):
            counts = align(page, "\n".join(output)).counts
            assert (counts.kept, counts.leaked) == (alone.kept, 0)
    assert align(page, "\n".join(keep)).counts.missed == 0


def test_the_main_content_of_another_page_in_the_same_language_scores_nothing() -> None:
    stories = {re.sub("-[abc]$", "", golden.id): golden for golden in core().values()}
    texts = [(golden.lang[:2], page_words(golden), "\n".join(lines_of(golden, "keep"))) for golden in stories.values()]
    scores = [
        align(page, other).counts.f
        for (language, page, _), (other_language, _, other) in combinations(texts, 2)
        if language == other_language
    ]
    assert len(scores) > 200
    assert max(scores) <= 0.003
