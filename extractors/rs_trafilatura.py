"""rs-trafilatura: Trafilatura's rules in Rust, behind a classifier that tells the kind of page."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["rs-trafilatura>=0.1.1"],
    variants={
        "comments": {"include_comments": True},
        "no_url": {"url": None},
        "precision": {"favor_precision": True},
        "recall": {"favor_recall": True},
    },
    media="text/html",
    homepage="https://github.com/Murrough-Foley/rs-trafilatura-python",
    licence="MIT OR Apache-2.0",
    python="==3.12.*",  # its one wheel is for CPython 3.12 on Linux; elsewhere it takes a Rust compiler
)
def rs_trafilatura(page: Any, **options: Any) -> str:
    """Rules for main content by kind of page, which a classifier tells from the address and the markup."""
    import rs_trafilatura

    text: str = rs_trafilatura.extract(page.html, **{"url": page.url, **options}).main_content
    return text
