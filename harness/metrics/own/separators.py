"""What words alone do not show: breaks of blocks, punctuation and the layout of code, compared between kept words.

The kept words are one sequence, which the page and the output each separate in their own way. Words that were missed or
leaked cost nothing here, since they cost precision and recall already. All values are None where there is nothing to
compare: an answer without kept words, a failure, a golden without code.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

import numpy as np
import regex
from numpy.typing import NDArray

from harness.alignment.align import Alignment
from harness.alignment.words import output_words
from harness.metrics.base import Case, Family, Metric, Scores
from harness.pages.page import laid_out_text

BLOCKS = ("blocks.P", "blocks.R", "blocks.F")

_BETWEEN_CELLS = regex.compile(r"[|\t]|\s{2}")
_MARKS = regex.compile(r"[^\s\p{L}\p{M}\p{N}_]")
_OPENS_ITEM = regex.compile(r"\s*(?:(?:[-*+>•◦‣▪●○■·–—]|#{1,6})\s+)+")
_RULE = regex.compile(r"[-=_*+~`:#\s]*")
_ALIKE = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'"})

_ALIKE_IN_CODE = _ALIKE | {0xA0: " "}


def separator_scores(case: Case) -> Scores:
    """The values of one output, each in 0…1, or None where there is nothing to compare."""
    alignment = case.alignment
    return {
        **dict(zip(BLOCKS, _blocks(alignment))),
        "punctuation": _punctuation(alignment),
        "code": _code(case),
    }


def _blocks(alignment: Alignment) -> tuple[float | None, float | None, float | None]:
    """Boundary precision, recall and F. A boundary lies between two kept words in a row that stand in different lines."""
    page, output = alignment.page, alignment.output
    if not alignment.matched:
        return None, None, None
    places, positions = _matched(alignment)
    on_page = np.diff(np.fromiter((page.lines[i] for i in places), np.int64, len(places))) != 0
    in_output = np.diff(np.fromiter((output.lines[j] for j in positions), np.int64, len(positions))) != 0
    for k in np.flatnonzero(on_page & ~in_output).tolist():
        if _next_cell(alignment, places[k], places[k + 1]):
            between = "".join(output.after[positions[k] : positions[k + 1]])
            in_output[k] = _BETWEEN_CELLS.search(between) is not None
    both, wanted, found = (int(np.count_nonzero(x)) for x in (on_page & in_output, on_page, in_output))
    return (
        both / found if found else None,
        both / wanted if wanted else None,
        2 * both / (wanted + found) if wanted or found else None,
    )


def _next_cell(alignment: Alignment, i: int, k: int) -> bool:
    """Whether two words of the page stand in different cells of one row."""
    here, there = alignment.page.cells[i], alignment.page.cells[k]
    return here is not None and there is not None and here[0] == there[0] and here[1] != there[1]


def _punctuation(alignment: Alignment) -> float | None:
    """F over the marks between neighbours: two kept words with no other word between them, on the page or in the output."""
    page, output = alignment.page, alignment.output
    shared = total = 0
    for i, j in _neighbours(alignment):
        wanted, found = page.after[i], output.after[j]
        breaks = "\n" in wanted or i == page.keep[-1]
        if wanted == found:
            marks = len(_marks(wanted, breaks))
            shared, total = shared + marks, total + 2 * marks
        else:
            of_page, of_output = _marks(wanted, breaks), _marks(found, breaks)
            shared += (Counter(of_page) & Counter(of_output)).total()
            total += len(of_page) + len(of_output)
    return 2 * shared / total if total else None


def _neighbours(alignment: Alignment) -> Iterator[tuple[int, int]]:
    """The kept words, as (position in the page, position in the output), whose next `keep` word is the next word of the
    output, too, or that are the last of both."""
    if not alignment.matched:
        return
    keep = np.array(alignment.page.keep, np.int64)
    places, positions = _matched(alignment)
    ranks = np.searchsorted(keep, places)
    # Behind the last word of each side stands an end that matches the other's.
    beside = (np.diff(ranks, append=len(keep)) == 1) & (np.diff(positions, append=len(alignment.output.words)) == 1)
    for k in np.flatnonzero(beside).tolist():
        yield alignment.matched[k]


def _matched(alignment: Alignment) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pairs = np.array(alignment.matched, np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@lru_cache(maxsize=10_000)
def _marks(gap: str, breaks: bool) -> str:
    """The characters of a gap that are no space, in NFKC and with straight quotes.

    breaks: whether a block of the page ends in the gap; what formats of text write between blocks is then left out: bullets,
    `#`, `>`, rules and the borders of tables.
    """
    if breaks:
        gap = gap.replace("|", "")
    if breaks and "\n" in gap:
        closing, *rules, opening = gap.split("\n")
        between = (line for line in rules if not _RULE.fullmatch(line))
        gap = "".join((closing, *(_OPENS_ITEM.sub("", line, 1) for line in (*between, opening))))
    return "".join(_MARKS.findall(unicodedata.normalize("NFKC", gap.translate(_ALIKE))))


def _code(case: Case) -> float | None:
    """Of the lines of preformatted text whose words all came out together, the share that came out byte for byte."""
    alignment = case.alignment
    page = alignment.page
    if not any(page.preformatted[i] for i, _ in alignment.matched):
        return None
    # Words were read from lines without indentation; with it they are the same words.
    output = alignment.output if case.markup is None else output_words(page, laid_out_text(case.markup))
    came_out, together = dict(alignment.matched), dict(_neighbours(alignment))
    before = dict(zip(page.keep[1:], page.keep))
    lines = right = 0
    for _, group in groupby((i for i in page.keep if page.preformatted[i]), key=lambda i: page.lines[i]):
        line = list(group)
        first, last = line[0], line[-1]
        if last not in came_out or not all(i in together for i in line[:-1]):
            continue
        lines += 1
        begins = first not in before or came_out[first] == 0
        right += (
            all(_in_line(page.after[i]) == _in_line(output.after[came_out[i]]) for i in line[:-1])
            and (begins or _indentation(page.after[before[first]]) == _indentation(output.after[came_out[first] - 1]))
            and _ends_alike(page.after[last], output.after[came_out[last]], last in together)
        )
    return right / lines if lines else None


def _in_line(gap: str) -> str:
    return gap.translate(_ALIKE_IN_CODE)


def _indentation(gap: str) -> str | None:
    """What stands before the first word of a line; None where the gap does not end a line."""
    return _in_line(gap.rpartition("\n")[2]) if "\n" in gap else None


def _ends_alike(wanted: str, found: str, whole: bool) -> bool:
    """Whether a line of the output ends as that of the page does. whole: compare the lines without words below it, too,
    such as a closing bracket."""
    ends = "\n" in found or "\n" not in wanted
    return ends and _ending(wanted, whole) == _ending(found, whole)


def _ending(gap: str, whole: bool) -> list[str]:
    first, *below = _in_line(gap).split("\n")
    return [first.rstrip(), *(line.rstrip() for line in below[:-1] if whole and not _RULE.fullmatch(line))]


SEPARATORS = Family(
    (
        Metric("blocks.P", "share of the breaks between kept words that are breaks of the page", True, None),
        Metric("blocks.R", "share of the page's breaks between kept words that came out", True, None),
        Metric("blocks.F", "F over breaks between kept words: paragraphs, list items, cells, lines of code", True, None),
        Metric("punctuation", "F over the punctuation and symbols between kept words", True, None),
        Metric("code", "share of the lines of code, of those whose words came out, that came out byte for byte", True, None),
    ),
    separator_scores,
    order=35,
    usual=True,
    of_words=True,
)
