"""What the templates of sites call for the bulk that real pages have: tokens, icons, scripts and styles.

Nothing of it is random: the same site and page give the same bytes. Words come from the site that asks, and so does the
style of the code, so that no two sites look as if one program had made them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypeVar

from goldens.builder.draws import Draw, pick, shuffled, token, whole
from goldens.builder.scripts import SCRIPTS
from goldens.builder.sheets import SHEETS

_T = TypeVar("_T")
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "ı": "i"})


class Bulk:
    """The object `bulk` of a template. A `name` gives the same value wherever it is asked for on any page of the site;
    without one, each call gives another."""

    def __init__(self, site: str, page: str) -> None:
        self._site, self._page = site, page
        self._calls = 0

    def token(self, length: int, alphabet: str = "hex", name: str = "") -> str:
        """Characters such as those of a build, a nonce or a file's hash. alphabet: one of draws.ALPHABETS."""
        return token(self._draw(name), length, alphabet)

    def number(self, low: int, high: int, name: str = "") -> int:
        """A whole number in low…high."""
        return whole(self._draw(name), low, high)

    def some(self, values: Sequence[_T], number: int, name: str = "") -> list[_T]:
        """So many of the values, each at most once, in another order."""
        return shuffled(self._draw(name), values)[:number]

    def slug(self, text: str, joint: str = "-") -> str:
        """A text as a part of an address: ASCII letters and digits; what has none becomes a token."""
        plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
        seen = (c for c in plain if not unicodedata.combining(c))
        words = "".join(c if c.isascii() and c.isalnum() else " " for c in seen).split()
        return joint.join(words) or self.token(10, "base36", text)

    def srcset(self, address: str, widths: Sequence[int]) -> str:
        """The value of `srcset`. address: with `{w}` where the width stands."""
        return ", ".join(f"{address.replace('{w}', str(width))} {width}w" for width in widths)

    def icon(self, commands: int, name: str = "") -> str:
        """The value of `d` of an SVG path with so many commands."""
        draw = self._draw(name)
        start = f"M{draw.random() * 24:.3g} {draw.random() * 24:.3g}"
        return start + "".join(_command(draw) for _ in range(commands)) + "z"

    def script(self, kilobytes: float, style: str, names: Sequence[str], strings: Sequence[str], name: str = "") -> str:
        """So much JavaScript in a style of SCRIPTS. names, strings: the site's own identifiers and strings."""
        return _filled(SCRIPTS[style](self._draw(name), names, strings), kilobytes)

    def sheet(self, kilobytes: float, style: str, classes: Sequence[str], colours: Sequence[str], name: str = "") -> str:
        """So much CSS in a style of SHEETS. classes: the site's own, without the dot, of which others are made."""
        return _filled(SHEETS[style](self._draw(name), classes, colours), kilobytes)

    def _draw(self, name: str) -> Draw:
        if name:
            return Draw(f"{self._site} {name}")
        self._calls += 1
        return Draw(f"{self._site}/{self._page} {self._calls}")


def _command(draw: Draw) -> str:
    letter = pick(draw, "lhvca")
    if letter == "c":
        return "c" + " ".join(f"{draw.random() * 6 - 3:.2f}" for _ in range(6))
    if letter == "a":
        radii, end = (f"{draw.random() * 4:.1f} {draw.random() * 4:.1f}" for _ in range(2))
        return f"a{radii} 0 0 {pick(draw, '01')} {end}"
    return letter + " ".join(f"{draw.random() * 8 - 4:.2f}" for _ in range(2 if letter == "l" else 1))


def _filled(pieces: Iterator[str], kilobytes: float) -> str:
    """What comes out, up to the piece that goes beyond so many kilobytes."""
    written: list[str] = []
    size = 0
    for piece in pieces:
        written.append(piece)
        size += len(piece)
        if size >= kilobytes * 1000:
            break
    return "".join(written)
