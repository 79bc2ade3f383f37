"""Words of pages and metrics of words as their definitions say, one word at a time: slow, and simple enough to be right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import accumulate, pairwise

import jiwer

from harness.alignment.align import Alignment
from harness.alignment.counts import f_score, precision, recall
from harness.alignment.words import PageWords
from harness.goldens.golden import Golden, Segment
from harness.metrics.own.separators import _BETWEEN_CELLS, _marks
from harness.pages.words import Word, find_words, join_words, visible_pieces


@dataclass(frozen=True)
class ReadWord:
    """A word of a page."""

    text: str
    segment: Segment
    after: str
    """What stands behind a `keep` word up to the next one."""


def read_words(golden: Golden, page: PageWords) -> list[ReadWord]:
    """The words of a golden line by line, and letter by letter where words are cut as `page.joins` says."""
    found: list[tuple[str, Segment, int, int]] = []  # with begin and end in the text of `keep` segments
    kept_text = ""
    for line in golden.lines():
        pieces = visible_pieces([segment.text for segment in line])
        ends = list(accumulate(map(len, pieces)))
        cuts = [end for end, (a, b) in zip(ends, pairwise(line)) if a.verdict != b.verdict or a.verdict != "keep"]
        if kept_text and any(segment.verdict == "keep" for segment in line):
            kept_text += "\n"
        offsets = []
        for segment, piece in zip(line, pieces):
            offsets.append(len(kept_text))
            kept_text += piece if segment.verdict == "keep" else ""
        for word in find_words("".join(pieces), cuts):
            for part in parts_of(word, page):
                owner = next(k for k, end in enumerate(ends) if part.start < end)
                shift = offsets[owner] - (ends[owner] - len(pieces[owner]))
                found.append((part.text, line[owner], part.start + shift, part.end + shift))
    keep = [k for k, (_, segment, _, _) in enumerate(found) if segment.verdict == "keep"]
    following = dict(zip(keep, [*(found[k][2] for k in keep[1:]), len(kept_text)]))
    return [
        ReadWord(text, segment, kept_text[end : following[k]] if k in following else "")
        for k, (text, segment, _, end) in enumerate(found)
    ]


def parts_of(word: Word, page: PageWords) -> list[Word]:
    """A word in the parts that the page has of it."""
    parts = page.joins.get(word.text, (word.text,))
    ends = list(accumulate(map(len, parts)))
    if word.end - word.start != len(word.text):
        return [Word(part, word.start, word.end) for part in parts]
    return [Word(part, word.start + end - len(part), word.start + end) for part, end in zip(parts, ends)]


def output_gaps(alignment: Alignment) -> list[str]:
    """What stands behind each word of an output that has no numbers of list items."""
    written = alignment.output.written
    starts, ends = written.starts.tolist(), written.ends.tolist()
    return [written.text[end:start] for end, start in zip(ends, [*starts[1:], len(written.text)])]


def edits(alignment: Alignment) -> dict[str, float]:
    """WER, MER and CER as jiwer computes them."""
    reference = [alignment.page.words[i] for i in alignment.page.keep]
    free = {j for _, j in alignment.optional}
    hypothesis = [word for j, word in enumerate(alignment.output.words) if j not in free]
    if not reference or not hypothesis:
        return dict.fromkeys(("WER", "MER", "CER"), float(reference != hypothesis))
    words = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
    return {"WER": words.wer, "MER": words.mer, "CER": float(jiwer.cer(join_words(reference), join_words(hypothesis)))}


def lines(alignment: Alignment, read: list[ReadWord]) -> dict[str, float]:
    """LP, LR and LF, word by word."""
    output, matched = alignment.output, alignment.matched
    free = {j for _, j in alignment.optional}
    keep = [word.segment for word in read if word.segment.verdict == "keep"]
    to_keep, came_out = Counter(segment.line for segment in keep), Counter(read[i].segment.line for i, _ in matched)
    written = Counter(int(line) for j, line in enumerate(output.lines) if j not in free)

    def place(segment: Segment) -> tuple[str, int]:
        return ("line", segment.line) if segment.cell is None else ("row", segment.cell[0])

    in_both = Counter((int(output.lines[j]), place(read[i].segment)) for i, j in matched)
    right = sum(number for (line, _), number in in_both.items() if 2 * number > written[line])
    found = sum(number for line, number in came_out.items() if 2 * number > to_keep[line])
    p = precision(right, written.total() - right, len(keep))
    r = recall(found, len(keep) - found)
    return {"LP": p, "LR": r, "LF": f_score(p, r)}


def blocks(alignment: Alignment, read: list[ReadWord]) -> dict[str, float | None]:
    """blocks.P, blocks.R and blocks.F, pair by pair."""
    gaps = output_gaps(alignment)
    both = wanted = found = 0
    for (i, j), (next_i, next_j) in pairwise(alignment.matched):
        here, there = read[i].segment, read[next_i].segment
        on_page = here.line != there.line
        in_output = alignment.output.lines[j] != alignment.output.lines[next_j]
        if (
            on_page
            and not in_output
            and here.cell
            and there.cell
            and here.cell[0] == there.cell[0]
            and here.cell != there.cell
        ):
            in_output = _BETWEEN_CELLS.search("".join(gaps[j:next_j])) is not None
        both, wanted, found = both + (on_page and in_output), wanted + on_page, found + in_output
    return {
        "blocks.P": both / found if found else None,
        "blocks.R": both / wanted if wanted else None,
        "blocks.F": 2 * both / (wanted + found) if wanted or found else None,
    }


def punctuation(alignment: Alignment, read: list[ReadWord]) -> float | None:
    """F over the marks between neighbours, gap by gap."""
    gaps = output_gaps(alignment)
    keep = [i for i, word in enumerate(read) if word.segment.verdict == "keep"]
    following = dict(zip(keep, [*keep[1:], None]))
    kept = dict(alignment.matched)
    shared = total = 0
    for i, j in alignment.matched:
        next_j = j + 1 if j + 1 < len(alignment.output.words) else None
        next_i = following[i]
        if (None if next_i is None else kept.get(next_i, -1)) != next_j:
            continue
        breaks = "\n" in read[i].after or next_i is None
        first, second = Counter(_marks(read[i].after, breaks)), Counter(_marks(gaps[j], breaks))
        shared, total = shared + (first & second).total(), total + first.total() + second.total()
    return 2 * shared / total if total else None
