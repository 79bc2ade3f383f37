"""markdownify: a page as Markdown, here without links and images."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["markdownify>=1.2"],
    media="text/html",
    output="markdown",
    homepage="https://github.com/matthewwithanm/python-markdownify",
    licence="MIT",
    reference=True,
)
def markdownify(page: Any) -> str:
    """Reference: all text of the page's body as Markdown."""
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(page.html, "html.parser")
    for element in soup(["script", "style", "noscript", "template"]):  # it would keep what they contain
        element.decompose()
    text: str = MarkdownConverter(strip=["a", "img"]).convert_soup(soup.body or soup)
    return text
