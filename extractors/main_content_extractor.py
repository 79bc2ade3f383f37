"""MainContentExtractor: the elements <main> and <article> where a page has them, else Trafilatura."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["MainContentExtractor>=0.0.4", "trafilatura>=2.0", "lxml_html_clean"],
    media="text/html",
    output="html",
    homepage="https://github.com/HawkClaws/main_content_extractor",
    licence="MIT",
)
def main_content_extractor(page: Any) -> str:
    """Articles in the main element, else articles, else an element so named, else Trafilatura."""
    from main_content_extractor import MainContentExtractor

    # Its own text output glues the strings of a page without a space. None is its answer for "nothing found".
    html: str = MainContentExtractor.extract(page.html, output_format="html") or ""
    return html
