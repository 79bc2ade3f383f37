"""newspaper3k: the old newspaper library of 2018, unmaintained and still much used; see newspaper4k.

Both are imported as `newspaper`, so it only ever runs in an environment of its own.
"""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["newspaper3k>=0.2.8", "lxml_html_clean"],
    media="text/html",
    homepage="https://github.com/codelucas/newspaper",
    licence="MIT",
)
def newspaper3k(page: Any) -> str:
    """Element whose paragraphs have most stop words, and its like siblings; stop list of the page's language."""
    from newspaper import Article
    from newspaper.utils import get_available_languages

    options: dict[str, Any] = {"fetch_images": False}
    language = page.lang.split("-")[0].lower() if page.lang else None
    if language in get_available_languages():
        options["language"] = language  # else the language that the page declares, then English
    # It insists on an address; nothing is fetched from there.
    article = Article(page.url or "https://page.invalid/", **options)
    article.download(input_html=page.html)
    article.parse()
    text: str = article.text
    return text
