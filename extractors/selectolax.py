"""selectolax: the text of a page's nodes by the HTML parser Lexbor, written in C."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["selectolax>=0.3.30"],
    media="text/html",
    homepage="https://github.com/rushter/selectolax",
    licence="MIT",
    reference=True,
)
def selectolax(page: Any) -> str:
    """Reference: all strings of the page's body but scripts and styles, each on a line."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page.html)
    tree.strip_tags(["script", "style", "noscript", "template"])
    root = tree.body or tree.root
    return root.text(separator="\n", strip=True) if root else ""
