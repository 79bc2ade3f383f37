"""newspaper4k: the maintained successor of newspaper3k, a scorer of paragraphs by stop words in the line of Goose."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    # The last five count words of Chinese, Japanese, Thai, Indian languages and Korean; Korean also wants the data
    # `punkt_tab` of NLTK, which is not a package: without it a Korean page is an error.
    requires=[
        "newspaper4k>=0.9.6",
        "lxml_html_clean",
        "jieba>=0.42.1",
        "tinysegmenter>=0.4",
        "pythainlp>=5.0",
        "indic-nlp-library>=0.90",
        "nltk>=3.8",
    ],
    media="text/html",
    homepage="https://github.com/AndyTheFactory/newspaper4k",
    licence="MIT",
)
def newspaper4k(page: Any) -> str:
    """Element whose paragraphs have most stop words, and its like siblings; stop list of the page's language."""
    import newspaper
    from newspaper.languages import get_available_languages

    options: dict[str, Any] = {"fetch_images": False}
    language = page.lang.split("-")[0].lower() if page.lang else None
    if language in set(get_available_languages()):
        options["language"] = language  # else the language that the page declares, then English
    # It insists on an address, which its rules for known sites and dates look at; nothing is fetched from there.
    url = page.url or "https://page.invalid/"
    text: str = newspaper.article(url, input_html=page.html, **options).text
    return text
