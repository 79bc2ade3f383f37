"""What a labelled dump is made of: paragraphs, sections under a heading, cards of related stories, places to insert at.

Labels say what a line is; where a section or a card begins they do not say, so that is read from the shape of lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from harness.fuzz.base import DoesNotApply
from harness.fuzz.columns import columns
from harness.fuzz.text.page import BLANK, Line, TextPage, join_lines
from harness.pages.words import words

SLOTS = ("end", "after body", "after title", "top")
"""Places of whole blocks: the end of the dump, after the main content, between title and main content, before the title."""

_SENTENCE_END = regex.compile(r"(?:[.!?…؟۔।։።]|[。！？])[\"'”’»›)\]」』]*\s*$")
_SENTENCE_GAP = regex.compile(r"(?<=[.!?…؟۔।։።][\"'”’»›)\]]*)\s+(?=\S)|(?<=[。！？])(?![」』）。！？])(?=.)")
_GOES_ON = regex.compile(r"[,;:،、，；]\s*$")
_BULLET = regex.compile(r"^\s*(?:[-–—•·*▪●]|\d+[.)])\s")
_LONG = 120  # columns from which a line is prose, whatever it ends with
_LABEL_WIDTH = 0.8  # of the widest line of its section; what is wider may be a broken line of a paragraph
_HEADING_COLUMNS = 40
_BLOCK_WORDS = 40  # from which on one line is a block that can stand elsewhere


@dataclass(frozen=True)
class Section:
    """Lines `start` to `end` (excluded) of one kind that is no main content; the first and last of them are not blank."""

    kind: str
    """The kind of text."""
    start: int
    """The first line, counted from 0."""
    end: int
    """The line behind the last one."""


def ends_sentence(text: str) -> bool:
    """Whether a text ends where a sentence ends."""
    return _SENTENCE_END.search(text) is not None


def sentence_starts(text: str) -> list[int]:
    """Where the second, third … sentence of a text begins."""
    return [match.end() for match in _SENTENCE_GAP.finditer(text)]


def is_prose(line: Line) -> bool:
    """Whether a line is running text: a sentence of at least four words, or longer than labels are."""
    wide = columns(line.text)
    return wide >= _LONG or (ends_sentence(line.text) and wide >= 16 and len(words(line.text)) >= 4)


def body_of(page: TextPage) -> list[int]:
    """The lines that hold main content."""
    return [i for i, line in enumerate(page.lines) if line.verdict == "keep" and not line.blank]


def body_joints(page: TextPage) -> list[tuple[int, int]]:
    """Pairs of lines of body text with nothing or blank lines between them."""
    body = [i for i in body_of(page) if page.lines[i].kind in ("body", "dateline")]
    return [(a, b) for a, b in pairwise(body) if all(line.blank for line in page.lines[a + 1 : b])]


def sections(page: TextPage, *kinds: str) -> list[Section]:
    """The sections of some kinds: lines that follow each other with nothing else than blank lines between them."""
    found: list[Section] = []
    kind = ""
    for i, line in enumerate(page.lines):
        if line.blank:
            continue
        if line.verdict != "drop":
            kind = ""
        elif line.kind == kind:
            found[-1] = Section(kind, found[-1].start, i + 1)
        else:
            kind = line.kind
            found.append(Section(kind, i, i + 1))
    return [section for section in found if section.kind in kinds]


def blocks_of_related(page: TextPage) -> list[Section]:
    """Sections of related stories that could stand elsewhere: several lines or many words. Raises DoesNotApply."""
    found = [s for s in sections(page, "related") if _is_block(page.lines[s.start : s.end])]
    if not found:
        raise DoesNotApply("there is no block of related stories")
    return found


def heading_of(page: TextPage, section: Section) -> int | None:
    """The line that heads a section: its first, if that is a short label which does not come again in the section."""
    first = page.lines[section.start]
    others = [line.text.strip() for line in page.lines[section.start + 1 : section.end] if not line.blank]
    alone = not others and section.kind != "comment"  # the empty state under `Comments` is of another kind
    label = columns(first.text.strip()) <= _HEADING_COLUMNS and not ends_sentence(first.text) and "," not in first.text
    if alone or not label or _BULLET.match(first.text) or first.text.strip() in others:
        return None
    return section.start


def cards_of(page: TextPage, section: Section) -> list[tuple[int, int]]:
    """The stories of a section, without its heading, as ranges of lines: labels, then the prose that they head."""
    heading = heading_of(page, section)
    start = section.start if heading is None else heading + 1
    lines = [i for i in range(start, section.end) if not page.lines[i].blank]
    width = max((columns(page.lines[i].text) for i in lines), default=0)
    starts: list[int] = []
    after_prose = True
    seen_prose = False
    for i in lines:
        line = page.lines[i]
        if is_prose(line):
            starts += [] if starts else [i]
            after_prose = seen_prose = True
        elif _GOES_ON.search(line.text) or columns(line.text) >= _LABEL_WIDTH * width:
            starts += [] if starts else [i]
            after_prose = False  # a broken line
        elif after_prose and not ends_sentence(line.text):
            starts.append(i)
            after_prose = False
    if not seen_prose:
        return []
    ends = [*starts[1:], section.end]
    found: list[tuple[int, int]] = []
    for a, stop in zip(starts, ends):
        b = stop
        while page.lines[b - 1].blank:
            b -= 1
        if any(is_prose(page.lines[i]) for i in range(a, b)) or not found:
            found.append((a, b))
        else:
            found[-1] = (found[-1][0], b)  # labels that nothing follows belong to what stands before them
    return found


def all_cards(page: TextPage) -> list[tuple[int, int]]:
    """The cards of all blocks of related stories. Raises DoesNotApply."""
    found = [card for section in blocks_of_related(page) for card in cards_of(page, section)]
    if not found:
        raise DoesNotApply("related stories have no prose")
    return found


def prose_in(page: TextPage, start: int, end: int) -> list[int]:
    """The lines of prose in a range."""
    return [i for i in range(start, end) if is_prose(page.lines[i])]


def title_of(page: TextPage) -> int:
    """The line that holds the title: the one that may come out, else the first. Raises DoesNotApply."""
    lines = [i for i, line in enumerate(page.lines) if line.kind == "title" and not line.blank]
    if not lines:
        raise DoesNotApply("no line is labelled as the title")
    return min(lines, key=lambda i: (page.lines[i].verdict != "maybe", i))


def line_before(page: TextPage, slot: str) -> int:
    """The last line before a slot of SLOTS, -1 for the start of the dump."""
    body = body_of(page)
    if slot == "after body":
        return body[-1]
    if slot == "after title":
        return body[0] - 1
    if slot == "top":
        return next(i for i, line in enumerate(page.lines) if line.kind == "title" or line.verdict == "keep") - 1
    if slot == "end":
        return len(page.lines) - 1
    raise ValueError(f"no slot {slot!r}; there are {', '.join(SLOTS)}")


def insert_after(page: TextPage, place: int, block: Sequence[Line], *, noted: bool = True) -> TextPage:
    """Put lines after a line, -1 for the start; between blank lines if the lines there stand between blank
    lines. noted: what of them is boilerplate is noted as inserted."""
    spaced = _is_spaced(page.lines, place)
    new = list(block)
    if spaced and place < 0:
        new = [each for line in block for each in (line, BLANK)]
    elif spaced:
        blank_before = page.lines[place].blank
        new = [each for line in block for each in ((line, BLANK) if blank_before else (BLANK, line))]
    return page.with_lines(
        [*page.lines[: place + 1], *new, *page.lines[place + 1 :]], _boilerplate_in([block] if noted else [])
    )


def insert_inside(page: TextPage, places: Sequence[int], blocks: Sequence[Sequence[Line]]) -> TextPage:
    """Put blocks into the main content, each at a place of its own: after a line that ends a paragraph, or, where the main
    content stands in one line, between two of its sentences. Places are counted modulo their number. Raises
    DoesNotApply if there are none."""
    body = body_of(page)
    if not body:
        raise DoesNotApply("the page has no line of main content")
    if len(body) == 1:
        return _insert_between_sentences(page, body[0], places, blocks)
    ends = [i for i in body[:-1] if ends_sentence(page.lines[i].text) or page.lines[i + 1].blank] or body[:-1]
    # From the end, so that places stay valid.
    for end, block in sorted(((ends[place % len(ends)], i) for i, place in enumerate(places)), reverse=True):
        page = insert_after(page, end, blocks[block])
    return page


def replace_each(page: TextPage, places: Iterable[int], change: Callable[[Line], Sequence[Line]]) -> TextPage:
    """Put other lines in the place of some lines."""
    wanted = set(places)
    return page.with_lines(each for i, line in enumerate(page.lines) for each in (change(line) if i in wanted else (line,)))


def chunks(line: Line, sentences: int) -> tuple[Line, ...]:
    """A line broken after so many sentences at a time."""
    return line.cut(sentence_starts(line.text)[sentences - 1 :: sentences])


def _insert_between_sentences(
    page: TextPage, number: int, places: Sequence[int], blocks: Sequence[Sequence[Line]]
) -> TextPage:
    line = page.lines[number]
    verdicts = [span.verdict for span in line.spans for _ in span.text]
    starts = [s for s in sentence_starts(line.text) if "keep" == verdicts[s] == verdicts[s - 2]]
    if not starts:
        raise DoesNotApply("the main content is one sentence: there is no place inside it")
    pieces: list[Line] = []
    begin = 0
    for start, i in sorted((starts[place % len(starts)], i) for i, place in enumerate(places)):
        pieces += [line.part(begin, start), *blocks[i]]
        begin = start
    pieces.append(line.part(begin, len(line.text)))
    new = join_lines([piece for piece in pieces if piece.spans])
    return page.with_lines([*page.lines[:number], new, *page.lines[number + 1 :]], _boilerplate_in(blocks))


def _boilerplate_in(blocks: Sequence[Sequence[Line]]) -> list[str]:
    texts = ("\n".join(line.text for line in block if line.verdict == "drop") for block in blocks)
    return [text for text in texts if text]


def _is_spaced(lines: Sequence[Line], place: int) -> bool:
    if place + 1 < len(lines):
        return lines[place + 1].blank or (place >= 0 and lines[place].blank)
    return any(line.blank for line in lines[-6:])


def _is_block(lines: Sequence[Line]) -> bool:
    return len(lines) > 2 or sum(len(words(line.text)) for line in lines) >= _BLOCK_WORDS


def cycle_lines(items: Sequence[Line], count: int) -> Iterator[Line]:
    """So many items, from the first one again where there are too few."""
    return (items[i % len(items)] for i in range(count))
