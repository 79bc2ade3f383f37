"""The characters of a text as an array of code points, and tables of what characters are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]

_CODE_POINTS = 0x110000
_BLOCK = 256


def codes_of(text: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of_codes(codes: Codes) -> str:
    """The text of code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


class CharacterTable:
    """A number for each character, computed for 256 characters when one of them is first asked for."""

    def __init__(self, dtype: type[Any], compute: Callable[[str], Sequence[int]]) -> None:
        """compute: the numbers of several characters, which it is given as one text."""
        self._values = np.zeros(_CODE_POINTS, dtype)
        self._known = np.zeros(_CODE_POINTS // _BLOCK, bool)
        self._compute = compute

    def of(self, codes: Codes) -> NDArray[Any]:
        """The numbers of characters."""
        known = self._known[codes >> np.uint32(8)]
        if not known.all():
            for block in np.unique(codes[~known] >> np.uint32(8)).tolist():
                characters = range(block * _BLOCK, (block + 1) * _BLOCK)
                self._values[characters.start : characters.stop] = self._compute("".join(map(chr, characters)))
                self._known[block] = True
        return np.asarray(self._values[codes])
