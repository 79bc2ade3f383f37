"""Boilerpipe's decision tree on lines of a dump.

Source: C. Kohlschütter, P. Fankhauser, W. Nejdl, Boilerplate Detection using Shallow Text Features, WSDM 2010,
the tree on number of words and link density (their "NumWords" classifier).

A dump has no links. Link text is made of labels, and a label is not a sentence; so the share of a line's words that
no sentence end follows ("label density") stands in for link density: 1 for a menu entry or a heading, 0 for a
paragraph, something between for a paragraph with a label stuck to its end.
"""

from __future__ import annotations

import re
from typing import Any

from harness import extractor

# Two characters of a script without spaces count as one word, about the mean length of a Chinese or Japanese word.
WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")
# End of a sentence in Latin, Cyrillic, Greek, Arabic, Indic, Armenian, Ethiopic and East Asian scripts.
SENTENCE_END = re.compile(r"[.!?…;:؟۔।։።。！？][\"'”’»)\]」』]*(?=\s|$|[^\W\d_])")


def count_words(text: str) -> int:
    """Words, in scripts without spaces pairs of characters."""
    return len(WORD.findall(text))


def label_density(line: str) -> float:
    """Share of the words that stand after the last sentence end of the line."""
    ends = [match.end() for match in SENTENCE_END.finditer(line)]
    words = count_words(line)
    return count_words(line[ends[-1] if ends else 0 :]) / words if words else 1.0


def is_content(words: tuple[int, int, int], density: tuple[float, float]) -> bool:
    """The published tree: words of the previous, this and the next line; density of the previous and this line."""
    before, here, after = words
    before_density, here_density = density
    if here_density > 1 / 3:
        return False
    if before_density <= 5 / 9:
        return here > 16 or after > 15 or before > 4
    return here > 40 or after > 17


@extractor(requires=[], media="text/plain", homepage="https://doi.org/10.1145/1718487.1718542", licence="Apache-2.0")
def line_density(page: Any) -> str:
    """Boilerpipe's tree on word counts of three neighbouring lines; unfinished sentences instead of links."""
    lines = [line for line in page.text.splitlines() if line.strip()]
    counts = [0, *(count_words(line) for line in lines), 0]
    densities = [0.0, *(label_density(line) for line in lines)]
    kept = [
        line
        for i, line in enumerate(lines)
        if is_content((counts[i], counts[i + 1], counts[i + 2]), (densities[i], densities[i + 1]))
    ]
    return "\n".join(kept)
