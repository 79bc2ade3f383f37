"""The code and the formulas of a text as WebMainBench finds them.

Source: `code_extractor.py` and `formula_extractor.py` in `webmainbench/metrics` of opendatalab/WebMainBench at 9d991bd.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_FENCE = "```"
_INLINE_CODE = re.compile(r"`[^`]*`")
# What opens a formula and what closes it; an escaped one does neither. Each pair is looked for in the whole text.
_FORMULAS = tuple(
    (re.compile(rf"(?<!\\){opening}"), re.compile(rf"(?<!\\){closing}"))
    for opening, closing in ((r"\$\$", r"\$\$"), (r"\\\[", r"\\\]"), (r"\$", r"\$"), (r"\\\(", r"\\\)"))
)
# A stripped line that tells an indented list, or prose about money, from code.
_NOT_CODE = re.compile(r"[-•*]\s|\d+\.\s|.*\$[\d,]|.*\b(?i:million|billion|thousand)\b")


def code_blocks(text: str) -> list[str]:
    """The code of a text: what stands between fences of three backticks, then what is indented.

    An indented block has two lines or more that begin with four spaces or a tab, after a blank line, and no line that
    looks like a list or like a sum of money. Code may stand in both.
    """
    inside = ("\n".join(fence.split("\n")[1:-1]) for fence in _split_fences(text)[1])
    return [code for code in (*inside, *_indented_blocks(text.split("\n"))) if code]


def formulas(text: str) -> list[str]:
    """The formulas outside of code: all of one notation after those of another, as the benchmark lists them.

    A pair of dollars counts whatever stands between: sums of money make formulas here, as they do there without a
    language model.
    """
    outside = outside_code(text)
    found = []
    for opening, closing in _FORMULAS:
        begin = opening.search(outside)
        while begin and (end := closing.search(outside, begin.end())):
            found.append(outside[begin.end() : end.start()].strip())
            begin = opening.search(outside, end.end())
    return [formula for formula in found if formula]


def outside_code(text: str) -> str:
    """A text without fenced code, then without what stands between two other backticks."""
    return _INLINE_CODE.sub("", "".join(_split_fences(text)[0]))


def _split_fences(text: str) -> tuple[list[str], list[str]]:
    """What stands outside of fences, and the fences with what stands between them."""
    outside, inside = [], []
    end = 0
    while (start := text.find(_FENCE, end)) >= 0 and (close := text.find(_FENCE, start + 3)) >= 0:
        outside.append(text[end:start])
        inside.append(text[start : close + 3])
        end = close + 3
    return [*outside, text[end:]], inside


def _indented_blocks(lines: Sequence[str]) -> list[str]:
    """The benchmark finds these by a pattern that takes cubic time on some texts; this finds the same, in linear time.

    One blank line between two blocks belongs to the first, so that the second is not found, as there.
    """
    run = [0] * (len(lines) + 1)  # indented lines from here on, without a gap
    for number in range(len(lines) - 1, -1, -1):
        run[number] = run[number + 1] + 1 if lines[number].startswith(("    ", "\t")) else 0
    blocks = []
    number = 0
    before = 0  # the first line whose line break can begin the gap before a block
    while number < len(lines):
        if lines[number].strip():
            number += 1
            continue
        first = number
        while number < len(lines) and not lines[number].strip():
            number += 1
        # The gap ends as late as it can; the block may also begin with lines of the gap that are indented.
        earliest = max(first - 1, before) + 2
        start = next((at for at in range(min(number, len(lines) - 1), earliest - 1, -1) if run[at] >= 2), None)
        if start is None:
            continue
        after = start + run[start]
        block = [line.strip() for line in lines[start:after] if line.strip()]
        if len(block) >= 2 and not any(map(_NOT_CODE.match, block)):
            stripped = (line for line in lines[start:after] if line.strip())
            blocks.append("\n".join(line[4:] if line.startswith("    ") else line[1:] for line in stripped))
        before = after if after < len(lines) and not lines[after] else after - 1
        number = after
    return blocks
