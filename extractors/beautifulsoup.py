"""Beautiful Soup: what `get_text` gives, the way in which most scripts take text out of a page."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["beautifulsoup4>=4.13", "lxml", "html5lib"],
    variants={"html5lib": {"parser": "html5lib"}, "lxml": {"parser": "lxml"}},
    media="text/html",
    homepage="https://www.crummy.com/software/BeautifulSoup/",
    licence="MIT",
    reference=True,
)
def beautifulsoup(page: Any, parser: str = "html.parser") -> str:
    """Reference: all strings of the page's body but scripts and styles, each on a line."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page.html, parser)
    for element in soup(["script", "style", "template"]):  # with html5lib, `get_text` would return them
        element.decompose()
    text: str = (soup.body or soup).get_text("\n", strip=True)
    return text
