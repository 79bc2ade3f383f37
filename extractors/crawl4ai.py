"""Crawl4AI: a crawler for language models; here its cleaner and its pruning filter, without its browser."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from harness import extractor


@extractor(
    requires=["crawl4ai>=0.9.5", "lxml_html_clean"],
    variants={"strict": {"threshold": 0.6}, "dynamic": {"threshold_type": "dynamic"}},
    media="text/html",
    output="html",
    homepage="https://docs.crawl4ai.com",
    licence="Apache-2.0",
)
def crawl4ai(page: Any, **options: Any) -> str:
    """Elements whose density of text and links, tag and class pass a threshold."""
    # It makes folders for its cache where it is imported; they should not appear in a home directory.
    os.environ.setdefault("CRAWL4_AI_BASE_DIRECTORY", tempfile.gettempdir())
    from crawl4ai.content_filter_strategy import PruningContentFilterLXML
    from crawl4ai.content_scraping_strategy import LXMLWebScrapingStrategy

    url = page.url or "https://page.invalid/"
    cleaned = LXMLWebScrapingStrategy().scrap(url, page.html)
    if not cleaned.success:  # the exception that it caught stands where the page should be
        raise ValueError(cleaned.cleaned_html or "no page")
    blocks = PruningContentFilterLXML(**options).filter_content(cleaned.cleaned_html)
    return "\n".join(blocks)
