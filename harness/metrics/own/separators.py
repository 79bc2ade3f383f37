"""What words alone do not show: breaks of blocks, punctuation and the layout of code, compared between kept words.

The kept words are one sequence, which the page and the output each separate in their own way. Words that were missed or
leaked cost nothing here, since they cost precision and recall already. All values are None where there is nothing to
compare: an answer without kept words, a failure, a golden without code.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import groupby

import numpy as np
import regex

from harness.alignment.align import Alignment
from harness.alignment.common_runs import Ints
from harness.alignment.words import PageWords, output_words
from harness.metrics.base import Case, Family, Metric, ScoresByMetric
from harness.pages.page import laid_out_text

BLOCKS = ("blocks.P", "blocks.R", "blocks.F")

_BETWEEN_CELLS = regex.compile(r"[|\t]|\s{2}")
_MARKS = regex.compile(r"[^\s\p{L}\p{M}\p{N}_]")
_OPENS_ITEM = regex.compile(r"\s*(?:(?:[-*+>•◦‣▪●○■·–—]|#{1,6})\s+)+")
_RULE = regex.compile(r"[-=_*+~`:#\s]*")
_ALIKE = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‚": "'", "‛": "'"})

_ALIKE_IN_CODE = _ALIKE | {0xA0: " "}


def separator_scores(case: Case) -> ScoresByMetric:
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
    if not len(alignment.kept[0]):
        return None, None, None
    places, positions = alignment.kept
    on_page = np.diff(page.lines[places]) != 0
    in_output = np.diff(output.lines[positions]) != 0
    has_cells = any(page.segments.cells)
    for k in np.flatnonzero(on_page & ~in_output).tolist() if has_cells else ():
        if _next_cell(page, int(places[k]), int(places[k + 1])):
            between = "".join(output.gaps[j] for j in range(positions[k], positions[k + 1]))
            in_output[k] = _BETWEEN_CELLS.search(between) is not None
    both, wanted, found = (int(np.count_nonzero(x)) for x in (on_page & in_output, on_page, in_output))
    return (
        both / found if found else None,
        both / wanted if wanted else None,
        2 * both / (wanted + found) if wanted or found else None,
    )


def _next_cell(page: PageWords, i: int, k: int) -> bool:
    """Whether two words of the page stand in different cells of one row."""
    here, there = page.cell(i), page.cell(k)
    return here is not None and there is not None and here[0] == there[0] and here[1] != there[1]


def _punctuation(alignment: Alignment) -> float | None:
    """F over the marks between neighbours: two kept words with no other word between them, on the page or in the output."""
    of_page, of_output = alignment.page.gaps, alignment.output.gaps
    ranks, positions = _neighbours(alignment)
    marked = ~(of_page.is_space[ranks] & of_output.is_space[positions])
    last = len(alignment.page.keep) - 1
    ranks, positions = ranks[marked], positions[marked]
    is_last = (ranks == last).tolist()
    shared = total = 0
    for gaps, number in Counter(zip(of_page.behind(ranks), of_output.behind(positions), is_last)).items():
        both, all_marks = _compared(*gaps)
        shared, total = shared + number * both, total + number * all_marks
    return 2 * shared / total if total else None


def _neighbours(alignment: Alignment) -> tuple[Ints, Ints]:
    """The kept words, by rank among the `keep` words and by position in the output, whose next `keep` word is the next word
    of the output, too, or that are the last of both."""
    places, positions = alignment.kept
    ranks = alignment.page.text.ranks[places]
    # Behind the last word of each side stands an end that matches the other's.
    end, stop = len(alignment.page.keep), len(alignment.output.words)
    beside = (np.diff(ranks, append=end) == 1) & (np.diff(positions, append=stop) == 1)
    return ranks[beside], positions[beside]


@lru_cache(maxsize=10_000)
def _compared(wanted: str, found: str, is_last: bool) -> tuple[int, int]:
    """How many marks two gaps share, and how many both have together. is_last: whether nothing follows on the page."""
    breaks = "\n" in wanted or is_last
    first, second = _marks(wanted, breaks), _marks(found, breaks)
    return (Counter(first) & Counter(second)).total(), len(first) + len(second)


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
    if not any(page.segments.preformatted):
        return None
    preformatted = [page.segments.preformatted[owner] for owner in page.owners.tolist()]
    if not any(preformatted[i] for i, _ in alignment.matched):
        return None
    # Words were read from lines without indentation; with it they are the same words.
    output = alignment.output if case.markup is None else output_words(page, laid_out_text(case.markup))
    came_out = dict(alignment.matched)
    together = set(_neighbours(alignment)[0].tolist())
    rank_of = {i: rank for rank, i in enumerate(page.keep)}
    lines = right = 0
    for _, group in groupby((i for i in page.keep if preformatted[i]), key=lambda i: int(page.lines[i])):
        line = list(group)
        first, last = line[0], line[-1]
        if last not in came_out or not all(rank_of[i] in together for i in line[:-1]):
            continue
        lines += 1
        begins = rank_of[first] == 0 or came_out[first] == 0
        right += (
            all(_in_line(page.gaps[rank_of[i]]) == _in_line(output.gaps[came_out[i]]) for i in line[:-1])
            and (begins or _indentation(page.gaps[rank_of[first] - 1]) == _indentation(output.gaps[came_out[first] - 1]))
            and _ends_alike(page.gaps[rank_of[last]], output.gaps[came_out[last]], rank_of[last] in together)
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
