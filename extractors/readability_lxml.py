"""readability-lxml: the Python port of Arc90's Readability, which scores elements by their paragraphs and commas."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["readability-lxml>=0.8.4.1", "html-text", "lxml_html_clean"],
    media="text/html",
    homepage="https://github.com/buriy/python-readability",
    licence="Apache-2.0",
)
def readability_lxml(page: Any) -> str:
    """Best-scored element and its siblings (Arc90 Readability), turned into text by html-text."""
    import html_text
    from readability import Document

    # It returns HTML. `textContent` would glue neighbouring blocks, html-text breaks lines where a browser does.
    return html_text.extract_text(Document(page.html, url=page.url).summary(html_partial=True))
