"""Which lines of a page extractors return, beside what its golden says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from harness.goldens.golden import Golden
from harness.goldens.html_labels import lay_labels
from harness.pages.words import words

_RUN = 3  # words; a line is in a text if half of its runs of so many words are
_BESIDE = frozenset({"alt", "attribute", "hidden", "json-ld", "metadata", "template"})  # what no page shows

_LineLabel = tuple[str, bool, bool, bool, int | None]  # text; kept, dropped by a rule, optional; number of the selector
RunsByLength = Mapping[int, Collection[tuple[str, ...]]]
"""All runs of 1, 2 and 3 words of a text, by their length."""


@dataclass(frozen=True)
class VotedLine:
    """A line of a page and what is said of it."""

    text: str
    """The line."""
    words: int
    """Its words; 0 if the golden leaves it open whether they belong to the main content."""
    kept: bool
    """Whether the golden keeps it."""
    decided: bool
    """Whether a rule of the golden names it, so that somebody has thought about it."""
    place: int | None
    """Which selector of the golden's labels most of it falls under, by a number; None for none."""
    returned: tuple[bool, ...]
    """For each extractor, whether it returns the line."""


def lines_with_votes(golden: Golden, outputs: Sequence[str]) -> tuple[VotedLine, ...]:
    """The lines of a golden's page that have words. outputs: what extractors returned, as text."""
    runs = [runs_of(output) for output in outputs]
    said: list[_LineLabel]
    if golden.labelled is None:
        main = runs_of(golden.main_content)
        said = [(line, is_in(line, main), False, False, None) for line in golden.page.text.splitlines()]
    else:
        said = _labelled_lines(golden)
    return tuple(
        VotedLine(text, 0 if free else len(words(text)), kept, decided, place, tuple(is_in(text, one) for one in runs))
        for text, kept, decided, free, place in said
        if words(text)
    )


def runs_of(text: str) -> RunsByLength:
    """The runs of a text."""
    found = words(text)
    return {size: {tuple(found[i : i + size]) for i in range(len(found) - size + 1)} for size in range(1, _RUN + 1)}


def share_in(text: str, runs: RunsByLength) -> float:
    """The share of a text's runs of three words that another text has, in 0…1; 1 for a text without words."""
    found = words(text)
    size = min(_RUN, len(found))
    pieces = [tuple(found[i : i + size]) for i in range(len(found) - size + 1)] if size else []
    return sum(piece in runs[size] for piece in pieces) / len(pieces) if pieces else 1.0


def is_in(line: str, runs: RunsByLength) -> bool:
    """Whether a text has a line, or most of it."""
    return share_in(line, runs) >= 0.5


def _places(golden: Golden) -> dict[int, int]:
    """By line of an HTML page, the number of the selector that most of it falls under."""
    if golden.page.media != "text/html":
        return {}
    single = [replace(label, places=(place,)) for label in golden.labels for place in label.places]
    counts: dict[int, Counter[int]] = {}
    for piece in lay_labels(golden.page.tree(), single).pieces:
        if piece.rule is not None and not piece.is_beside:
            counts.setdefault(piece.line, Counter())[piece.rule] += len(piece.text)
    return {line: count.most_common(1)[0][0] for line, count in counts.items()}


def _labelled_lines(golden: Golden) -> list[_LineLabel]:
    """The lines of a labelled page, each by what labels say of most of its words."""
    found: list[_LineLabel] = []
    places = _places(golden)
    for line, group in groupby(sorted(golden.segments, key=lambda part: part.line), key=lambda part: part.line):
        parts = [part for part in group if part.kind not in _BESIDE]
        counts = [len(words(part.text)) for part in parts]
        half = sum(counts) / 2

        def most(wanted: Sequence[bool], counts: Sequence[int] = counts, half: float = half) -> bool:
            return sum(count for count, is_so in zip(counts, wanted) if is_so) > half

        kept = most([part.verdict == "keep" for part in parts])
        dropped = most([part.verdict == "drop" and part.kind != "other" for part in parts])
        text, free = "".join(part.text for part in parts), most([part.verdict == "maybe" for part in parts])
        found.append((text, kept, dropped, free, places.get(line)))
    return found
