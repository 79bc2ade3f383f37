"""NVIDIA NeMo Curator: its three extractors for Common Crawl, and the choice of a language and its stop words before them.

Sources, all in NVIDIA-NeMo/Curator, nemo_curator/stages/text/download: common_crawl/extract.py at 2bcc6d2 (the order of
steps, blank lines between paragraphs); utils.py, html_extractors/{justext,resiliparse,trafilatura}.py and
html_extractors/utils/__init__.py of release 1.4.0 (options, filter, languages). pyproject.toml at 002d0e4 pins Trafilatura.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import import_module
from typing import Any

from harness import extractor

HOMEPAGE = "https://github.com/NVIDIA-NeMo/Curator"
DETECTOR = "pycld2>=0.42"
STOP_WORD_DENSITY = 0.32  # least share of stop words among the words of a paragraph that is kept

# Languages that do not put spaces between words: every paragraph is kept, since words cannot be counted.
UNSPACED = {"CHINESE", "JAPANESE", "KOREAN", "THAI"}
# Lists of jusText that CLD2 calls otherwise, or that Curator does not use.
RENAMED = {
    "Haitian": "HAITIAN_CREOLE",
    "Norwegian_Bokmal": "NORWEGIAN",
    "Norwegian_Nynorsk": "NORWEGIAN_N",
    "Waray_Waray": "WARAY_PHILIPPINES",
}
UNUSED = {"Latin"}


def detect_language(html: str) -> str:
    """The language of a page's source as CLD2 names it, in capitals."""
    import pycld2

    try:
        languages = pycld2.detect(html)[2]
    except pycld2.error:  # it refuses control characters
        languages = pycld2.detect("".join(c for c in html if not unicodedata.category(c).startswith("C")))[2]
    name: str = languages[0][0]
    return name.upper()


@cache
def stop_words_of(language: str) -> frozenset[str] | None:
    """jusText's stop words of a language; None for one whose pages Curator drops."""
    import justext

    lists = {RENAMED.get(name, name.upper()): name for name in justext.get_stoplists() - UNUSED}
    if language in lists:
        words: frozenset[str] = justext.get_stoplist(lists[language])
        return words
    return frozenset() if language in UNSPACED else None


def is_dense(line: str, stop_words: frozenset[str]) -> bool:
    """Whether enough words of a line are stop words. Words are what spaces separate, in the case they have."""
    words = line.split()
    return bool(words) and sum(word in stop_words for word in words) / len(words) >= STOP_WORD_DENSITY


def dense_lines(text: str, stop_words: frozenset[str], language: str) -> str:
    """The lines of a text in which stop words are dense enough."""
    lines = [line for line in text.split("\n") if line]
    return "\n\n".join(line for line in lines if language in UNSPACED or is_dense(line, stop_words))


@extractor(
    requires=["jusText>=3.0", "lxml_html_clean", DETECTOR],
    media="text/html",
    homepage=HOMEPAGE,
    licence="BSD-2-Clause",
)
def curator_justext(page: Any) -> str:
    """NeMo Curator's default: jusText with more headings, and with the stop words of the language that CLD2 detects."""
    from justext import core

    language = detect_language(page.html)
    stop_words = stop_words_of(language)
    if stop_words is None:
        return ""
    # Curator spells out jusText's own thresholds, but not its order of steps: jusText sets a paragraph's class only when it
    # gets there, so that a heading that looks ahead for good paragraphs finds none; Curator sets all classes first.
    paragraphs = core.ParagraphMaker.make_paragraphs(core.preprocessor(core.html_to_dom(page.html)))
    core.classify_paragraphs(paragraphs, stop_words)
    for paragraph in paragraphs:
        paragraph.class_type = paragraph.cf_class
    core.revise_paragraph_classification(paragraphs)
    return "\n\n".join(p.text for p in paragraphs if language in UNSPACED or not p.is_boilerplate)


@extractor(
    requires=["resiliparse>=1.0", "jusText>=3.0", "lxml_html_clean", DETECTOR],
    media="text/html",
    homepage=HOMEPAGE,
    licence="Apache-2.0",
)
def curator_resiliparse(page: Any) -> str:
    """NeMo Curator's second: lines of Resiliparse's main content that are dense in stop words."""
    from resiliparse.extract.html2text import extract_plain_text

    language = detect_language(page.html)
    stop_words = stop_words_of(language)
    if stop_words is None:
        return ""
    return dense_lines(extract_plain_text(page.html, main_content=True, alt_texts=False), stop_words, language)


@extractor(
    requires=["trafilatura==2.0.0", "jusText>=3.0", "lxml_html_clean", DETECTOR],
    media="text/html",
    homepage=HOMEPAGE,
    licence="Apache-2.0",
)
def curator_trafilatura(page: Any) -> str:
    """NeMo Curator's third: lines of Trafilatura, comments included, that are dense in stop words."""
    import trafilatura

    language = detect_language(page.html)
    stop_words = stop_words_of(language)
    if stop_words is None:
        return ""
    # The library counts passages across pages, here and in the pipeline. An output must not depend on the pages before it.
    import_module("trafilatura.meta").LRU_TEST.clear()
    # Curator's sizes are this release's own.
    return dense_lines(trafilatura.extract(page.html, deduplicate=True) or "", stop_words, language)
