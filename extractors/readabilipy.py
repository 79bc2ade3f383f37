"""ReadabiliPy (Alan Turing Institute) in its pure Python mode, which cleans a page up and keeps nearly all text.

Its other mode wraps Readability.js, starts Node for every page and installs packages on first use; for that library
see readability_js.
"""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["readabilipy>=0.3.0"],
    media="text/html",
    homepage="https://github.com/alan-turing-institute/ReadabiliPy",
    licence="MIT",
    reference=True,
)
def readabilipy(page: Any) -> str:
    """Reference: the text of the page without navigation, forms and the like (its pure Python mode)."""
    from readabilipy import simple_json_from_html_string

    blocks = simple_json_from_html_string(page.html, use_readability=False)["plain_text"]
    return "\n".join(block["text"] for block in blocks or [])
