"""html-text (Zyte): the visible text of a page, with line breaks where a browser would show them."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["html-text>=0.7", "lxml_html_clean"],
    media="text/html",
    homepage="https://github.com/zytedata/html-text",
    licence="MIT",
    reference=True,
)
def html_text(page: Any) -> str:
    """Reference: all visible text of the page."""
    import html_text

    return html_text.extract_text(page.html)
