"""news-please (Hamborg et al., ISI 2017): a crawler of news whose extraction joins newspaper4k and readability-lxml."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    # The last five are what newspaper4k, which does the work, wants for languages that do not put spaces between words.
    requires=[
        "news-please>=1.6.16",
        "newspaper4k>=0.9.6",
        "lxml_html_clean",
        "jieba>=0.42.1",
        "tinysegmenter>=0.4",
        "pythainlp>=5.0",
        "indic-nlp-library>=0.90",
        "nltk>=3.8",
    ],
    media="text/html",
    homepage="https://github.com/fhamborg/news-please",
    licence="Apache-2.0",
)
def news_please(page: Any) -> str:
    """The better of newspaper4k's and readability-lxml's texts, by the library's own comparison."""
    from newsplease import NewsPlease

    # None is its answer for "no main content found".
    return NewsPlease.from_html(page.html, url=page.url, fetch_images=False).maintext or ""
