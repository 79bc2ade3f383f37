"""Names and texts of others for files that people look at: nothing in them can steer, reorder or break what is around."""

from __future__ import annotations

import re

from harness.report.kit.terminal import escape_controls

LONGEST_WORD = 80  # characters of a word in a diff
LONGEST_TEXT = 1_000  # characters of any other text, and
LONGEST_NAME = 200  # of a word in it

_LONG_NAME = re.compile(rf"\S{{{LONGEST_NAME + 1},}}")


def sanitise(text: str) -> str:
    """Clean text; a word or a text that is too long is cut, with a note on how long it was."""
    text = _LONG_NAME.sub(lambda match: f"{match[0][: LONGEST_NAME // 2]}…({len(match[0]):,} characters)", text)
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]} … ({len(text):,} characters)"
    return clean(text)


def clean(text: str) -> str:
    """Text without control characters, directional marks, surrogates and noncharacters, which are spelled out.

    Escaping for a format is still to be done.
    """
    if text.isprintable():
        return text
    # HTML and XML may have no noncharacters.
    return "".join(f"\\u{ord(char):04x}" if _is_noncharacter(ord(char)) else char for char in escape_controls(text))


def shorten(word: str) -> str:
    """A word of a diff with the punctuation around it, cut if it is longer than any word is; its line break stays."""
    if len(word) <= LONGEST_WORD:
        return word
    ending = "\n" if word.endswith("\n") else " "
    return f"{word[: LONGEST_WORD // 2]}…({len(word.strip()):,} characters){ending}"


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
