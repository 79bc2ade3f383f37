"""What an output beside a page kept, missed, leaked and had free, against the definitions; and the names given to leaks."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.goldens import Block, labelled_golden, lined_golden, plain_golden
from factories.pages import text_page
from harness.alignment.align import align
from harness.alignment.counts import WordCounts
from harness.alignment.origins import DUPLICATED, INVENTED, MOVED
from harness.alignment.words import PageWords, page_words
from harness.goldens.golden import Golden, Segment
from harness.goldens.labels import Label
from harness.goldens.vocabulary import TEXT_KINDS, VERDICTS, LabelVerdict
from harness.metrics import Case
from harness.metrics.own import words as metrics
from harness.pages.page import Page


def page_of(*blocks: Block) -> PageWords:
    """The words of a page with one line for each block."""
    return page_words(lined_golden(blocks))


def labelled(dump: str, *labels: Label) -> PageWords:
    """The words of a text dump under labels as they stand in a golden file."""
    return page_words(labelled_golden(text_page(dump), labels))


def having(page: PageWords, *verdicts: LabelVerdict) -> list[str]:
    return [word for word, verdict in zip(page.words, page.verdicts) if verdict in verdicts]


def p_r_f(page: PageWords, output: Sequence[str]) -> tuple[float, float, float]:
    scores = metrics.word_scores(Case(plain_golden(""), " ".join(output), page))
    return scores["P"], scores["R"], scores["F"]


ALPHABETS = ("ab", "abcd", [f"w{i}" for i in range(40)])


def word_lists(alphabet: Sequence[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(alphabet), max_size=most)


@st.composite
def cases(draw: st.DrawFn, verdicts: Sequence[LabelVerdict] = VERDICTS) -> tuple[PageWords, list[str]]:
    """A page and an output that is put together from passages of the page, words of its alphabet and foreign words."""
    alphabet = draw(st.sampled_from(ALPHABETS))
    text = word_lists(alphabet, 40).map(" ".join)
    block = st.tuples(st.sampled_from(verdicts), st.sampled_from(("body", "related", "title")), text)
    page = page_of(*draw(st.lists(block, max_size=6)))
    places = st.integers(0, len(page.words))
    passage = st.tuples(places, places).map(lambda ends: list(page.words[min(ends) : max(ends)]))
    pieces = draw(st.lists(passage | word_lists([*alphabet, "foreign"], 10), max_size=5))
    return page, [word for piece in pieces for word in piece]


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
def test_a_leak_is_named_after_a_dropped_text_with_the_word_and_only_words_of_the_page_have_an_origin(
    case: tuple[PageWords, list[str]],
) -> None:
    page, output = case
    kinds = {kind for verdict, kind in zip(page.verdicts, page.kinds) if verdict == "drop"}
    for j, origin in align(page, " ".join(output)).leaks.items():
        assert origin == INVENTED or output[j] in page.words
        assert origin != MOVED or output[j] in having(page, "keep")
        assert origin in (INVENTED, DUPLICATED, MOVED) or origin in kinds


@given(cases(), st.lists(st.sampled_from(("alien", "stray", "unseen")), min_size=1, max_size=8))
def test_a_line_of_foreign_words_never_raises_precision(case: tuple[PageWords, list[str]], foreign: list[str]) -> None:
    page, output = case
    before, after = (align(page, f"{' '.join(output)}\n{' '.join(line)}") for line in ([], foreign))
    assert after.counts.precision <= before.counts.precision


@given(cases())
def test_the_gold_is_perfect_against_itself_with_and_without_the_maybe_text(case: tuple[PageWords, list[str]]) -> None:
    page, _ = case
    assert p_r_f(page, having(page, "keep")) == (1, 1, 1)
    if having(page, "keep"):
        assert p_r_f(page, having(page, "keep", "maybe")) == (1, 1, 1)


@st.composite
def pages_of_unlike_lines(draw: st.DrawFn) -> list[Block]:
    """Lines of words that no other line has, in an order of their own."""
    verdicts = draw(st.lists(st.sampled_from(VERDICTS), min_size=2, max_size=10))
    sizes = [draw(st.integers(1, 25)) for _ in verdicts]
    return [
        (verdict, "body" if verdict == "keep" else "related", " ".join(f"w{number}of{line}" for number in range(size)))
        for line, (verdict, size) in enumerate(zip(verdicts, sizes))
    ]


@given(pages_of_unlike_lines(), st.data())
def test_optional_lines_are_free_wherever_they_stand_and_however_often(blocks: list[Block], data: st.DataObject) -> None:
    page = page_of(*blocks)
    lines = data.draw(st.lists(st.sampled_from([text for verdict, _, text in blocks if verdict != "maybe"] or ["x"])))
    optional = [text for verdict, _, text in blocks if verdict == "maybe"]
    before = align(page, "\n".join(lines)).counts
    for text in optional:
        for _ in range(data.draw(st.integers(1, 2))):
            lines.insert(data.draw(st.integers(0, len(lines))), text)
    after = align(page, "\n".join(lines)).counts
    assert (after.kept, after.missed, after.leaked) == (before.kept, before.missed, before.leaked)


@given(pages_of_unlike_lines(), st.data())
def test_a_leaked_line_less_or_a_missing_line_more_never_lowers_f(blocks: list[Block], data: st.DataObject) -> None:
    page = page_of(*blocks)
    came = [data.draw(st.booleans()) for _ in blocks]
    place = data.draw(st.integers(0, len(blocks) - 1))
    better = [*came[:place], blocks[place][0] != "drop", *came[place + 1 :]]
    before, after = (align(page, "\n".join(b[2] for b, out in zip(blocks, some) if out)) for some in (came, better))
    assert after.counts.f >= before.counts.f


@given(pages_of_unlike_lines(), st.data())
def test_nothing_but_main_content_in_its_order_has_a_precision_of_1(blocks: list[Block], data: st.DataObject) -> None:
    page = page_of(*blocks)
    lines = [text for verdict, _, text in blocks if verdict != "drop" and data.draw(st.booleans())]
    assert align(page, "\n".join(lines)).counts.leaked == 0


@st.composite
def lines_of_pieces(draw: st.DrawFn) -> list[list[Segment]]:
    """Lines whose pieces have labels of their own, in words that no other piece has."""
    pieces = st.lists(st.tuples(st.sampled_from(VERDICTS), st.integers(1, 6)), min_size=1, max_size=4)
    return [
        [
            Segment(" ".join(f"w{number}of{piece}in{line}" for number in range(size)) + " ", verdict, "body", line)
            for piece, (verdict, size) in enumerate(draw(pieces))
        ]
        for line in range(draw(st.integers(1, 5)))
    ]


@given(lines_of_pieces(), st.data())
def test_any_pieces_of_optional_text_are_free_between_the_main_content_of_their_line(
    lines: list[list[Segment]], data: st.DataObject
) -> None:
    segments = tuple(segment for line in lines for segment in line)
    page = page_words(Golden("set/page", text_page(""), "article", "site.example", labelled=segments))
    came = [line for line in lines if data.draw(st.booleans())]
    wanted = lambda piece: piece.verdict == "keep" or (piece.verdict == "maybe" and data.draw(st.booleans()))  # noqa: E731
    alignment = align(page, "\n".join("".join(piece.text for piece in line if wanted(piece)) for line in came))
    assert alignment.counts.leaked == 0


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


@pytest.mark.parametrize("output", ["{m}\n{k}", "{k}\n{m}", "{m}\n{k}\n{m}", "{m}"])
def test_optional_text_is_free_before_the_main_content_and_behind_it_alone_and_doubled(output: str) -> None:
    page = page_of(("keep", "body", STORY), ("maybe", "caption", "A boat by night"), ("keep", "body", SECOND))
    alignment = align(page, output.format(k=f"{STORY}\n{SECOND}", m="A boat by night"))
    assert alignment.leaks == {}
    assert {alignment.output.words[j] for j in alignment.free} == {"A", "boat", "by", "night"}
    assert alignment.frees_by_kind() == {"caption": 4}


def test_boilerplate_with_common_words_earns_nothing() -> None:
    teaser = "The bakery and the town drifted in the winter for two years"
    alignment = align(page_of(("keep", "body", STORY), ("drop", "related", teaser)), teaser)
    assert (alignment.counts.kept, alignment.counts.f, alignment.leaks_by_kind()) == (0, 0, {"related": 12})


def test_a_name_of_an_optional_line_is_a_leak_where_it_stands_in_other_text() -> None:
    byline = [Segment("By ", "maybe", "author", 1), Segment("Ada Winter", "maybe", "author", 1)]
    segments = (Segment(STORY, "keep", "body", 0), *byline, Segment("Thanks to Ada Winter for it", "drop", "comment", 2))
    page = page_words(Golden("set/page", text_page(""), "article", "site.example", labelled=segments))
    assert align(page, f"{STORY}\nAda Winter").counts.free == 2
    assert align(page, f"{STORY}\nThanks to Ada Winter for it").counts.free == 0


def test_made_up_text_in_the_words_of_the_page_earns_nothing_and_is_invented() -> None:
    page = page_of(("keep", "body", STORY), ("keep", "body", SECOND))
    alignment = align(page, "Two divers lost the winch near the harbour and found for the ferry its storm on Tuesday")
    assert (alignment.counts.f, alignment.leaks_by_kind()) == (0, {INVENTED: 17})


def test_half_of_the_main_content_leaks_nothing() -> None:
    lines = [f"{STORY} {number}" for number in ("once", "twice", "thrice", "more")]
    page = page_of(*(("keep", "body", line) for line in lines))
    alignment = align(page, "\n".join(lines[1::2]))
    assert (alignment.counts.precision, alignment.counts.recall) == (1, 0.5)


def test_a_quote_in_a_leaked_teaser_is_part_of_the_leak() -> None:
    quoted = "lost its winch in the storm"
    page = page_of(("keep", "body", STORY), ("drop", "related", f"Read what he said when she {quoted} and why not"))
    alignment = align(page, f"Read what he said when she {quoted} and why not")
    assert (alignment.counts.kept, alignment.leaks_by_kind()) == (0, {"related": 15})


def test_a_hidden_copy_instead_of_the_story_counts_as_kept() -> None:
    page = page_of(("drop", "hidden", STORY), ("keep", "body", STORY))
    assert align(page, STORY).counts == WordCounts(15, 0, 0, 0)


def test_single_words_count_next_to_kept_ones() -> None:
    page = page_of(("keep", "body", STORY))
    output = STORY.replace("lost", "LOST").replace("storm", "STORM").replace("two", "TWO")
    assert align(page, output).counts == WordCounts(12, 3, 3, 0)


def test_short_lines_count_where_they_are_a_line_of_the_page_and_nowhere_else() -> None:
    page = page_of(("keep", "list", "Rye"), ("keep", "body", STORY), ("keep", "list", "White tin"))
    assert align(page, f"Rye\n{STORY}\nWhite tin").counts.leaked == 0
    assert align(page, "Rye").counts == WordCounts(1, 17, 0, 0)
    assert align(page, "Toast of Rye bread").counts == WordCounts(0, 18, 4, 0)


def test_a_line_whose_end_is_repeated_further_down_is_not_torn_in_two() -> None:
    lines = ["Drink it after your workout", "A cup of blueberries", "Eat before your workout", "A scoop of oats and honey"]
    page = page_of(*(("keep", "body", line) for line in lines))
    alignment = align(page, f"{lines[0]}\n{lines[3]}")
    assert {int(page.lines[i]) for i, _ in alignment.matched} == {0, 3}
    assert alignment.counts == WordCounts(11, 8, 0, 0)


SHORT: list[Block] = [
    ("keep", "body", STORY),
    ("keep", "list", "Rye"),
    ("maybe", "caption", "Photo"),
    ("keep", "list", "White tin"),
    ("drop", "promo", "Subscribe"),
    ("keep", "body", SECOND),
    ("keep", "list", "Oats"),
    ("keep", "list", "Rye and barley"),
]


@pytest.mark.parametrize("came", ["01234567", "0135", "0145", "02467", "13", "2", "6", "1267", "456", "0246"])
@pytest.mark.parametrize("width", [20, 40, 1000])
def test_short_lines_count_alike_where_an_output_joins_or_wraps_its_lines(came: str, width: int) -> None:
    page = page_of(*SHORT)
    lines = [SHORT[int(number)][2] for number in came]
    joined = align(page, textwrap.fill(" ".join(lines), width))
    assert joined.counts == align(page, "\n".join(lines)).counts
    assert joined.leaks_by_kind() == ({"promo": 1} if "4" in came else {})


def test_a_short_line_does_not_count_in_the_middle_of_other_text() -> None:
    page = page_of(*SHORT)
    alignment = align(page, f"{STORY} fresh toast of warm Rye bread as they say {SECOND}")
    assert (alignment.counts.kept, alignment.leaks_by_kind()) == (26, {INVENTED: 9})


LONG = "and then he told us that a keeper had seen it from the tower before anyone else in town could have known"


@pytest.mark.parametrize("common", ["at the end of", "at the end of the day when"])
def test_a_few_common_words_inside_long_texts_are_a_coincidence(common: str) -> None:
    page = page_of(("keep", "body", f"{STORY} {common} {SECOND}"))
    alignment = align(page, f"The mill stood empty {common} {LONG}")
    assert (alignment.counts.kept, set(alignment.leaks_by_kind())) == (0, {INVENTED})
    page = page_of(("drop", "related", f"{STORY} {common} {SECOND}"))
    assert set(align(page, f"The mill stood empty {common} {LONG}").leaks_by_kind()) == {INVENTED}


@pytest.mark.parametrize("common", ["Features", "there are a few things to keep in mind"])
def test_a_heading_or_phrase_is_a_coincidence_only_where_both_texts_have_hardly_more_in_common(common: str) -> None:
    lines = [f"w{n} v{n} u{n} t{n}" for n in range(100)]
    page = page_of(("keep", "body", common), *(("keep", "body", line) for line in lines), ("maybe", "title", "All of it"))
    kept = len(common.split())

    def kept_in(*output: str) -> int:
        return align(page, "\n".join(output)).counts.kept

    foreign = [f"x{n} y{n} z{n} q{n}" for n in range(100)]
    assert kept_in(common, *foreign) == kept_in(*["All of it"] * 9, common, *foreign) == 0
    assert kept_in(common) == kept_in(*["All of it"] * 200, common) == kept
    assert kept_in(common, *lines[:10], *foreign) == kept + 40


def test_a_few_words_count_where_they_are_much_of_their_line_or_a_whole_segment_or_many() -> None:
    page = page_of(("keep", "body", STORY), ("keep", "list", "Eels by the kilo"), ("keep", "body", SECOND))
    assert align(page, "The ferry to Norrholm lost everything").counts.kept == 5
    assert align(page, f"Eels by the kilo {LONG}").counts.kept == 4
    assert align(page, f"{LONG} its winch in the storm and drifted for {LONG}").counts.kept == 8
    assert align(page, f"{LONG} its winch in the storm and drifted {LONG}").counts.kept == 0


@pytest.mark.parametrize(("character", "passage"), [("港口昨晚被水淹了灯塔", 8), ("กขคงจฉชซฌญฎฏฐฑฒณดต", 16)])
def test_a_passage_is_longer_in_scripts_without_spaces(character: str, passage: int) -> None:
    page = page_of(*(("keep", "body", line) for line in (f"{character} by night over the old port", SECOND, RELATED)))
    assert align(page, f"xx {character[:passage]} xx").counts.kept == passage
    assert align(page, f"xx {character[: passage - 1]} xx").counts.kept == 0


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
@pytest.mark.parametrize("copies", [0, 1, 2, 3])
def test_a_title_that_is_optional_somewhere_is_nobodys_mistake(
    verdicts: tuple[LabelVerdict, LabelVerdict], copies: int
) -> None:
    title = "Norrholm ferry adrift for two hours"
    page = page_of(*((verdict, "title", title) for verdict in verdicts), ("keep", "body", SECOND))
    alignment = align(page, f"{title}\n" * copies + SECOND)
    assert (alignment.counts.kept, len(alignment.free), alignment.leaks) == (11, 6 * copies, {})


LINE = "The water1from the fen"
FOOTNOTE = (Label("keep", ("1",), "body"), Label("drop", ("1[9:10]",), "footnote"))


def test_a_word_ends_where_the_verdict_changes() -> None:
    page = labelled(LINE, *FOOTNOTE)
    assert page.words == ("The", "water", "1", "from", "the", "fen")
    assert page.verdicts[1:4] == ("keep", "drop", "keep")
    assert "".join(page.shown) == LINE


@pytest.mark.parametrize(
    ("output", "leaks"),
    [
        ("The water from the fen", {}),
        ("The waterfrom the fen", {}),
        (LINE, {"footnote": 1}),
        ("The water1 from the fen", {"footnote": 1}),
        ("The water 1from the fen", {"footnote": 1}),
    ],
)
def test_an_output_may_join_what_the_page_joins(output: str, leaks: dict[str, int]) -> None:
    alignment = align(labelled(LINE, *FOOTNOTE), output)
    assert (alignment.counts.missed, alignment.leaks_by_kind()) == (0, leaks)
    assert "".join(alignment.output.shown) == output


def test_a_word_that_the_page_joins_elsewhere_is_the_same_word_there() -> None:
    page = labelled(f"{LINE}\nwater1 is a code\n", *FOOTNOTE, Label("keep", ("2",), "code"))
    assert align(page, "The water from the fen\nwater1 is a code").counts == WordCounts(10, 0, 0, 0)


def test_two_words_that_the_page_joins_to_the_same_are_cut_in_the_places_of_both() -> None:
    page = labelled(
        "see ab1 here\nsee a2b1 there\n",
        Label("keep", ("1", "2"), "body"),
        Label("drop", ("1[6:7]", "2[5:6]", "2[7:8]"), "footnote"),
    )
    for output in ("see ab here\nsee ab there", "see ab here\nsee a b there", "see a b here\nsee ab there"):
        counts = align(page, output).counts
        assert (counts.missed, counts.leaked) == (0, 0)
    page = labelled("abc one\nabc two\n", Label("keep", ("1", "2"), "body"), Label("drop", ("1[2:3]", "2[1:3]"), "footnote"))
    assert "".join(page.words) == "abconeabctwo"
    assert align(page, "abc one\nabc two").leaks_by_kind() == {"footnote": 3}


def test_a_word_of_very_many_parts_may_be_joined_whole_or_in_neighbours() -> None:
    parts = [f"p{number}x" for number in range(300)]
    ends = list(accumulate(map(len, parts)))
    drop = tuple(f"1[{end - len(part)}:{end}]" for part, end in zip(parts[1::2], ends[1::2]))
    page = labelled("".join(parts) + "\n", Label("keep", ("1",), "body"), Label("drop", drop, "footnote"))
    for output in ("".join(parts), " ".join("".join(parts[k : k + 6]) for k in range(0, 300, 6))):
        alignment = align(page, output)
        assert (alignment.counts.missed, alignment.leaks_by_kind()) == (0, {"footnote": 150})


def test_a_word_across_two_kinds_of_one_verdict_falls_under_the_first_of_them() -> None:
    page = labelled("Ferry adriftBy Ida Lind\n", Label("keep", ("1",), "body"), Label("keep", ("1[12:23]",), "byline"))
    assert page.kinds == ("body", "body", "byline", "byline")


@pytest.mark.parametrize(("verdict", "leaks"), [("maybe", {}), ("drop", {"caption": 4, "navigation": 1})])
@pytest.mark.parametrize(
    "output", ["5 MarBus freeFree", "5 Mar Bus free Free", "5 Mar\nBus free\nFree", "5 Mar Bus freeFree"]
)
def test_words_of_elements_that_are_not_main_content_may_come_out_in_one_or_apart(
    verdict: LabelVerdict, leaks: dict[str, int], output: str
) -> None:
    html = f"<p>{STORY}</p><div><b>5 Mar</b><i>Bus free</i><u>Free</u></div>"
    labels = [Label("keep", ("p",), "body"), Label(verdict, ("div",), "caption"), Label(verdict, ("u",), "navigation")]
    alignment = align(page_words(labelled_golden(Page(html.encode(), "text/html"), labels)), f"{STORY}\n{output}")
    assert (alignment.counts.missed, alignment.leaks_by_kind(), len(alignment.free)) == (0, leaks, 0 if leaks else 5)


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
        "What to do aboard\n１．Buy a ticket\n２）　Wait behind the line\n2. September is too late",
        "What to do aboard\n7.\u00a0Buy a ticket\n8.\u00a0Wait behind the line\n2. September is too late",
        "What to do aboard\na. Buy a ticket\nb. Wait behind the line\n2. September is too late",
        "What to do aboard\nZ) Buy a ticket\nAA) Wait behind the line\n2. September is too late",
        "What to do aboard\n(iii) Buy a ticket\n(iv) Wait behind the line\n2. September is too late",
        "What to do aboard\n * XIX. Buy a ticket\n * XX. Wait behind the line\n2. September is too late",
        "What to do aboard\n-1. Buy a ticket\n20000. Wait behind the line\n2. September is too late",
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


def test_a_letter_with_a_full_stop_that_the_page_says_is_a_word() -> None:
    page = page_of(
        ("keep", "body", "Vitamin C. B. Winch found it."),
        ("keep", "body", "I. Hull and A. Oar did not."),
        ("drop", "ad", "Buy"),
    )
    for output in (
        "Vitamin\nC. B. Winch found it.\nI. Hull and\nA. Oar did not.",
        "Vitamin C. B. Winch found it. I. Hull and A. Oar did not.",
    ):
        assert (align(page, output).counts.missed, align(page, output).counts.leaked) == (0, 0)


def test_a_number_before_other_text_that_did_not_come_out_is_a_word() -> None:
    parts = (
        ("keep", "body", "Of all the ferries this was number"),
        ("keep", "body", "4."),
        ("drop", "ad", "Buy now"),
        ("keep", "body", "It sank."),
    )
    counts = align(page_of(*parts), "Of all the ferries this was number\n4.\nIt sank.").counts
    assert (counts.missed, counts.leaked) == (0, 0)


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
