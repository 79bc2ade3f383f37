"""Trafilatura (Adrien Barbaresi, ACL 2021): XPath rules for main content, with fallbacks for what they miss."""

from __future__ import annotations

from typing import Any

from harness import extractor

REQUIRES = ["trafilatura>=1.8", "lxml_html_clean"]
HOMEPAGE = "https://trafilatura.readthedocs.io"


@extractor(
    requires=REQUIRES,
    variants={
        "precision": {"favor_precision": True},
        "recall": {"favor_recall": True},
        "fast": {"fast": True},
        "comments": {"include_comments": True},
        "html": {"output_format": "html", "include_formatting": True},
        "markdown": {"output_format": "markdown", "include_formatting": True},
    },
    media="text/html",
    outputs={"html": "html", "markdown": "markdown"},
    homepage=HOMEPAGE,
    licence="Apache-2.0",
)
def trafilatura(page: Any, **options: Any) -> str:
    """Rules for main content, then readability and jusText as fallbacks; reader comments left out."""
    import trafilatura

    # The library includes reader comments by default; a comment is not main content here.
    options = {"include_comments": False, **options}
    # None is its documented answer for "no main content found".
    return trafilatura.extract(page.html, url=page.url, **options) or ""


@extractor(requires=REQUIRES, media="text/html", homepage=HOMEPAGE, licence="Apache-2.0")
def trafilatura_baseline(page: Any) -> str:
    """The library's simple fallback: JSON-LD article body, else article elements, else all paragraphs."""
    import trafilatura

    _, text, _ = trafilatura.baseline(page.html)
    return text


@extractor(requires=REQUIRES, media="text/html", homepage=HOMEPAGE, licence="Apache-2.0", reference=True)
def trafilatura_html2txt(page: Any) -> str:
    """Reference: nearly all visible text of the page."""
    import trafilatura

    return trafilatura.html2txt(page.html)
