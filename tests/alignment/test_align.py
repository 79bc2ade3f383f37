"""What an output beside a page kept, missed, leaked and had free, against the definitions; and the names given to leaks."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import harness.alignment.lcs
from factories.goldens import Block, labelled_golden, lined_golden, plain_golden
from factories.pages import text_page
from harness.alignment.align import DUPLICATED, INVENTED, MOVED, Alignment, PageWords, align, page_words
from harness.alignment.counts import WordCounts
from harness.goldens.golden import Label
from harness.goldens.vocabulary import TEXT_KINDS, VERDICTS, Verdict
from harness.metrics import Case
from harness.metrics.own import words as metrics
from harness.pages.page import Page


def page_of(*blocks: Block) -> PageWords:
    """The words of a page with one line for each block."""
    return page_words(lined_golden(blocks))


def labelled(dump: str, *labels: Label) -> PageWords:
    """The words of a text dump under labels as they stand in a golden file."""
    return page_words(labelled_golden(text_page(dump), labels))


def lcs(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of a longest common subsequence, by the textbook."""
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], diagonal + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def kept_then_free(page: PageWords, output: Sequence[str]) -> tuple[int, int]:
    """Most `keep` words of a common subsequence, and most `maybe` words beside so many of them, by the textbook."""
    row = [(0, 0)] * (len(output) + 1)
    for word, verdict in zip(page.words, page.verdicts):
        diagonal = (0, 0)
        for j, other in enumerate(output, 1):
            kept, free = diagonal
            gain = (
                (kept + (verdict == "keep"), free + (verdict == "maybe")) if word == other and verdict != "drop" else (0, 0)
            )
            diagonal, row[j] = row[j], max(row[j], row[j - 1], gain)
    return row[-1]


def having(page: PageWords, *verdicts: Verdict) -> list[str]:
    return [word for word, verdict in zip(page.words, page.verdicts) if verdict in verdicts]


def p_r_f(page: PageWords, output: Sequence[str]) -> tuple[float, float, float]:
    scores = metrics.word_scores(Case(plain_golden(""), " ".join(output), page))
    return scores["P"], scores["R"], scores["F"]


ALPHABETS = ("ab", "abcd", [f"w{i}" for i in range(40)])


def word_lists(alphabet: Sequence[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(alphabet), max_size=most)


@st.composite
def cases(draw: st.DrawFn, verdicts: Sequence[Verdict] = VERDICTS) -> tuple[PageWords, list[str]]:
    """A page and an output that is put together from passages of the page, words of its alphabet and foreign words."""
    alphabet = draw(st.sampled_from(ALPHABETS))
    text = word_lists(alphabet, 40).map(" ".join)
    block = st.tuples(st.sampled_from(verdicts), st.sampled_from(("body", "related", "title")), text)
    page = page_of(*draw(st.lists(block, max_size=6)))
    places = st.integers(0, len(page.words))
    passage = st.tuples(places, places).map(lambda ends: list(page.words[min(ends) : max(ends)]))
    pieces = draw(st.lists(passage | word_lists([*alphabet, "foreign"], 10), max_size=5))
    return page, [word for piece in pieces for word in piece]


@given(
    st.sampled_from(ALPHABETS).flatmap(lambda alphabet: st.tuples(word_lists(alphabet, 150), word_lists(alphabet, 150))),
    st.sampled_from((1, 40, 1000, 10**9)),
)
def test_kept_is_the_length_of_a_longest_common_subsequence_also_of_texts_too_long_for_one_table(
    lists: tuple[list[str], list[str]], table: int
) -> None:
    gold, output = lists
    with (
        mock.patch.object(harness.alignment.lcs, "_MAX_CELLS", table),
        mock.patch.object(harness.alignment.lcs, "_CARRIES", 7),
    ):
        alignment = align(page_of(("keep", "body", " ".join(gold))), " ".join(output))
    assert alignment.counts.kept == lcs(gold, output)
    for (i, j), (next_i, next_j) in zip(alignment.matched, alignment.matched[1:]):
        assert i < next_i and j < next_j
    assert all(gold[i] == output[j] for i, j in alignment.matched)


@given(cases(), st.sampled_from((1, 8, 256)))
@example((page_of(("keep", "body", "p q"), ("maybe", "title", "x y z")), "x y z p q".split()), 1)
@example((page_of(("keep", "body", "p q"), ("maybe", "title", "x y z"), ("keep", "body", "r")), "x y z p q r".split()), 1)
def test_kept_leaked_and_free_are_what_the_definitions_say(case: tuple[PageWords, list[str]], step: int) -> None:
    page, output = case
    with mock.patch.object(harness.alignment.lcs, "_LEAST_STEP", step):  # of long texts, on short ones
        alignment = align(page, " ".join(output))
    kept, free = kept_then_free(page, output)
    assert kept == lcs(having(page, "keep"), output)
    assert alignment.counts == WordCounts(kept, len(having(page, "keep")) - kept, len(output) - kept - free, free)
    assert len(alignment.free) == free


@given(cases())
def test_every_word_is_counted_once_and_pairs_are_equal_words_in_order(case: tuple[PageWords, list[str]]) -> None:
    page, output = case
    alignment = align(page, " ".join(output))
    for (i, j), (next_i, next_j) in zip(alignment.matched, alignment.matched[1:]):
        assert i < next_i and j < next_j
    assert all(page.verdicts[i] == "keep" and page.words[i] == output[j] for i, j in alignment.matched)
    assert sorted([*(j for _, j in alignment.matched), *alignment.free, *alignment.leaks]) == list(range(len(output)))
    assert sum(alignment.leaks_by_kind().values()) == alignment.counts.leaked
    assert sum(alignment.misses_by_kind().values()) == alignment.counts.missed


@given(cases())
def test_a_leak_is_named_after_a_dropped_text_with_the_word_and_invented_only_if_the_page_lacks_it(
    case: tuple[PageWords, list[str]],
) -> None:
    page, output = case
    dropped = {(word, kind) for word, verdict, kind in zip(page.words, page.verdicts, page.kinds) if verdict == "drop"}
    for j, origin in align(page, " ".join(output)).leaks.items():
        assert (origin == INVENTED) == (output[j] not in page.words)
        assert origin != MOVED or output[j] in having(page, "keep", "maybe")
        assert origin in (INVENTED, DUPLICATED, MOVED) or (output[j], origin) in dropped


@given(cases(), st.data())
def test_dropping_output_words_never_raises_recall(case: tuple[PageWords, list[str]], data: st.DataObject) -> None:
    page, output = case
    remains = data.draw(st.lists(st.booleans(), min_size=len(output), max_size=len(output)))
    shorter = [word for word, remain in zip(output, remains) if remain]
    assert p_r_f(page, shorter)[1] <= p_r_f(page, output)[1]


@given(cases(), st.lists(st.sampled_from(("alien", "stray", "unseen")), min_size=1, max_size=8))
def test_appending_foreign_words_never_raises_precision(case: tuple[PageWords, list[str]], foreign: list[str]) -> None:
    page, output = case
    assert p_r_f(page, output + foreign)[0] <= p_r_f(page, output)[0]


@given(cases())
def test_the_gold_is_perfect_against_itself_with_and_without_the_maybe_text(case: tuple[PageWords, list[str]]) -> None:
    page, _ = case
    assert p_r_f(page, having(page, "keep")) == (1, 1, 1)
    if having(page, "keep"):
        assert p_r_f(page, having(page, "keep", "maybe")) == (1, 1, 1)


@given(cases(verdicts=("keep", "drop")))
def test_swapping_gold_and_output_swaps_precision_and_recall(case: tuple[PageWords, list[str]]) -> None:
    page, output = case
    gold = having(page, "keep")
    if gold and output:
        p, r, f = p_r_f(page, output)
        assert p_r_f(page_of(("keep", "body", " ".join(output))), gold) == (r, p, pytest.approx(f))


STORY = "The ferry to Norrholm lost its winch in the storm and drifted for two hours"
SECOND = "Divers found the broken drum on Tuesday near the harbour wall"
RELATED = "A bakery in Tallmouth sells bread through a hatch at midnight"


def test_a_moved_block_counts_as_missed_and_as_leaked_and_is_not_called_duplicated() -> None:
    page = page_of(("keep", "body", STORY), ("keep", "list", SECOND))
    moved = align(page, f"{SECOND}\n{STORY}")
    assert (moved.counts.kept, moved.counts.missed, moved.counts.leaked) == (15, 11, 11)
    assert (moved.misses_by_kind(), moved.leaks_by_kind()) == ({"list": 11}, {MOVED: 11})
    twice = align(page, f"{SECOND}\n{STORY}\n{SECOND}")
    assert (twice.counts.missed, twice.leaks_by_kind()) == (0, {DUPLICATED: 11})


def test_words_that_count_on_neither_side_are_those_of_the_maybe_text() -> None:
    page = page_of(("keep", "body", "Adrift"), ("maybe", "caption", "A boat by night"), ("keep", "body", "Divers found it"))
    output = "Divers found it\nAdrift\nA boat by night"  # by the definitions, two words are free and three leaked
    alignment = align(page, output)
    assert {output.split()[j] for j in alignment.free} <= {"A", "boat", "by", "night"}


@pytest.mark.parametrize("kind", TEXT_KINDS)
def test_a_dropped_block_that_leaks_alone_is_named_by_its_kind(kind: str) -> None:
    blocks: list[Block] = [("drop", k, f"start{i} mid{i} of block{i} and{i} end{i}") for i, k in enumerate(TEXT_KINDS)]
    page = page_of(*blocks[:9], ("keep", "body", STORY), *blocks[9:])
    leaked = next(text for _, k, text in blocks if k == kind)
    for output in (leaked, f"{leaked}\n{STORY}", f"{STORY}\n{leaked}"):
        assert align(page, output).leaks_by_kind() == {kind: 6}


def test_a_near_copy_of_the_story_in_a_dropped_block_is_named_by_that_block() -> None:
    page = page_of(("keep", "body", STORY), ("keep", "body", SECOND), ("drop", "related", f"{STORY} until help came"))
    assert align(page, f"{STORY}\n{SECOND}\n{STORY} until help came").leaks_by_kind() == {"related": 18}


def test_a_second_copy_is_laid_to_a_dropped_block_that_repeats_the_story_word_for_word() -> None:
    page = page_of(("keep", "body", STORY), ("drop", "hidden", STORY))
    assert align(page, f"{STORY}\n{STORY}").leaks_by_kind() == {"hidden": 15}


def test_dropped_blocks_that_begin_alike_are_told_apart() -> None:
    promo, related = "The town council of Tallmouth sells bread", "The town council of Ely banned geese"
    page = page_of(("drop", "promo", promo), ("keep", "body", STORY), ("drop", "related", related))
    assert align(page, f"{STORY}\n{related}").leaks_by_kind() == {"related": 7}


def test_a_second_copy_of_a_kept_paragraph_is_duplicated_and_the_next_leak_keeps_its_own_name() -> None:
    page = page_of(("keep", "body", STORY), ("keep", "body", SECOND), ("drop", "related", RELATED))
    assert align(page, f"{STORY}\n{SECOND}\n{STORY}\n{RELATED}").leaks_by_kind() == {DUPLICATED: 15, "related": 11}
    assert align(page, f"{STORY}\n{SECOND}\n{RELATED}\n{RELATED}").leaks_by_kind() == {DUPLICATED: 11, "related": 11}


def test_words_that_are_not_on_the_page_are_invented() -> None:
    page = page_of(("keep", "body", STORY), ("drop", "related", RELATED))
    assert align(page, f"Summary: {STORY} zzz").leaks_by_kind() == {INVENTED: 2}


@pytest.mark.parametrize("verdicts", [("drop", "maybe"), ("maybe", "drop")])
@pytest.mark.parametrize(
    ("copies", "free", "leaks"),
    [(0, 0, {}), (1, 6, {}), (2, 6, {"title": 6}), (3, 6, {"title": 6, DUPLICATED: 6})],
)
def test_one_copy_of_the_title_is_nobodys_mistake_and_every_other_one_is(
    verdicts: tuple[Verdict, Verdict], copies: int, free: int, leaks: dict[str, int]
) -> None:
    title = "Norrholm ferry adrift for two hours"
    page = page_of(*((verdict, "title", title) for verdict in verdicts), ("keep", "body", SECOND))
    alignment = align(page, f"{title}\n" * copies + SECOND)
    assert (alignment.counts.kept, len(alignment.free), alignment.leaks_by_kind()) == (11, free, leaks)


def test_a_word_glued_across_labels_falls_under_the_first_of_them() -> None:
    line = "Ferry adriftBy Ida Lind"
    page = labelled(
        f"{line}\nNORRHOLM (XY) — {SECOND}\n",
        Label("maybe", ("1",), "title"),
        Label("drop", ("1[12:23]",), "byline"),
        Label("keep", ("2",), "body"),
        Label("maybe", ("2[0:16]",), "dateline"),
    )
    glued = page.words.index("adriftBy")
    assert (page.verdicts[glued], page.kinds[glued]) == ("maybe", "title")
    as_on_the_page: Alignment = align(page, f"{line}\nNORRHOLM (XY) — {SECOND}")
    assert (as_on_the_page.counts.kept, len(as_on_the_page.free)) == (11, 4)
    assert as_on_the_page.leaks_by_kind() == {"byline": 2}


@pytest.mark.parametrize("output", [STORY.upper(), STORY.replace("winch", "wench")])
def test_case_and_spelling_count(output: str) -> None:
    assert align(page_of(("keep", "body", STORY)), output).counts.missed > 0


def test_invisible_characters_spacing_and_composition_do_not_count() -> None:
    page = page_of(("keep", "body", "Das Café am Hafen öffnet"))
    output = "Das\u00a0Cafe\u0301\n\tam Ha\u00adfen\u200b o\u0308ffnet"
    assert (align(page, output).counts.kept, align(page, output).counts.leaked) == (5, 0)


STEPS = labelled_golden(
    Page(
        b"<p>What to do aboard</p><ol><li>Buy a ticket<li>Wait behind the line</ol><p>2. September is too late</p>",
        "text/html",
    ),
    [Label("keep", ("p", "ol"), "body")],
)


@pytest.mark.parametrize(
    "output",
    [
        "What to do aboard\nBuy a ticket\nWait behind the line\n2. September is too late",
        "What to do aboard\n1. Buy a ticket\n2. Wait behind the line\n2. September is too late",
        "What to do aboard\n 1)\nBuy a ticket\n (2)\tWait behind the line\n2. September is too late",
        "What to do aboard\n7.\u00a0Buy a ticket\n8.\u00a0Wait behind the line\n2. September is too late",
    ],
)
def test_numbers_of_list_items_are_no_words(output: str) -> None:
    counts = align(page_words(STEPS), output).counts
    assert (counts.missed, counts.leaked) == (0, 0)


def test_a_number_that_the_page_says_is_a_word_and_so_is_one_that_begins_no_item() -> None:
    without = align(page_words(STEPS), "What to do aboard\nBuy a ticket\nWait behind the line\nSeptember is too late").counts
    assert (without.missed, without.leaked) == (1, 0)
    inside = align(page_words(STEPS), "What to do aboard 1. Buy a ticket\n1999\n3.14 Wait behind the line").output.words
    assert inside == (
        "What",
        "to",
        "do",
        "aboard",
        "1",
        "Buy",
        "a",
        "ticket",
        "1999",
        "3",
        "14",
        "Wait",
        "behind",
        "the",
        "line",
    )


def test_numbers_in_a_text_of_the_main_content_are_no_words_where_the_page_does_not_say_them() -> None:
    golden = plain_golden(
        "What to do aboard\n1. Buy a ticket\n2. Wait behind the line\n2. September is too late", page=STEPS.page
    )
    for numbers in ("", "1. "), ("", ""), ("1. ", "2. "):
        output = "What to do aboard\n{}Buy a ticket\n{}Wait behind the line\n2. September is too late".format(*numbers)
        counts = align(page_words(golden), output).counts
        assert (counts.missed, counts.leaked) == (0, 0)


def test_a_mark_in_an_element_of_its_own_belongs_to_its_letter() -> None:
    page = Page(b"<p>Kaffee im cafe<b>&#x301;</b> und im <i>Cafe</i>&#x301;haus</p>", "text/html")
    golden = labelled_golden(page, [Label("keep", ("p",), "body")])
    assert page_words(golden).words == ("Kaffee", "im", "café", "und", "im", "Caféhaus")
