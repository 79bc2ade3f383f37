"""How often F falls where an output becomes better: a leaked line is taken out, or a missing one is put in its place.

    python benchmarks/improvements.py RUN GOLDENS

RUN is the path or id of a stored run, GOLDENS what it was made with, such as core or aeb:FOLDER. Each line of an output is
taken out on its own if its words are a line of `drop` text and of no other. Each line of the main content of which nothing
was kept is put in on its own, behind what stands before it on the page.

Lines that are taken out are counted apart if four of their words in a row are labelled `keep` as well: such a line may be
the main content and no leak, and no rule on words alone can tell. Names each case in which F falls, and exits with 1 if the
labels do not explain one. The runs of docs/metrics.md are made by

    harness run -m F -g core -e trafilatura -e trafilatura/markdown -e resiliparse -e readability_lxml -e justext \\
        -e boilerpy3 -e trafilatura_baseline -e html_text
    harness run -m F -g aeb:FOLDER -e trafilatura -e trafilatura_baseline -e resiliparse -e readability_lxml -e justext \\
        -e boilerpy3
    harness score FOLDER/output/*.json -g aeb:FOLDER
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

import harness
from harness import Golden
from harness.alignment.align import Alignment, align
from harness.alignment.common_runs import Ints
from harness.alignment.passages import PASSAGE
from harness.alignment.words import PageWords, page_words
from harness.pages.line_words import LineWords
from harness.pages.words import words

TAKEN_OUT, MAYBE_KEEP, PUT_IN = "taken out", "taken out, labelled keep as well", "put in"

Words = tuple[str, ...]
Grams = Mapping[int, set[Words]]
Change = tuple[str, str, str]  # what was done, the line, the output after it


def main(arguments: Sequence[str]) -> int:
    """Print the cases in which F falls and how many there are, and return 1 if the labels do not explain one."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    run = harness.read_run(arguments[0])
    goldens = {golden.id: golden for golden in harness.read_goldens(arguments[1])}
    pages: dict[str, PageWords] = {}
    tried: Counter[str] = Counter()
    fell: Counter[str] = Counter()
    for record in run.records:
        golden = goldens.get(record.golden)
        if golden is None or not record.text:
            continue
        page = pages.setdefault(golden.id, page_words(golden))
        before = align(page, record.text)
        keep = _keep_grams(page)
        for what, line, output in (*_taken_out(golden, before, keep), *_put_in(golden, before)):
            tried[what] += 1
            f = align(page, output).counts.f
            if f < before.counts.f - 1e-9:
                fell[what] += 1
                change = f"F {before.counts.f:.4f} -> {f:.4f}"
                print(f"{record.golden} {record.extractor}: {change}, {what}: {line[:80]!r}")
    for what in (TAKEN_OUT, MAYBE_KEEP, PUT_IN):
        print(f"{what}: F fell {fell[what]} times of {tried[what]}")
    return 1 if fell[TAKEN_OUT] or fell[PUT_IN] else 0


def _taken_out(golden: Golden, alignment: Alignment, keep: Grams) -> Iterator[Change]:
    """The output without each of its lines that is `drop` text only."""
    verdicts: dict[Words, set[str]] = {}
    for segments in golden.lines():
        text = "".join(segment.text for segment in segments)
        verdicts.setdefault(tuple(words(text)), set()).update(segment.verdict for segment in segments)
    rows = _rows(alignment)
    for number, row in enumerate(rows):
        if verdicts.get(tuple(words(row))) == {"drop"} and words(row):
            is_keep = not _grams(words(row)).isdisjoint(keep[min(PASSAGE, len(words(row)))])
            yield MAYBE_KEEP if is_keep else TAKEN_OUT, row, "\n".join([*rows[:number], *rows[number + 1 :]])


def _put_in(golden: Golden, alignment: Alignment) -> Iterator[Change]:
    """The output with each line of the main content that it has nothing of."""
    page, written = alignment.page, alignment.output.written
    counted = np.delete(np.arange(len(written.words)), sorted(alignment.output.left_out))
    kept, places = alignment.kept
    places = counted[places]
    lines = page.lines[kept]
    numbers = [line[0].line for line in golden.lines() if any(segment.verdict == "keep" for segment in line)]
    missing = set(page.lines[page.text.keep].tolist()) - set(lines.tolist())
    for number, text in zip(numbers, golden.kept_text.splitlines()):
        if number in missing:
            at = _behind(written, places, int(np.searchsorted(lines, number)))
            yield PUT_IN, text, f"{written.text[:at]}\n{text}\n{written.text[at:]}"


def _behind(written: LineWords, places: Ints, kept_before: int) -> int:
    """Where the line of the last of so many kept words ends; if it has the next kept word, too, where the last one ends."""
    if not kept_before:
        return 0
    row, word = written.lines[places[kept_before - 1 : kept_before + 1]], int(places[kept_before - 1])
    if len(row) > 1 and row[0] == row[1]:
        return int(written.ends[word])
    return int(np.append(written.line_starts, len(written.text) + 1)[row[0] + 1]) - 1


def _rows(alignment: Alignment) -> list[str]:
    return alignment.output.written.text.split("\n")


def _keep_grams(page: PageWords) -> Grams:
    """All rows of one to four words of the main content, by their number."""
    kept = [page.words[i] for i in page.keep]
    return {size: _grams(kept, size) for size in range(1, PASSAGE + 1)}


def _grams(line: Sequence[str], size: int = PASSAGE) -> set[Words]:
    """All rows of so many words of a line, or the whole line if it has fewer."""
    size = min(size, len(line))
    return {tuple(line[k : k + size]) for k in range(len(line) - size + 1)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
