"""go-readability: Mozilla's Readability in Go (readeck and others use it), by the bindings of pygoreadability."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["pygoreadability>=0.2.8"],
    media="text/html",
    output="html",
    homepage="https://github.com/go-shiori/go-readability",
    licence="MIT",
)
def go_readability(page: Any) -> str:
    """Best-scored element and its siblings (Mozilla Readability in Go)."""
    from pygoreadability import from_string

    html: str = from_string(page.html, page.url).content_html
    return html
