"""Inscriptis (Weichselbraun, JOSS 2021): a page as text, laid out as a text browser would."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["inscriptis>=2.7"],
    media="text/html",
    homepage="https://github.com/weblyzard/inscriptis",
    licence="Apache-2.0",
    reference=True,
)
def inscriptis(page: Any) -> str:
    """Reference: all visible text of the page, with the layout of lists and tables."""
    from inscriptis import get_text

    text: str = get_text(page.html)
    return text
