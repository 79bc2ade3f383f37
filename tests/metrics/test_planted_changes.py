"""Changes that leave the words alone: those that spoil a text lower a metric that every run computes, the others none.

The outputs are the main contents of the bundled pages as text, Markdown and HTML; then one thing about them is changed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import pytest
import regex

from factories.outputs import FORMATS, Block, blocks_of, scores, written
from harness.datasets.entries import find_entries
from harness.goldens.golden import Golden
from harness.goldens.perfect import perfect_output
from harness.goldens.sets import Dumps
from harness.metrics import METRICS, OWN_METRICS
from harness.pages.line_words import words_of_lines
from harness.pages.words import find_words, without_invisible, words

Blocks = Sequence[Block]
LAYOUT = ("blocks.F", "punctuation", "code")


@cache
def goldens() -> dict[str, Golden]:
    loaded = (entry.load() for entry in find_entries(["core"], Dumps([])).entries)
    return {golden.id: golden for golden in loaded if len(blocks_of(golden)) > 1}


@cache
def perfect(name: str, format: str) -> dict[str, float | None]:
    golden = goldens()[name]
    return scores(golden, written(blocks_of(golden), format), format)


def prose(blocks: Blocks) -> list[int]:
    """Positions of paragraphs of more than three words."""
    return [n for n, b in enumerate(blocks) if not b.is_code and not b.cell and len(words(b.text)) > 3]


def joined(blocks: Blocks, first: int, between: str = " ") -> list[Block]:
    """Two neighbours as one block."""
    together = replace(blocks[first], text=f"{blocks[first].text}{between}{blocks[first + 1].text}")
    return [*blocks[:first], together, *blocks[first + 2 :]]


def torn(blocks: Blocks, where: int) -> list[Block]:
    text = without_invisible(blocks[where].text)
    found = find_words(text)
    middle = found[len(found) // 2].start
    halves = (replace(blocks[where], text=half.strip()) for half in (text[:middle], text[middle:]))
    return [*blocks[:where], *halves, *blocks[where + 1 :]]


def neighbours(blocks: Blocks, fits: Callable[[Block, Block], bool]) -> list[int]:
    return [n for n in range(len(blocks) - 1) if fits(blocks[n], blocks[n + 1])]


def run_together(blocks: Blocks, fits: Callable[[Block, Block], bool]) -> list[Block] | None:
    """All neighbours of a sort as one block each; None if there are none."""
    found: list[Block] = []
    changed = False
    for block in blocks:
        if found and fits(found[-1], block):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {block.text.strip()}")
            changed = True
        else:
            found.append(block)
    return found if changed else None


def without(blocks: Blocks, characters: str, fits: Callable[[Block], bool] = lambda block: True) -> list[Block] | None:
    """All blocks without some characters, a space in their place where two words would become one."""

    def cleaned(text: str) -> str:
        between_words = regex.sub(rf"(?<=[\w\p{{M}}])[{characters}]+(?=\w)", " ", text)
        return regex.sub(f"[{characters}]", "", between_words)

    changed = [replace(b, text=cleaned(b.text)) if fits(b) else b for b in blocks]
    return [b for b in changed if b.text.strip()] if changed != list(blocks) else None


def first_join(blocks: Blocks) -> list[Block] | None:
    pairs = neighbours(blocks, lambda a, b: not a.is_code and not b.is_code and not a.cell and not b.cell)
    return joined(blocks, pairs[0]) if pairs else None


def last_join(blocks: Blocks) -> list[Block] | None:
    pairs = neighbours(blocks, lambda a, b: not a.is_code and not b.is_code and not a.cell and not b.cell)
    return joined(blocks, pairs[-1]) if pairs else None


def first_tear(blocks: Blocks) -> list[Block] | None:
    return torn(blocks, prose(blocks)[0]) if prose(blocks) else None


def one_paragraph(blocks: Blocks) -> list[Block]:
    return [Block(" ".join(" ".join(block.text.split()) for block in blocks))]


def break_after_every_word(blocks: Blocks) -> list[Block]:
    texts = [without_invisible(block.text) for block in blocks]
    return [Block(part.strip()) for part in words_of_lines(texts).all_shown()]


def indentation_lost(blocks: Blocks) -> list[Block] | None:
    changed = [replace(b, text=b.text.lstrip()) if b.is_code and n else b for n, b in enumerate(blocks)]
    return changed if changed != list(blocks) else None


def symbols_added(blocks: Blocks) -> list[Block] | None:
    changed = [b if b.is_code else replace(b, text=re.sub(r"(?<=\w) (?=\w)", " § ", b.text, count=1)) for b in blocks]
    return changed if changed != list(blocks) else None


def in_one_row(a: Block, b: Block) -> bool:
    return a.cell is not None and b.cell is not None and a.cell[0] == b.cell[0] and a.cell != b.cell


SPOILED: dict[str, Callable[[Blocks], list[Block] | None]] = {
    "all line breaks lost": one_paragraph,
    "a break after every word": break_after_every_word,
    "first paragraphs joined": first_join,
    "last paragraphs joined": last_join,
    "paragraph torn": first_tear,
    "all punctuation lost": lambda blocks: without(blocks, r"^\p{L}\p{M}\p{N}_\s"),
    "full stops lost": lambda blocks: without(blocks, ".。।"),
    "commas lost": lambda blocks: without(blocks, ",、，،"),
    "quotation marks lost": lambda blocks: without(blocks, '"“”„«»「」'),
    "symbols added": symbols_added,
    "items run together": lambda blocks: run_together(blocks, lambda a, b: a.is_item and b.is_item),
    "cells run together": lambda blocks: run_together(blocks, in_one_row),
    "code on one line": lambda blocks: run_together(blocks, lambda a, b: a.is_code and b.is_code),
    "indentation lost": indentation_lost,
    "brackets lost": lambda blocks: without(blocks, r"()\[\]{}", lambda block: block.is_code),
}

SILENT: dict[str, Callable[[str], str]] = {
    "curly quotes": lambda text: text.replace("'", "’").replace(" \"", " “").replace("\"", "”"),
    "no-break spaces": lambda text: re.sub(r"(?<=\w) (?=\w)", "\u00a0", text),
    "decomposed characters": lambda text: unicodedata.normalize("NFD", text),
    "soft hyphens": lambda text: re.sub(r"(?<=[^\W\d_]{4})(?=[^\W\d_]{4})", "\u00ad", text),
}  # fmt: skip


def lowered(before: dict[str, float | None], after: dict[str, float | None]) -> list[str]:
    """The metrics that got worse. What had no value had nothing to lose: it counts as the best."""
    worse = []
    for name, value in after.items():
        old = METRICS[name].best if before[name] is None else before[name]
        if value is not None and old is not None and (value < old) == METRICS[name].higher_is_better and value != old:
            worse.append(name)
    return worse


@pytest.mark.parametrize("format", FORMATS)
def test_all_of_the_main_content_is_perfect_in_every_format(format: str) -> None:
    whole = [name for name in goldens() if perfect(name, format)["F"] == 1]
    assert len(whole) > 30
    for name in whole:
        assert {perfect(name, format)[metric] for metric in (*LAYOUT, "LF")} <= {1, None}, name


@pytest.mark.parametrize("format", FORMATS)
def test_the_perfect_output_has_no_fault_in_any_metric_of_our_own(format: str) -> None:
    metrics = [*OWN_METRICS, *(name for name in METRICS if name.startswith("structure."))]
    whole = 0
    for name, golden in goldens().items():
        found = scores(golden, perfect_output(golden, format), format, metrics)
        if found["F"] == 1:
            whole += 1
            wrong = {metric: value for metric, value in found.items() if value not in (None, METRICS[metric].best)}
            assert not wrong, (name, wrong)
    assert whole > 50


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("change", SPOILED)
def test_what_spoils_a_text_lowers_a_metric(change: str, format: str) -> None:
    tried = 0
    for name, golden in goldens().items():
        blocks = SPOILED[change](blocks_of(golden))
        if blocks is None:
            continue
        tried += 1
        after = scores(golden, written(blocks, format), format)
        assert set(lowered(perfect(name, format), after)) & {*LAYOUT}, name
        if blocks != break_after_every_word(blocks_of(golden)):  # a number on a line of its own is read as a list's
            assert (after["P"], after["R"]) == (perfect(name, format)["P"], perfect(name, format)["R"]), name
        if len(blocks) < len(blocks_of(golden)):
            assert after["LF"] <= perfect(name, format)["LF"], name
    assert tried


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("change", SILENT)
def test_what_only_looks_different_changes_no_metric(change: str, format: str) -> None:
    tried = 0
    for name, golden in goldens().items():
        plain = blocks_of(golden)
        blocks = [replace(block, text=SILENT[change](block.text)) for block in plain]
        tried += blocks != plain
        assert scores(golden, written(blocks, format), format) == perfect(name, format), name
    assert tried


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", " \n\n"),
        lambda text: "\n".join(line if line.startswith((" ", "\t")) else f"- {line}" for line in text.split("\n")),
    ],
    ids=["byte order mark", "CRLF", "blank lines", "bullets"],
)
def test_how_text_files_are_written_changes_no_metric(change: Callable[[str], str]) -> None:
    for name, golden in goldens().items():
        if any(block.is_code for block in blocks_of(golden)):
            continue
        text = written(blocks_of(golden), "text")
        assert scores(golden, change(text), "text") == perfect(name, "text"), name
