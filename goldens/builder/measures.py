"""What tells whether a page is like those of the web: its size, and where its words and bytes are."""

from __future__ import annotations

from dataclasses import dataclass

from harness.goldens.golden import Golden
from harness.pages import visible
from harness.pages.words import words


@dataclass(frozen=True)
class PageMeasures:
    """The measures of one page."""

    kilobytes: float
    """Its size, in 1,000 bytes."""
    elements: int
    """Elements of its tree."""
    words: int
    """Words that are rendered, also those that a style would hide."""
    kept: float | None
    """The words of its main content by those that are rendered; None if that is unknown, or if it has no main content."""
    in_links: float
    """The share of rendered words that stand in links, in 0…1."""
    code: float
    """The share of its bytes that `script` and `style` hold, in 0…1."""


def measure(golden: Golden) -> PageMeasures:
    """The measures of an HTML page. Raises Unreadable."""
    page = golden.page
    tree = page.tree()
    pieces = [piece for piece in visible.pieces(tree, [tree.css("a")]) if piece.source in visible.RENDERED]
    linked = len(words("\n".join(piece.text for piece in pieces if piece.rule is not None)))
    rendered = len(words(page.text))
    code = sum(len(node.text().encode()) for node in tree.css("script, style"))
    kept = len(words(golden.main_content)) if golden.has_main_content else 0
    return PageMeasures(
        len(page.raw) / 1000,
        len(tree.css("*")),
        rendered,
        kept / rendered if kept and rendered else None,
        linked / rendered if rendered else 0.0,
        code / len(page.raw),
    )
