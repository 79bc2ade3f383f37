"""goose3: the Python 3 port of Goose, which scores paragraphs by stop words and keeps the best element's neighbourhood."""

from __future__ import annotations

from typing import Any

from harness import extractor

# Languages whose words cannot be told by spaces alone -> class of goose3.text that counts their stop words.
STOP_WORDS = {"ar": "StopWordsArabic", "ja": "StopWordsJapanese", "ko": "StopWordsKorean", "zh": "StopWordsChinese"}


@extractor(
    requires=["goose3>=3.1.20", "jieba>=0.42.1", "nltk>=3.8", "fugashi[unidic-lite]>=1.3"],
    variants={"soup": {"parser_class": "soup"}},
    media="text/html",
    homepage="https://github.com/goose3/goose3",
    licence="Apache-2.0",
)
def goose3(page: Any, **options: Any) -> str:
    """Element whose paragraphs have most stop words (Goose), without those that are mostly links."""
    from goose3 import Goose
    from goose3 import text as words

    config = {"enable_image_fetching": False, **options}
    if page.lang:
        language = page.lang.split("-")[0].lower()
        stop_words = getattr(words, STOP_WORDS.get(language, "StopWords"))
        config = {"use_meta_language": False, "target_language": language, "stopwords_class": stop_words, **config}
    with Goose(config) as goose:
        # It decodes by the page's <meta>, which is true of the page's own bytes only.
        text: str = goose.extract(raw_html=page.html_bytes).cleaned_text
    return text
