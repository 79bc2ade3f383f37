"""Body text extraction (BTE) on a dump.

Source: A. Finn, N. Kushmerick, B. Smyth, Fact or Fiction: Content Classification for Digital Libraries, DELOS 2001.
They read a page as a row of tokens, each a word or a tag, and keep the one stretch with most words inside and most
tags outside. That is the stretch with the largest sum if a word counts +1 and a tag -1.

A dump has lost its tags. What they did to the text is still there: line breaks, and lines that are labels. So a word
of a line that looks like running text counts +1, a word of a label counts -1, and so does every line break.
"""

from __future__ import annotations

import re
from typing import Any

from harness import extractor

WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")
SENTENCE_END = re.compile(r"[.!?…؟۔।։።。！？][\"'”’»)\]」』]*\s*$")
# Labels have few words. Ten keeps lines of wrapped prose, which seldom end with a sentence, out of the labels.
LABEL_WORDS = 10


def weight(line: str) -> int:
    """Words of the line, negative if it is a label, less one for the line break."""
    words = len(WORD.findall(line))
    is_text = words >= LABEL_WORDS or (words > 1 and SENTENCE_END.search(line))
    return (words if is_text else -words) - 1


def heaviest_stretch(weights: list[int]) -> tuple[int, int]:
    """Start and end (excluded) of the contiguous stretch with the largest sum (Kadane's algorithm)."""
    best, best_start, best_end = 0, 0, 0
    total, start = 0, 0
    for i, value in enumerate(weights):
        if total <= 0:
            total, start = 0, i
        total += value
        if total > best:
            best, best_start, best_end = total, start, i + 1
    return best_start, best_end


@extractor(requires=[], media="text/plain", licence="Apache-2.0")
def body_text_extraction(page: Any) -> str:
    """The one stretch of lines with most words of running text inside and most labels outside (BTE)."""
    lines = page.text.splitlines()
    start, end = heaviest_stretch([weight(line) for line in lines])
    return "\n".join(lines[start:end])
