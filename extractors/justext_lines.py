"""jusText on the lines of a dump: stop-word density and the class of the neighbours, without any markup.

Source: J. Pomikálek, Removing Boilerplate and Duplicate Content from Web Corpora, thesis, Brno 2011; the library
jusText does the work. Every line goes in as one paragraph, so its thresholds (70 and 200 characters, 30 and 32 % stop
words) keep their meaning; its rules on links and headings find nothing to do.
"""

from __future__ import annotations

from html import escape
from typing import Any

from harness import extractor

STOP_LISTS = {
    "ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ko": "Korean", "nb": "Norwegian_Bokmal", "nl": "Dutch",
    "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
}  # fmt: skip


@extractor(
    requires=["jusText>=3.0", "lxml_html_clean"],
    media="text/plain",
    homepage="https://github.com/miso-belica/jusText",
    licence="BSD-2-Clause",
)
def justext_lines(page: Any) -> str:
    """Lines with many stop words and their neighbours; English if the language is unknown, no stop list if unlisted."""
    import justext

    name = STOP_LISTS.get((page.lang or "en").split("-")[0].lower())
    stop_words = justext.get_stoplist(name) if name else frozenset()
    thresholds = {} if name else {"stopwords_low": 0, "stopwords_high": 0}
    lines = [line for line in page.text.splitlines() if line.strip()]
    markup = "".join(f"<p>{escape(line)}</p>" for line in lines)
    paragraphs = justext.justext(f"<html><body>{markup}</body></html>", stop_words, **thresholds)
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)
