"""Two letters for each kind of text, and what the labelling guide says of it."""

from __future__ import annotations

import re
from functools import cache

from harness.common.places import bundled
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS

_KIND = re.compile(r"`([a-z-]+)`")
_CODE = re.compile(r"`([^`]*)`")


def codes() -> dict[str, str]:
    """Two letters for each kind: its first two, or else its first and the next one that is free."""
    found: dict[str, str] = {}
    for kind in TEXT_KINDS:
        letters = kind.replace("-", "")
        free = (letters[0] + letter for letter in letters[1:] if letters[0] + letter not in found)
        found[next(free)] = kind
    return found


@cache
def guide() -> dict[str, list[tuple[str, str, str]]]:
    """The rows of the guide's table of borderline texts for each kind: text, label, why."""
    rows: dict[str, list[tuple[str, str, str]]] = {kind: [] for kind in TEXT_KINDS}
    for cells in _table("Borderline texts", 3):
        for kind in dict.fromkeys(_KIND.findall(cells[1])):
            if kind in rows:
                rows[kind].append((_plain(cells[0]), _plain(cells[1]), _plain(cells[2])))
    return rows


@cache
def page_guide() -> dict[str, tuple[str, str, str]]:
    """What the guide says of each kind of page: what is `keep`, `maybe` and `drop`."""
    rows = {}
    for cells in _table("Kinds of page", 4):
        kind = _KIND.search(cells[0])
        if kind and kind[1] in PAGE_KINDS:
            rows[kind[1]] = (_plain(cells[1]), _plain(cells[2]), _plain(cells[3]))
    return rows


def _table(heading: str, columns: int) -> list[list[str]]:
    """The rows of the table below a heading of the labelling guide."""
    text = (bundled("docs") / "labelling.md").read_text(encoding="utf-8")
    _, _, section = text.partition(f"\n## {heading}")
    lines = section.partition("\n## ")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")]
    return [cells for cells in rows[2:] if len(cells) == columns]


def _plain(markdown: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", _CODE.sub(r"\1", markdown))
