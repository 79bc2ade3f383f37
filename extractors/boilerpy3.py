"""BoilerPy3: the Python port of boilerpipe (Kohlschütter, Fankhauser, Nejdl, WSDM 2010), shallow text features."""

from __future__ import annotations

from typing import Any

from harness import extractor


@extractor(
    requires=["boilerpy3>=1.0.7"],
    variants={
        "article_sentences": {"kind": "ArticleSentences"},
        "canola": {"kind": "Canola"},
        "default": {"kind": "Default"},
        "keep_everything": {"kind": "KeepEverything"},
        "largest_content": {"kind": "LargestContent"},
        "num_words_rules": {"kind": "NumWordsRules"},
    },
    media="text/html",
    homepage="https://github.com/jmriebold/BoilerPy3",
    licence="Apache-2.0",
)
def boilerpy3(page: Any, kind: str = "Article") -> str:
    """Blocks of text classified by their number of words and link density (boilerpipe's article extractor)."""
    from boilerpy3 import extractors
    from boilerpy3.exceptions import HTMLExtractionError

    chosen = getattr(extractors, f"{kind}Extractor")
    try:
        # This mode parses a second time, without the bodies of scripts, when the first attempt fails.
        text: str = chosen(raise_on_failure=True).get_content(page.html)
    except HTMLExtractionError:
        # The other mode forgives unbalanced tags, but answers with nothing where it cannot parse at all.
        text = chosen(raise_on_failure=False).get_content(page.html)
        if not text:
            raise
    return text
