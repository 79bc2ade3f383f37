"""How long a text is to the eye. Words cannot tell between scripts: where none has spaces, a word is one character."""

from __future__ import annotations

import unicodedata


def columns(text: str) -> int:
    """Columns of a terminal that a text takes: two for wide characters, none for combining marks."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
