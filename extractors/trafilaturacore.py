"""Trafilatura Core: Trafilatura's rules for main content on a small library of its own, without its fallbacks."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["trafilaturacore>=0.8"],
    variants={"precision": {"boilerplate": "precision"}, "recall": {"boilerplate": "recall"}},
    media="text/html",
    output="html",
    homepage="https://github.com/markdownee/trafilaturacore",
    licence="Apache-2.0",
)
def trafilaturacore(page: Any, **options: Any) -> str:
    """Rules for main content, ported from Trafilatura; reader comments left out."""
    from trafilaturacore import clean

    html: str = clean(page.html, url=page.url, comment_handling="exclude", **options).html
    return html
