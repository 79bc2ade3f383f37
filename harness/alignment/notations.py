"""Which of several notations of one thing an output has, such as a formula as MathML, TeX or rendered text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from harness.alignment.words import PageWords, page_words
from harness.goldens.golden import Golden, Segment

_Thing = tuple[int, int]


def with_chosen_notations(page: PageWords, output: str, kept: Callable[[PageWords, str], Iterable[int]]) -> PageWords:
    """The words of a page where that notation of each thing is `keep` of which most came out, and the others are `maybe`.

    Each notation is tried for all things at once; of several that came out alike, the first is taken.
    kept: the positions of the words of a page that came out.
    """
    golden = page.golden
    if golden is None:
        return page
    shares: dict[_Thing, list[tuple[float, int]]] = {}
    for number in sorted({notation.number for notation in page.notations if notation}):
        reading = page if number == 0 else _reading(golden, {}, number)
        total = Counter(notation for notation in reading.notations if notation and notation.number == number)
        came_out = Counter(notation for i in kept(reading, output) if (notation := reading.notations[i]))
        for notation, words in total.items():
            shares.setdefault(notation.thing, []).append((-came_out[notation] / words, number))
    chosen: Mapping[_Thing, int] = {thing: min(found)[1] for thing, found in shares.items()}
    if not any(chosen.values()):
        return page
    return _reading(golden, chosen, 0)


def _reading(golden: Golden, chosen: Mapping[_Thing, int], otherwise: int) -> PageWords:
    """The words of a page with one notation of each thing chosen by its number."""

    def read(segment: Segment) -> Segment:
        notation = segment.notation
        if notation is None:
            return segment
        return replace(segment, verdict="keep" if notation.number == chosen.get(notation.thing, otherwise) else "maybe")

    segments = map(read, golden.segments)
    return page_words(replace(golden, labelled=tuple(segments)))
