"""Resiliparse (ChatNoir): rule-based main content on a fast HTML parser written in C."""

from __future__ import annotations

from typing import Any

from harness import extractor

REQUIRES = ["resiliparse>=1.0"]
HOMEPAGE = "https://resiliparse.chatnoir.eu"


@extractor(
    requires=REQUIRES,
    variants={"comments": {"comments": True}},
    media="text/html",
    homepage=HOMEPAGE,
    licence="Apache-2.0",
)
def resiliparse(page: Any, **options: Any) -> str:
    """Elements whose names and classes do not look like boilerplate; no comments, image descriptions or bullets."""
    from resiliparse.extract.html2text import extract_plain_text

    options = {"main_content": True, "comments": False, "alt_texts": False, "list_bullets": False, **options}
    return extract_plain_text(page.html, **options)


@extractor(requires=REQUIRES, media="text/html", homepage=HOMEPAGE, licence="Apache-2.0", reference=True)
def resiliparse_all(page: Any) -> str:
    """Reference: all visible text of the page."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(page.html, main_content=False, alt_texts=False, list_bullets=False)
