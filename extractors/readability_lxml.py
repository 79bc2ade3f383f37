"""readability-lxml: the Python port of Arc90's Readability, which scores elements by their paragraphs and commas."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["readability-lxml>=0.8.4.1", "lxml_html_clean"],
    media="text/html",
    output="html",
    homepage="https://github.com/buriy/python-readability",
    licence="Apache-2.0",
)
def readability_lxml(page: Any) -> str:
    """Best-scored element and its siblings (Arc90 Readability)."""
    from readability import Document

    html: str = Document(page.html, url=page.url).summary(html_partial=True)
    return html
