"""Draws from a seeded generator that are the same in every release of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
Draw = random.Random
"""A seeded generator. Only its `random()` is called: what its other methods return differs between releases of Python."""

ALPHABETS = {
    "hex": "0123456789abcdef",
    "digits": "0123456789",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "base36": "0123456789abcdefghijklmnopqrstuvwxyz",
    "base62": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "base64": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "url": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
}
"""Of what tokens are made, by name."""


def whole(draw: Draw, low: int, high: int) -> int:
    """A whole number in low…high."""
    return low + int(draw.random() * (high - low + 1))


def pick(draw: Draw, values: Sequence[_T]) -> _T:
    """One of the values."""
    return values[int(draw.random() * len(values))]


def token(draw: Draw, length: int, alphabet: str) -> str:
    """So many characters of one of ALPHABETS."""
    return "".join(pick(draw, ALPHABETS[alphabet]) for _ in range(length))


def shuffled(draw: Draw, values: Sequence[_T]) -> list[_T]:
    """The values in another order."""
    return [values[place] for _, place in sorted((draw.random(), place) for place in range(len(values)))]
