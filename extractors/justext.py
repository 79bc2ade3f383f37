"""jusText (Jan Pomikálek, thesis, Brno 2011): stop-word density of paragraphs, then the class of their neighbours."""

from __future__ import annotations

from typing import Any

from harness import extractor

# Language subtag (BCP 47) -> name of a stop list that comes with the library.
STOP_LISTS = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ka": "Georgian", "kk": "Kazakh", "kn": "Kannada", "ko": "Korean", "ky": "Kyrgyz", "la": "Latin",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "nb": "Norwegian_Bokmal", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian_Nynorsk",
    "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek",
    "vi": "Vietnamese",
}  # fmt: skip


@extractor(
    requires=["jusText>=3.0", "lxml_html_clean"],
    variants={"english": {"language": "en"}, "language_independent": {"language": None}},
    media="text/html",
    homepage="https://github.com/miso-belica/jusText",
    licence="BSD-2-Clause",
)
def justext(page: Any, language: str | None = "page", **options: Any) -> str:
    """Paragraphs with many stop words and their neighbours; stop list of the page's language, else the English one."""
    import justext

    if language is None:
        # Without stop words a paragraph is judged by its length, its links and its neighbours only.
        stop_words: frozenset[str] = frozenset()
        options = {"stopwords_low": 0, "stopwords_high": 0, **options}
    else:
        tag = (page.lang or "en") if language == "page" else language
        stop_words = justext.get_stoplist(STOP_LISTS.get(tag.split("-")[0].lower(), "English"))
    paragraphs = justext.justext(page.html, stop_words, **options)
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)
