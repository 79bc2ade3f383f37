"""The words of a page and of an output, side by side with where they stand.

A word ends where the verdict changes, though no space may stand there: `water1`, where the `1` is a footnote's number that
is not part of the main content, is `water` and `1`. Outside the main content it ends at each element, which a page often
parts by its style sheet only: `<b>5 Mar</b><i>Bus</i>` is `5`, `Mar` and `Bus`. An output may join what stands on both
sides. Words that the page joins somewhere are cut in the same places wherever they occur, on the page and in outputs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np

from harness.alignment.common_runs import Ints
from harness.alignment.origins import Origins
from harness.alignment.passages import VERDICT_NUMBERS, Bools, PageText
from harness.goldens.golden import Golden, Notation, Segment
from harness.goldens.vocabulary import LabelVerdict
from harness.pages.characters import codes_of
from harness.pages.line_words import LineWords, joined_words, words_of_lines
from harness.pages.words import (
    LIST_NUMBER_ENDS,
    Word,
    cut_word,
    find_words,
    fold_case,
    is_list_number,
    list_numbers,
    visible_lines,
    visible_pieces,
    without_invisible,
)

_LIST_NUMBER_STARTS = "(（"
_MAX_JOINED = 8  # parts of a word that an output may have in one, but for the whole word


@dataclass(frozen=True, eq=False)
class Segments:
    """The pieces of a page's text that have one verdict and stand in one line, in page order. The sequences run parallel."""

    verdicts: Sequence[LabelVerdict]
    """The verdict on each."""

    kinds: Sequence[str]
    """The kind of text of each."""

    lines: Sequence[int]
    """The line of the page that each stands in; never falls."""

    starts: Ints
    """Where each begins in the text of the page."""

    ends: Ints
    """Where each ends, without a line break behind it."""

    preformatted: Sequence[bool]
    """Whether the spaces in each count."""

    cells: Sequence[tuple[int, int] | None]
    """The row and the cell of a table that each stands in, by their numbers."""

    notations: Sequence[Notation | None] = ()
    """The notation that each is; empty where the page has one notation of everything."""


@dataclass(frozen=True, eq=False)
class PageWords:
    """The words of a golden's page, in page order, each with the label it falls under. The tuples run parallel."""

    words: tuple[str, ...]
    """The words."""

    owners: Ints
    """The number of the segment that each word stands in."""

    segments: Segments
    """The segments."""

    written: LineWords
    """The text that the words are of."""

    joins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that outputs may have in one, with the words of the page that they join."""

    golden: Golden | None = None
    """The golden, where the page has several notations of something (see harness.alignment.notations)."""

    @cached_property
    def verdicts(self) -> tuple[LabelVerdict, ...]:
        """The verdict on each word."""
        return tuple(map(self.segments.verdicts.__getitem__, self.owners.tolist()))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kind of text that each word stands in."""
        return tuple(map(self.segments.kinds.__getitem__, self.owners.tolist()))

    @cached_property
    def lines(self) -> Ints:
        """The line of the page that each word stands in."""
        return np.array(self.segments.lines, np.int64)[self.owners]

    def cell(self, i: int) -> tuple[int, int] | None:
        """The row and the cell of a table that a word stands in, by their numbers."""
        return self.segments.cells[int(self.owners[i])]

    @cached_property
    def notations(self) -> tuple[Notation | None, ...]:
        """The notation that each word belongs to; empty where the page has one notation of everything."""
        notations = self.segments.notations
        return tuple(map(notations.__getitem__, self.owners.tolist())) if notations else ()

    @cached_property
    def gaps(self) -> Gaps:
        """What stands between `keep` words, one for each of them, line breaks included and all other text left out."""
        return _between_kept(self)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The words with the punctuation and spaces around them; joined, they are the lines."""
        return tuple(self.written.all_shown())

    @cached_property
    def keep(self) -> tuple[int, ...]:
        """Positions of the words that must come out."""
        return tuple(self.text.keep.tolist())

    @cached_property
    def keep_or_maybe(self) -> tuple[int, ...]:
        """Positions of the words that must or may come out."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict != "drop")

    @cached_property
    def _list_numbers(self) -> frozenset[tuple[str, str]]:
        """What looks like the number of a list item on the page, with the word behind it in any reading of the page."""
        codes = [code for word, code in self.text.codes.items() if is_list_number(word)]
        behind = codes_of(f"{self.written.text}\n")[self.written.ends]
        is_number = np.isin(self.text.words, codes) & np.isin(behind, codes_of(LIST_NUMBER_ENDS))
        is_number[is_number] = [bool(list_numbers(self.written.shown(k))) for k in np.flatnonzero(is_number).tolist()]
        pairs: set[tuple[str, str]] = set()
        for least in VERDICT_NUMBERS.values():
            places = np.flatnonzero(self.text.verdicts >= least)
            for k in np.flatnonzero(is_number[places[:-1]]).tolist():
                pairs.add((self.words[places[k]], self.words[places[k + 1]]))
        return frozenset(pairs)

    def has_list_number(self, number: str, word: str) -> bool:
        """Whether the page has a number before a word that looks like that of a list item."""
        return (number, word) in self._list_numbers

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The words without regard to the case of letters."""
        of_word = {word: fold_case(word) for word in self.text.codes}  # far fewer
        return tuple(map(of_word.__getitem__, self.words))

    @cached_property
    def folded_places(self) -> Mapping[str, Sequence[int]]:
        """Where each of these stands."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self.folded):
            found.setdefault(word, []).append(place)
        return found

    @cached_property
    def folded_lengths(self) -> tuple[int, ...]:
        """The lengths that they have, in characters, short ones first."""
        return tuple(sorted({*map(len, self.folded_places)}))

    @cached_property
    def folded_pairs(self) -> frozenset[tuple[str, str]]:
        """Those that stand beside each other."""
        return frozenset(pairwise(self.folded))

    @cached_property
    def text(self) -> PageText:
        """The words as the search for passages reads them."""
        verdicts = np.array([VERDICT_NUMBERS[verdict] for verdict in self.segments.verdicts], np.int64)
        return PageText(self.words, verdicts[self.owners], self.lines, self.owners)

    @cached_property
    def origins(self) -> Origins:
        """Where a leaked word comes from that is one of these."""
        return Origins.of(self.segments.kinds, self.owners, self.text)


@dataclass(frozen=True, eq=False)
class Gaps:
    """What stands behind words and before the next ones, in the order of the words."""

    text: str
    """The text that the words stand in."""

    starts: Ints
    """Where the gap behind each word begins."""

    ends: Ints
    """Where it ends: at the next word, or at the end of the text."""

    def __getitem__(self, k: int) -> str:
        return self.text[self.starts[k] : self.ends[k]]

    def behind(self, words: Ints) -> list[str]:
        """The gaps behind several words."""
        text = self.text
        return [text[start:end] for start, end in zip(self.starts[words].tolist(), self.ends[words].tolist())]

    @cached_property
    def is_space(self) -> Bools:
        """Which gaps are just one space."""
        characters = codes_of(f"{self.text}\n")
        return np.asarray((self.ends - self.starts == 1) & (characters[self.starts] == ord(" ")))


@dataclass(frozen=True, eq=False)
class OutputWords:
    """The words of an extractor's output. The tuples run parallel, as in PageWords."""

    words: tuple[str, ...]
    """The words."""

    lines: Ints
    """The line of the output that each word stands in."""

    written: LineWords
    """The text that the words are of, with all its words."""

    left_out: frozenset[int]
    """Which words of the text are no words here: the numbers of list items."""

    @cached_property
    def gaps(self) -> Gaps:
        """What stands between each word and the next, with a line break for each line that ends there; so, too, at the end.

        Numbers of list items are left out, and so are full stops and parentheses around them.
        """
        text, ends = self.written.text, self.written.ends
        gaps = Gaps(text, ends, np.append(self.written.starts[1:], len(text)))
        return _joined_gaps(gaps, sorted(self.left_out)) if self.left_out else gaps

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The words with the punctuation and spaces around them. Only what is shown needs them."""
        return tuple(shown for k, shown in enumerate(self.written.all_shown()) if k not in self.left_out)


def page_words(golden: Golden) -> PageWords:
    """The words of a golden's page with their labels; of a word of the main content across two kinds, the first counts."""
    if golden.labelled is None:
        return _words_beside_text(golden)
    lines = list(golden.lines())
    joins = _agreed({join for line in lines if len(line) > 1 for join in _joins(line)})
    pieces = [visible_pieces([segment.text for segment in line]) for line in lines]
    parts = [segment for line in lines for segment in line]
    lengths = np.array([len(piece) for line in pieces for piece in line], np.int64)
    last = np.cumsum([len(line) for line in lines], dtype=np.int64) - 1
    spans = lengths.copy()
    spans[last] += 1
    starts = np.cumsum(spans) - spans
    several = any(segment.notation for segment in parts)
    segments = Segments(
        verdicts=[segment.verdict for segment in parts],
        kinds=[segment.kind for segment in parts],
        lines=[segment.line for segment in parts],
        starts=starts,
        ends=starts + lengths,
        preformatted=[segment.preformatted for segment in parts],
        cells=[segment.cell for segment in parts],
        notations=[segment.notation for segment in parts] if several else (),
    )
    changes = np.array([a.verdict != b.verdict or a.verdict != "keep" for a, b in pairwise(parts)], bool)
    changes[last[:-1]] = False
    written = _unjoined(words_of_lines(["".join(line) for line in pieces], starts[1:][changes].tolist()), joins)
    return _owned(written, segments, joins, golden if several else None)


def _words_beside_text(golden: Golden) -> PageWords:
    """The words of a page whose main content is known as a text, or not at all: each line is a segment."""
    rows = golden.unlabelled_rows if golden.text is None else golden.text_rows
    kept = rows.texts[: len(rows.texts) - len(golden.page.rows.texts)]
    written = joined_words(words_of_lines(visible_lines(kept)), golden.page.row_words)
    starts = written.line_starts
    segments = Segments(
        verdicts=rows.verdicts,
        kinds=rows.kinds,
        lines=rows.lines,
        starts=starts,
        ends=starts + written.line_lengths,
        preformatted=(False,) * len(rows.texts),
        cells=(None,) * len(rows.texts),
    )
    return _owned(written, segments, {}, None)


def _owned(written: LineWords, segments: Segments, joins: Mapping[str, tuple[str, ...]], golden: Golden | None) -> PageWords:
    owners = np.searchsorted(segments.starts, written.starts, "right") - 1
    return PageWords(tuple(written.words), owners, segments, written, joins, golden)


def _between_kept(page: PageWords) -> Gaps:
    """The gaps in the text that has only the `keep` segments."""
    segments, written = page.segments, page.written
    chosen = [k for k, verdict in enumerate(segments.verdicts) if verdict == "keep"]
    starts, ends = segments.starts[chosen], segments.ends[chosen]
    lines = [segments.lines[k] for k in chosen]
    begins_line = np.array([False, *(before != line for before, line in pairwise(lines))][: len(lines)], bool)
    before = np.cumsum(ends - starts) - (ends - starts) + np.cumsum(begins_line)  # each segment in the text of these only
    shifts = np.zeros(len(segments.verdicts), np.int64)
    shifts[chosen] = starts - before
    pieces = zip(begins_line.tolist(), starts.tolist(), ends.tolist())
    text = "".join(("\n" if begins else "") + written.text[start:end] for begins, start, end in pieces)
    kept = page.text.keep
    shift = shifts[page.owners[kept]]
    return Gaps(text, written.ends[kept] - shift, np.append((written.starts[kept] - shift)[1:], len(text)))


def output_words(page: PageWords, output: str) -> OutputWords:
    """The words of an output of a page, line by line; what the page has in parts, in these parts.

    The number of a list item is no word: a browser writes it, and markup says it without one. A number that the text of
    the page has before the same word, with a full stop or parenthesis, is one.
    """
    rows = without_invisible(output).splitlines()
    written = _unjoined(words_of_lines(rows), page.joins)
    words = written.words
    first_words = np.searchsorted(written.starts, written.line_starts)
    behind = codes_of(f"{written.text}\n")[np.append(written.ends, len(written.text))[first_words]]
    numbered = np.flatnonzero(np.isin(behind, codes_of(LIST_NUMBER_ENDS)))
    heads = zip(first_words[numbered].tolist(), map(rows.__getitem__, numbered.tolist()))
    numbers = (i for first, row in heads for i in range(first, first + len(list_numbers(row))))
    left_out = frozenset(i for i in numbers if i + 1 < len(words) and not page.has_list_number(words[i], words[i + 1]))
    if not left_out:
        return OutputWords(tuple(words), written.lines, written, left_out)
    rest = np.delete(np.arange(len(words)), sorted(left_out))
    return OutputWords(tuple(map(words.__getitem__, rest.tolist())), written.lines[rest], written, left_out)


def _joined_gaps(gaps: Gaps, left_out: Sequence[int]) -> Gaps:
    """The gaps behind the words that remain, those of words left out joined to them without full stops and parentheses
    around them."""
    rest = np.delete(np.arange(len(gaps.starts)), left_out)
    starts, ends = gaps.starts[rest], gaps.ends[rest]
    joined: dict[int, list[str]] = {}
    for word, k in zip(left_out, (np.searchsorted(rest, left_out) - 1).tolist()):
        if k >= 0:
            gap = joined.setdefault(k, [gaps[int(rest[k])]])
            gap[-1] = gap[-1].rstrip(_LIST_NUMBER_STARTS)
            gap.append(gaps[word].lstrip(LIST_NUMBER_ENDS))
    parts = [gaps.text]
    place = len(gaps.text)
    for k, of_word in joined.items():
        parts += of_word
        starts[k] = place
        ends[k] = place = place + sum(map(len, of_word))
    return Gaps("".join(parts), starts, ends)


def _unjoined(found: LineWords, joins: Mapping[str, tuple[str, ...]]) -> LineWords:
    """Words with their parts instead of those that join several."""
    if not joins or joins.keys().isdisjoint(found.words):
        return found
    rows = zip(found.words, found.starts.tolist(), found.ends.tolist())
    words = [part for row in rows for part in _split(Word(*row), joins.get(row[0], ()))]
    starts, ends = (np.array([word[k] for word in words], np.int64) for k in (1, 2))
    return replace(found, words=[word.text for word in words], starts=starts, ends=ends)


def _split(word: Word, parts: Sequence[str]) -> Iterator[Word]:
    """The parts of a word; each has the place of the whole where letters are not compared as they stand, as in ligatures."""
    if not parts:
        yield word
    start = word.start
    for part in parts:
        as_written = word.end - word.start == len(word.text)
        yield Word(part, start, start + len(part)) if as_written else Word(part, word.start, word.end)
        start += len(part)


def _joins(line: Sequence[Segment]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words that an output of a line may have in one though a word of the page ends within them: as the line has them,
    without its `drop` text, or with its `keep` or `maybe` text only."""
    if not any(_ends_words(before, behind) for before, behind in pairwise(line)):
        return
    for verdicts in (("keep", "maybe", "drop"), ("keep", "maybe"), ("keep",), ("maybe",)):
        places = [place for place, segment in enumerate(line) if segment.verdict in verdicts]
        pieces = visible_pieces([line[place].text for place in places])
        ends = accumulate(map(len, pieces))
        text = "".join(pieces)
        borders = [
            end
            for end, (before, behind) in zip(ends, pairwise(places))
            if behind > before + 1 or _ends_words(line[before], line[behind])
        ]
        if not any(text[end - 1 : end + 1].strip() == text[end - 1 : end + 1] for end in borders if 0 < end < len(text)):
            continue  # spaces stand at all borders, so that no word goes over one
        for word in find_words(text):
            parts = [part.text for part in cut_word(text, word, borders)]
            if len(parts) > 1:
                yield "".join(parts), tuple(parts)
            for size in range(2, min(_MAX_JOINED + 1, len(parts))):
                for first in range(len(parts) - size + 1):
                    yield "".join(parts[first : first + size]), tuple(parts[first : first + size])


def _ends_words(segment: Segment, following: Segment) -> bool:
    """Whether words end between two segments of a line, though no space may stand there."""
    return segment.verdict != following.verdict or segment.verdict != "keep"


def _agreed(joins: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Joined words with their parts; where two joins of one word differ, it is cut in the places of both, and so are their
    parts wherever they stand."""
    pieces: dict[str, list[tuple[str, int]]] = {}
    for joined, parts in joins:
        starts = accumulate(map(len, parts), initial=0)
        pieces.setdefault(joined, []).extend(zip(parts, starts))
    cuts: dict[str, set[int]] = {joined: set() for joined in pieces}
    before = -1
    while before < (before := sum(map(len, cuts.values()))):
        for joined, parts_of in pieces.items():
            places = cuts[joined]
            for part, start in parts_of:
                places.add(start)
                places.update(start + cut for cut in cuts.get(part, ()))
            in_order = sorted(places)
            for part, start in parts_of:
                inside = in_order[bisect_right(in_order, start) : bisect_left(in_order, start + len(part))]
                if inside:
                    cuts.setdefault(part, set()).update(cut - start for cut in inside)
    return {
        joined: tuple(joined[start:end] for start, end in pairwise([*sorted(places | {0}), len(joined)]))
        for joined, places in cuts.items()
    }
