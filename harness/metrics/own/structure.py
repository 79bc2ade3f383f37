"""How much of the structure of the main content came out: headings, lists, tables, code blocks, links, images.

For outputs that are HTML or Markdown, against goldens that have Markdown or labels on an HTML page. What is compared is what
`harness.pages.structure` reads, so that a table is the same in both formats. Structure of `maybe` text counts for nobody,
nor does that around text which labels name without it: the `li` of a card, the table that a page is laid out by.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from rapidfuzz.distance import LCSseq

from harness.alignment.counts import f_score
from harness.goldens.golden import Golden
from harness.goldens.labels import Label
from harness.goldens.structure import markup_of, unlabelled_images
from harness.goldens.vocabulary import LabelVerdict
from harness.metrics.base import Case, Family, Metric, ScoresByMetric
from harness.metrics.cells import by_position, without_spans
from harness.metrics.teds import in_order
from harness.pages.page import Page
from harness.pages.structure import Markup, Table, read_html, read_markdown

_Item = TypeVar("_Item")
_MEASURED: tuple[LabelVerdict, ...] = ("keep", "maybe")


def structure_scores(case: Case) -> ScoresByMetric:
    """Each kind of structure in 0…1; None where neither side has it, and all None if the output is plain text.

    What only one side has scores 0, except that links and images are None if the golden has none: many goldens were written
    without them on purpose.
    """
    if case.markup is None:
        return dict.fromkeys(STRUCTURE.names)
    has_spans = case.markdown is None
    return _compared(case.golden, read_html(case.markup, case.golden.page.url), has_spans)


def structure_failed(case: Case) -> ScoresByMetric:
    """The values of a page whose extractor failed: those of an empty output, if its outputs are no plain text."""
    return dict.fromkeys(STRUCTURE.names) if case.markup is None else _compared(case.golden, Markup())


def compare(gold: Markup, output: Markup, *, has_spans: bool = True) -> dict[str, float | None]:
    """Each kind of structure of an output against that of a golden.

    has_spans: whether the output's format has cells that reach over columns or rows; if not, they cost no TEDS.
    """
    links, images = _precision_recall_f(gold.links, output.links), _precision_recall_f(gold.images, output.images)
    trees = (gold.tables, output.tables)
    if not has_spans:
        trees = tuple(map(without_spans, gold.tables)), tuple(map(without_spans, output.tables))
    return {
        "structure.headings": _f((heading.text for heading in gold.headings), (heading.text for heading in output.headings)),
        "structure.lists": _f(gold.items, output.items),
        "structure.tables": by_position(gold.tables, output.tables),
        "structure.TEDS": in_order(*trees) if gold.tables or output.tables else None,
        "structure.code": _code(gold.code, output.code),
        **dict(zip(("structure.links.P", "structure.links.R", "structure.links"), links)),
        **dict(zip(("structure.images.P", "structure.images.R", "structure.images"), images)),
    }


def _compared(golden: Golden, output: Markup, has_spans: bool = True) -> dict[str, float | None]:
    gold, optional = _gold_of(golden.page, golden.labels, golden.markdown)
    return compare(gold, _without(output, gold, optional), has_spans=has_spans)


# As many as are in memory at a time; see harness.evaluation.evaluate.
@functools.lru_cache(maxsize=16)
def _gold_of(page: Page, labels: tuple[Label, ...], markdown: str | None) -> tuple[Markup, Markup]:
    """The structure of what must come out, and what may come out beside it."""
    if markdown is not None:
        return read_markdown(markdown, page.url), Markup()
    optional = "".join(markup_of(page, labels, verdict, with_surroundings=True) for verdict in _MEASURED)
    optional += unlabelled_images(page, labels)
    return read_html(markup_of(page, labels, "keep"), page.url), read_html(optional, page.url)


def _without(output: Markup, gold: Markup, optional: Markup) -> Markup:
    """An output without what is optional and not in the golden anyway."""

    def rest(found: Sequence[_Item], wanted: Sequence[_Item], free: Sequence[_Item]) -> tuple[_Item, ...]:
        free_items = set(free) - set(wanted)
        return tuple(item for item in found if item not in free_items)

    free_headings = {heading.text for heading in optional.headings} - {heading.text for heading in gold.headings}
    free_cells = _texts(optional.tables) - _texts(gold.tables)
    return replace(
        output,
        headings=tuple(h for h in output.headings if h.text not in free_headings),
        items=rest(output.items, gold.items, optional.items),
        tables=tuple(table for table in output.tables if table in gold.tables or free_cells.isdisjoint(_texts((table,)))),
        code=rest(output.code, gold.code, optional.code),
        links=rest(output.links, gold.links, optional.links),
        images=rest(output.images, gold.images, optional.images),
    )


def _texts(tables: Iterable[Table]) -> set[str]:
    return {cell.text for table in tables for row in table.rows for cell in row} - {""}


def _f(gold: Iterable[Hashable], output: Iterable[Hashable]) -> float | None:
    """F over two multisets; None if both are empty."""
    wanted, found = Counter(gold), Counter(output)
    if not wanted and not found:
        return None
    shared = (wanted & found).total()
    return f_score(shared / max(1, found.total()), shared / max(1, wanted.total()))


def _precision_recall_f(
    gold: Sequence[Hashable], output: Sequence[Hashable]
) -> tuple[float | None, float | None, float | None]:
    """Over two multisets; None if the golden has nothing."""
    if not gold:
        return None, None, None
    shared = (Counter(gold) & Counter(output)).total()
    return shared / max(1, len(output)), shared / len(gold), 2 * shared / (len(gold) + len(output))


def _code(gold: Iterable[str], output: Iterable[str]) -> float | None:
    """F over the lines of all code, in order, each byte for byte; None if there is none on either side."""
    wanted, found = ([line for block in side for line in block.split("\n")] for side in (gold, output))
    if not wanted and not found:
        return None
    return 2 * LCSseq.similarity(wanted, found) / (len(wanted) + len(found))


def _has_structure(golden: Golden) -> bool:
    return golden.markdown is not None or (bool(golden.labels) and golden.page.media == "text/html")


STRUCTURE = Family(
    (
        Metric("structure.headings", "F over the texts of headings, whatever their level", True, 0.0, version=2),
        Metric("structure.lists", "F over the texts of list items", True, 0.0, version=2),
        Metric("structure.tables", "F over the cells of tables, by text and position", True, 0.0, version=2),
        Metric("structure.TEDS", "mean TEDS of tables paired in order", True, 0.0),
        Metric("structure.code", "F over lines of code, byte for byte", True, 0.0, version=2),
        Metric("structure.links", "F over links, by their text and absolute target", True, 0.0, version=2),
        Metric("structure.links.P", "precision of links, by their text and absolute target", True, 0.0),
        Metric("structure.links.R", "recall of links, by their text and absolute target", True, 0.0),
        Metric("structure.images", "F over images, by their absolute addresses", True, 0.0),
        Metric("structure.images.P", "precision of images, by their absolute addresses", True, 0.0),
        Metric("structure.images.R", "recall of images, by their absolute addresses", True, 0.0),
    ),
    structure_scores,
    applies=_has_structure,
    failed=structure_failed,
    order=180,
)
