"""html2text: a page as Markdown, here without links, images and emphasis."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["html2text>=2025.4.15"],
    media="text/html",
    output="markdown",
    homepage="https://github.com/Alir3z4/html2text",
    licence="GPL-3.0-or-later",
    reference=True,
)
def html2text(page: Any) -> str:
    """Reference: all text of the page as plain Markdown."""
    from html2text import HTML2Text

    converter = HTML2Text(bodywidth=0)
    converter.ignore_links = True
    converter.ignore_images = True
    converter.ignore_emphasis = True
    text: str = converter.handle(page.html)
    return text
