"""Related stories: broken anew, in another order or place, more of them, copies, cut ones, very many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Any

from harness.fuzz.base import DoesNotApply, Donor
from harness.fuzz.donors import Wording, wording
from harness.fuzz.text.blocks import (
    SLOTS,
    all_cards,
    blocks_of_related,
    body_of,
    cards_of,
    chunks,
    cycle_lines,
    insert_after,
    is_prose,
    line_before,
    prose_in,
    replace_each,
    sentence_starts,
)
from harness.fuzz.text.operators import TextOperator
from harness.fuzz.text.page import BLANK, Line, TextPage, join_lines

_LEFT = 20  # characters of a paragraph that are not cut away


@dataclass(frozen=True)
class RebreakRelated(TextOperator):
    """Breaks the prose of related stories after so many sentences, as stories are. The gold is the same."""

    sentences: int = 0
    """In a line; 0 breaks none."""
    blank: bool = False
    """A blank line between them."""

    code = "T4"
    title = "related stories in paragraphs"
    nature = "noise"
    relations = ("bounded drop", "no leak")
    harm = 210

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no line of related prose has more sentences."""
        if not self.sentences:
            return page
        prose = [
            i for i, line in enumerate(page.lines) if (line.verdict, line.kind) == ("drop", "related") and is_prose(line)
        ]
        changed = replace_each(page, prose, self._paragraphs)
        if len(changed.lines) == len(page.lines):
            raise DoesNotApply(f"no line of a related story has more sentences than {self.sentences}")
        return changed

    def _paragraphs(self, line: Line) -> Sequence[Line]:
        parts = chunks(line, self.sentences)
        return [each for part in parts for each in (BLANK, part)][1:] if self.blank else parts

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Two sentences in a line, without and with blank lines."""
        return cls(2), cls(2, blank=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, sentences=st.integers(1, 6).map(lambda n: 7 - n), blank=st.booleans())


@dataclass(frozen=True)
class ReorderCards(TextOperator):
    """Puts the stories of each related block into another order. The gold is the same."""

    shift: int = 0
    """How many of them go from the front to the end."""
    backwards: bool = False
    """The last one first."""

    code = "T8"
    title = "related stories in another order"
    nature = "noise"
    relations = ("invariant", "bounded drop")
    harm = 60

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no block has two stories."""
        if not self.shift and not self.backwards:
            return page
        lines = list(page.lines)
        moved = False
        for section in reversed(blocks_of_related(page)):
            cards = cards_of(page, section)
            texts = [page.lines[a:b] for a, b in cards]
            order = texts[self.shift % len(texts) :] + texts[: self.shift % len(texts)] if texts else []
            order = order[::-1] if self.backwards else order
            moved = moved or order != texts
            for (a, b), text in reversed(list(zip(cards, order))):
                lines[a:b] = text
        if not moved:
            raise DoesNotApply("no block of related stories has two that could change places")
        return page.with_lines(lines)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """The last story first."""
        return (cls(backwards=True),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, shift=st.integers(0, 3), backwards=st.booleans())


@dataclass(frozen=True)
class MoveRelated(TextOperator):
    """Moves the blocks of related stories to another place. The gold has the same words in the same order."""

    slot: str = ""
    """One of SLOTS; empty leaves them where they are."""

    code = "T9"
    title = "related stories in another place"
    nature = "noise"
    relations = ("bounded drop", "no gain lost")
    harm = 240

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if there are none, or they stand there; ValueError for an unknown slot."""
        if not self.slot:
            return page
        blocks = blocks_of_related(page)
        gone = {i for block in blocks for i in range(block.start, block.end)}
        block = [line for section in blocks for line in (*page.lines[section.start : section.end], BLANK)]
        rest = page.with_lines(line for i, line in enumerate(page.lines) if i not in gone)
        place = line_before(rest, self.slot)
        block = [BLANK, *block[:-1]] if self.slot == "end" else block
        changed = page.with_lines([*rest.lines[: place + 1], *block, *rest.lines[place + 1 :]])
        if [line for line in changed.lines if not line.blank] == [line for line in page.lines if not line.blank]:
            raise DoesNotApply(f"the related stories stand there already: {self.slot}")
        return changed

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """To each place."""
        return cls("end"), cls("after body"), cls("after title"), cls("top")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, slot=st.sampled_from(SLOTS))


@dataclass(frozen=True)
class AddRelated(TextOperator):
    """Adds related stories from donors. The gold is the same."""

    stories: int = 0
    """How many; each donor's once, so no more than there are donors."""
    slot: str = "end"
    """One of SLOTS."""
    collapsed: bool = False
    """Each story's prose in one line."""
    neutral: bool = False
    """Headline and paragraphs only, without the section heading, doubled headlines, sources and times that tell them from
    the page's story."""
    first: int = 0
    """Which donor comes first."""

    code = "T10"
    title = "more related stories"
    nature = "noise"
    relations = ("no gain lost", "no leak")
    harm = 230

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises ValueError for an unknown slot."""
        if not self.stories:
            return page
        said = wording(page.lang)
        block = [] if self.neutral else [Line.of(said.headings["related"][0], "drop", "related")]
        for i in range(min(self.stories, len(page.donors))):
            donor = page.donors[(self.first + i) % len(page.donors)]
            block += card(donor, said, collapsed=self.collapsed, neutral=self.neutral)
        return insert_after(page, line_before(page, self.slot), block)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """A rising dose, telling and neutral; in one line each; right after the story; before it."""
        return (
            *(cls(n) for n in (1, 3, 6)),
            cls(3, collapsed=True),
            cls(3, slot="after body"),
            *(cls(n, neutral=True) for n in (1, 3, 6)),
            cls(3, slot="after body", neutral=True),
            cls(3, slot="top", neutral=True),
        )

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            stories=st.integers(1, 6),
            slot=st.sampled_from(SLOTS),
            collapsed=st.booleans().map(lambda on: not on),
            neutral=st.booleans(),
            first=st.integers(0, 7),
        )


@dataclass(frozen=True)
class NearDuplicate(TextOperator):
    """Adds a related story whose prose is the beginning of the page's story or of another card. The gold is the same;
    the copy is boilerplate.
    """

    quarters: int = 0
    """How much of it, 1 to 4."""
    of_body: bool = False
    """Of the page's story."""
    backwards: bool = False
    """Its sentences in the opposite order."""

    code = "T11"
    title = "a related story that repeats another"
    nature = "noise"
    relations = ("no duplicate", "no leak")
    harm = 220

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if there is no related story to copy."""
        if not self.quarters:
            return page
        if self.of_body:
            places = body_of(page)
            source = join_lines([Line(tuple(s for s in page.lines[i].spans if s.verdict == "keep")) for i in places]).text
        else:
            prose = next(found for one in all_cards(page) if (found := prose_in(page, *one)))
            source = join_lines([page.lines[i] for i in prose]).text
        edges = [0, *sentence_starts(source), len(source)]
        sentences = [source[a:b] for a, b in pairwise(edges)]
        part = sentences[: max(1, len(sentences) * self.quarters // 4)]
        text = join_lines([Line.of(sentence) for sentence in (part[::-1] if self.backwards else part)]).text
        said = wording(page.lang)
        copy = Donor("related", page.lang, " ".join(text.split()[:8])[:60], (text,))
        return insert_after(page, len(page.lines) - 1, card(copy, said, collapsed=True, neutral=False))

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Half of another card; of the story a quarter, all, and all with its sentences backwards."""
        return cls(2), cls(1, of_body=True), cls(4, of_body=True), cls(4, of_body=True, backwards=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, quarters=st.integers(1, 4), of_body=st.booleans(), backwards=st.booleans())


@dataclass(frozen=True)
class CutEnds(TextOperator):
    """Cuts characters off related stories, or the first paragraph off the main one. The gold loses that paragraph."""

    front: int = 0
    """Characters off the first line of each related story's prose."""
    back: int = 0
    """Characters off the last line of each related story's prose."""
    lede: bool = False
    """Whether the first paragraph of the main story is cut."""

    code = "T20"
    title = "stories cut at their ends"
    nature = "noise"
    relations = ("bounded drop",)
    harm = 200

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no related story is long enough, or the main one has one line."""
        if self.front or self.back:
            page = self._cut_cards(page)
        if self.lede:
            body = body_of(page)
            if len(body) < 2:
                raise DoesNotApply("the main content stands in one line: without it nothing is left")
            page = replace_each(page, body[:1], lambda line: ())
        return page

    def _cut_cards(self, page: TextPage) -> TextPage:
        lines = list(page.lines)
        for start, end in all_cards(page):
            prose = prose_in(page, start, end)
            if not prose:
                continue
            first, last = lines[prose[0]], prose[-1]
            if len(first.text) > self.front + _LEFT:
                lines[prose[0]] = first.part(self.front, len(first.text))
            if len(lines[last].text) > self.back + _LEFT:
                lines[last] = lines[last].part(0, len(lines[last].text) - self.back)
        if lines == list(page.lines):
            raise DoesNotApply(f"no related story has a line of more than {max(self.front, self.back) + _LEFT} characters")
        return page.with_lines(lines)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Related stories at both ends; the first paragraph."""
        return cls(front=40, back=40), cls(lede=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, front=st.integers(0, 200), back=st.integers(0, 200), lede=st.booleans())


@dataclass(frozen=True)
class Size(TextOperator):
    """Adds very many related stories or short lines at the end. The gold is the same."""

    stories: int = 0
    """How many, donors from the first one again."""
    lines: int = 0
    """Short lines, as of a menu."""

    code = "T26"
    title = "a very long dump"
    nature = "limit"
    relations = ("no crash",)
    probed = True

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Its many lines are not noted as inserted."""
        if not self.stories and not self.lines:
            return page
        said = wording(page.lang)
        cards = [card(donor, said, collapsed=False, neutral=False) for donor in page.donors]
        labels = [Line.of(text, "drop", "navigation") for texts in said.headings.values() for text in texts]
        more = [line for i in range(self.stories) for line in cards[i % len(cards)]]
        return page.with_lines([*page.lines, *more, *cycle_lines(labels, self.lines)])

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """1,000 stories (about a megabyte), 100,000 short lines."""
        return cls(stories=1000), cls(lines=100_000)


def card(donor: Donor, said: Wording, *, collapsed: bool, neutral: bool) -> list[Line]:
    """A donor's story as sites write related ones."""
    above = [donor.heading] if neutral else [donor.heading, donor.heading, said.source, said.ago, f"  • {said.source}"]
    prose = [" ".join(donor.paragraphs)] if collapsed else list(donor.paragraphs)
    return [Line.of(text, "drop", "related") for text in (*above, *prose)]
