"""magic-html (OpenDataLab): rules for articles and forums on top of a readability scorer."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["magic-html>=0.1.8", "lxml_html_clean"],
    variants={"forum": {"html_type": "forum"}},
    media="text/html",
    output="html",
    homepage="https://github.com/opendatalab/magic-html",
    licence="Apache-2.0",
    python=">=3.12",
)
def magic_html(page: Any, **options: Any) -> str:
    """Rules for main content, then readability as a fallback."""
    from magic_html import GeneralExtractor

    found = GeneralExtractor().extract(page.html, base_url=page.url or "", **options)
    html: str = found["html"]
    return html
