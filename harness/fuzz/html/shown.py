"""Whether labels of a page are true to what its readers see: in a browser where one is installed, else by `hiding`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from harness.fuzz.base import DoesNotApply
from harness.fuzz.html.browser import shown_in_browser
from harness.fuzz.html.hiding import Shown, reveal, shown_by_rules
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import kept_texts
from harness.fuzz.html.tree import Element, Mark, Text

Law = Literal["hidden text is hidden", "main content is shown"]
"""What readers see if labels are true."""

_HIDDEN = Mark("drop", "hidden")


def texts_shown(page: DomPage) -> list[Shown]:
    """For each text that is not blank, in page order, whether readers see it; None where it cannot be told."""
    seen = shown_in_browser(page.tree, page.style)
    return shown_by_rules(page.tree) if seen is None else list(seen)


def require_same_shown(before: DomPage, after: DomPage) -> DomPage:
    """The second page. Raises DoesNotApply if readers see other texts of it, since a style sheet hides them on one only."""
    if None in shown_by_rules(before.tree) and _seen(before) != _seen(after):
        raise DoesNotApply("a style sheet hides text of the page, which would be shown")
    return after


def open_main_content(page: DomPage) -> DomPage:
    """The page with main content shown where attributes hide it, as behind a tab: readers open it, and it counts as open."""
    tree = page.tree_to_change()
    for text in kept_texts(tree):
        above = text.parent
        while above is not None:
            reveal(above)
            above = above.parent
    return page.with_tree(tree)


def label_hidden_text(page: DomPage) -> DomPage:
    """The page with the label `hidden` on what readers do not see of it and no label names."""
    tree = page.tree_to_change()
    for text, shown in zip(_texts(tree), texts_shown(page), strict=True):
        if shown is False and (text.mark is None or text.mark == ("drop", "other")):
            text.mark = _HIDDEN
    return page.with_tree(tree)


def broken_laws(page: DomPage, laws: Collection[Law] = get_args(Law)) -> dict[Law, str]:
    """Which of the laws a page's labels break, each with the first text that does."""
    broken: dict[Law, str] = {}
    for text, shown in zip(_texts(page.tree), texts_shown(page), strict=True):
        said = " ".join(text.data.split())[:60]
        if text.mark == _HIDDEN and shown is True:
            broken.setdefault("hidden text is hidden", said)
        if text.mark is not None and text.mark.verdict == "keep" and shown is False:
            broken.setdefault("main content is shown", said)
    return {law: text for law, text in broken.items() if law in laws}


def _seen(page: DomPage) -> list[tuple[str, Shown]]:
    found = zip(_texts(page.tree), texts_shown(page), strict=True)
    return [(text.data, shown) for text, shown in found if shown is not False]


def _texts(tree: Element) -> list[Text]:
    return [text for text in tree.texts() if not text.blank]
