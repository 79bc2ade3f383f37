"""Breadability: a port of Arc90's Readability to Python that was taken up again in 2026."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["breadability>=0.1.21", "lxml_html_clean"],
    media="text/html",
    output="html",
    homepage="https://github.com/bookieio/breadability",
    licence="BSD-2-Clause",
)
def breadability(page: Any) -> str:
    """Best-scored element and its siblings (Breadability, a port of Readability)."""
    from breadability.readable import Article

    html: str = Article(page.html, url=page.url).readable
    return html
