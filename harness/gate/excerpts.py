"""What is wrong with an output, in words: the longest missed, leaked and lost passages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from harness.alignment.align import Alignment
from harness.alignment.diff import DiffRun, diff
from harness.gate.verdict import Excerpt, Excerpts, JudgedPage

PASSAGES = 5  # of each sort
LONGEST = 300  # characters of a passage


def excerpts_of(page: JudgedPage, alignment: Alignment) -> Excerpts:
    """The passages that are missed or leaked now, or optional and not there, of kinds of which there is more than before."""
    before: Mapping[str, int] = page.before.misses if page.before else {}
    more_missed = {kind for kind, number in alignment.misses_by_kind().items() if number > before.get(kind, 0)}
    runs = diff(alignment)
    return Excerpts(
        missed=_longest(_passage(run) for run in runs if run.status == "missed" and run.kind in more_missed),
        leaked=_longest(_passage(run) for run in runs if run.status == "leaked" and run.kind in page.grown),
        lost=_longest(_lost(alignment, page.lost)),
    )


def _passage(run: DiffRun) -> Excerpt:
    return Excerpt(run.kind, "".join(part.text for part in run.parts))


def _lost(alignment: Alignment, kinds: Collection[str]) -> Iterator[Excerpt]:
    page = alignment.page
    out = {i for i, _ in alignment.optional}
    absent = (i for i in page.keep_or_maybe if page.verdicts[i] == "maybe" and page.kinds[i] in kinds and i not in out)
    for (_, kind), group in groupby(enumerate(absent), key=lambda item: (item[1] - item[0], page.kinds[item[1]])):
        yield Excerpt(kind, "".join(page.shown[i] for _, i in group))


def _longest(passages: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    """The longest ones, cut to what can be shown."""
    ordered = sorted(passages, key=lambda passage: -len(passage.text))
    return tuple(Excerpt(passage.kind, _cut(passage.text)) for passage in ordered[:PASSAGES])


def _cut(text: str) -> str:
    text = " ".join(text[: 4 * LONGEST].split())
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + " …"
