"""How much of the structure of the main content came out: headings, lists, tables, code blocks, links.

For outputs that are HTML or Markdown, against goldens that have Markdown or labels on an HTML page. What is compared is what
`harness.pages.structure` reads, so that a table is the same in both formats. Structure of `maybe` text counts for nobody.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from harness.alignment.counts import f_score
from harness.goldens.golden import Golden, Label
from harness.goldens.structure import markup_of
from harness.goldens.vocabulary import Verdict
from harness.metrics.base import Case, Family, Metric, Scores
from harness.metrics.teds import in_order
from harness.pages.page import Page
from harness.pages.structure import Markup, read_html, read_markdown

_Item = TypeVar("_Item")
_MEASURED: tuple[Verdict, ...] = ("keep", "maybe")
_NAMES = ("structure.headings", "structure.lists", "structure.tables", "structure.code", "structure.links")


def structure_scores(case: Case) -> Scores:
    """Each kind of structure in 0…1; None where neither side has it, and all None if the output is plain text.

    What only one side has scores 0, except that links are None if the golden has none: many goldens were written
    without links on purpose.
    """
    if case.markup is None:
        return dict.fromkeys(_NAMES)
    return _compared(case.golden, read_html(case.markup, case.golden.page.url))


def structure_failed(case: Case) -> Scores:
    """The values of a page whose extractor failed: those of an empty output, if its outputs are no plain text."""
    return dict.fromkeys(_NAMES) if case.markup is None else _compared(case.golden, Markup())


def compare(gold: Markup, output: Markup) -> dict[str, float | None]:
    """Each kind of structure of an output against that of a golden."""
    return {
        "structure.headings": _f((heading.text for heading in gold.headings), (heading.text for heading in output.headings)),
        "structure.lists": _f(gold.items, output.items),
        "structure.tables": in_order(gold.tables, output.tables) if gold.tables or output.tables else None,
        "structure.code": _code("\n".join(gold.code), "\n".join(output.code)),
        "structure.links": _f(gold.links, output.links) if gold.links else None,
    }


def _compared(golden: Golden, output: Markup) -> dict[str, float | None]:
    gold, optional = _gold_of(golden.page, golden.labels, golden.markdown)
    return compare(gold, _without(output, gold, optional))


# As many as are in memory at a time; see harness.evaluation.evaluate.
@functools.lru_cache(maxsize=512)
def _gold_of(page: Page, labels: tuple[Label, ...], markdown: str | None) -> tuple[Markup, Markup]:
    """The structure of what must come out, and of what may."""
    if markdown is not None:
        return read_markdown(markdown, page.url), Markup()
    keep, maybe = (read_html(markup_of(page, labels, verdict), page.url) for verdict in _MEASURED)
    return keep, maybe


def _without(output: Markup, gold: Markup, optional: Markup) -> Markup:
    """An output without what is optional and not in the golden anyway."""

    def rest(found: Sequence[_Item], wanted: Sequence[_Item], free: Sequence[_Item]) -> tuple[_Item, ...]:
        return tuple(item for item in found if item not in free or item in wanted)

    free_headings = {heading.text for heading in optional.headings} - {heading.text for heading in gold.headings}
    return replace(
        output,
        headings=tuple(h for h in output.headings if h.text not in free_headings),
        items=rest(output.items, gold.items, optional.items),
        tables=rest(output.tables, gold.tables, optional.tables),
        code=rest(output.code, gold.code, optional.code),
        links=rest(output.links, gold.links, optional.links),
    )


def _f(gold: Iterable[Hashable], output: Iterable[Hashable]) -> float | None:
    """F over two multisets; None if both are empty."""
    wanted, found = Counter(gold), Counter(output)
    if not wanted and not found:
        return None
    shared = (wanted & found).total()
    return f_score(shared / max(1, found.total()), shared / max(1, wanted.total()))


def _code(gold: str, output: str) -> float | None:
    return Levenshtein.normalized_similarity(gold, output) if gold or output else None


def _has_structure(golden: Golden) -> bool:
    return golden.markdown is not None or (bool(golden.labels) and golden.page.media == "text/html")


STRUCTURE = Family(
    (
        Metric("structure.headings", "F over the texts of headings, whatever their level", True, 0.0),
        Metric("structure.lists", "F over the texts of list items", True, 0.0),
        Metric("structure.tables", "mean TEDS of tables paired in order", True, 0.0),
        Metric("structure.code", "edit similarity of all code blocks", True, 0.0),
        Metric("structure.links", "F over links, by their text and absolute target", True, 0.0),
    ),
    structure_scores,
    applies=_has_structure,
    failed=structure_failed,
    order=180,
)
