"""Whether labels of a page are true to what its readers see: in a browser where one is installed, else by `hiding`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from harness.fuzz.base import DoesNotApply
from harness.fuzz.html.browser import by_browser
from harness.fuzz.html.hiding import Shown, by_rules
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.tree import Element, Mark, Text

Law = Literal["hidden text is hidden", "main content is shown"]
"""What readers see if labels are true."""

_HIDDEN = Mark("drop", "hidden")


def texts_shown(page: DomPage) -> list[Shown]:
    """For each text that is not blank, in page order, whether readers see it; None where it cannot be told."""
    seen = by_browser(page.tree, page.style)
    return by_rules(page.tree) if seen is None else list(seen)


def style_sheet_hides(page: DomPage) -> bool:
    """Whether a style sheet of the page's own hides text of it; where no browser tells, whether one may."""
    if None not in by_rules(page.tree):
        return False
    tree = page.tree_to_change()
    for style in [element for element in tree.elements() if element.tag == "style"]:
        for text in style.children:
            if isinstance(text, Text):
                text.data = "/* nothing */"  # the texts stay as many as they are
    with_styles, without = by_browser(page.tree, page.style), by_browser(tree, page.style)
    return with_styles is None or with_styles != without


def require_nothing_hidden_by_style(page: DomPage) -> None:
    """Raises DoesNotApply where readers would see more of the page without its style sheets or what they go by."""
    if style_sheet_hides(page):
        raise DoesNotApply("a style sheet hides text of the page, which would be shown")


def hidden_marked(page: DomPage) -> DomPage:
    """The page with the label `hidden` on what readers do not see of it and no label names."""
    tree = page.tree_to_change()
    for text, shown in zip(_texts(tree), texts_shown(page), strict=True):
        if shown is False and (text.mark is None or text.mark == ("drop", "other")):
            text.mark = _HIDDEN
    return page.changed(tree)


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


def _texts(tree: Element) -> list[Text]:
    return [text for text in tree.texts() if not text.blank]
