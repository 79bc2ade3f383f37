"""How long passages of a diff are folded, in the terminal and in scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_SHOWN = {"kept": 40}  # words of a passage that are shown without folding
_USUAL = 120

T = TypeVar("T")


def fold(words: Sequence[T], status: str) -> tuple[Sequence[T], str, Sequence[T]]:
    """The first words of a passage of a diff, a note on how many are not shown, and the last words.

    The note and the last words are empty for a passage that is short enough to be shown whole.
    """
    most = _SHOWN.get(status, _USUAL)
    if len(words) <= most:
        return words, "", ()
    edge = most // 3
    return words[:edge], f" … {len(words) - 2 * edge} words … ", words[-edge:]
