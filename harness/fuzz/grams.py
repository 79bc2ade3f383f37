"""Grams: runs of words. Two unlike texts share many words, and hardly any run of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Gram = tuple[str, ...]


def grams(sequence: Sequence[str], size: int) -> Iterator[Gram]:
    """All runs of so many words, in order; they overlap."""
    return zip(*(sequence[start:] for start in range(size)))
