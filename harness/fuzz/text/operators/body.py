"""The shape of the main content: joined, split, shortened, with a heading or a quotation inside."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

from harness.fuzz.base import DoesNotApply
from harness.fuzz.donors import languages, wording
from harness.fuzz.text.blocks import (
    all_cards,
    body_joints,
    body_of,
    chunks,
    insert_after,
    insert_inside,
    prose_in,
    replace_each,
)
from harness.fuzz.text.operators import TextOperator
from harness.fuzz.text.operators.around import HEADED
from harness.fuzz.text.page import Line, TextPage, join_lines


@dataclass(frozen=True)
class JoinBody(TextOperator):
    """Joins paragraphs of the main content to longer lines. The gold has the same words in the same order."""

    joins: tuple[int, ...] = ()
    """For each place between two paragraphs whether they are joined (1) or not (0), from the beginning again when used up;
    empty joins none."""

    code = "T5"
    title = "paragraphs of the story joined"
    nature = "noise"
    relations = ("bounded drop", "in order")
    harm = 110

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no two paragraphs follow each other."""
        if not any(self.joins):
            return page
        joints = body_joints(page)
        if not joints:
            raise DoesNotApply("no two paragraphs of the main content follow each other")
        lines: list[Line] = list(page.lines)
        # From the end, so that places stay valid.
        chosen = [joint for i, joint in enumerate(joints) if self.joins[i % len(self.joins)]]
        if not chosen:
            raise DoesNotApply("there are too few paragraphs for this pattern of joins")
        for first, second in reversed(chosen):
            lines[first : second + 1] = [join_lines([lines[first], lines[second]])]
        return page.with_lines(lines)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Every second place, every place."""
        return cls((1, 0)), cls((1,))

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, joins=st.lists(st.integers(0, 1), min_size=1, max_size=4).map(tuple))


@dataclass(frozen=True)
class SplitBody(TextOperator):
    """Breaks paragraphs of the main content after so many sentences. The gold has the same words in the same order."""

    sentences: int = 0
    """In a line; 0 breaks none."""

    code = "T6"
    title = "paragraphs of the story split"
    nature = "noise"
    relations = ("bounded drop", "in order")
    harm = 120

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no line has more sentences."""
        if not self.sentences:
            return page
        changed = replace_each(page, body_of(page), lambda line: chunks(line, self.sentences))
        if len(changed.lines) == len(page.lines):
            raise DoesNotApply(f"no line of the main content has more sentences than {self.sentences}")
        return changed

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """One sentence in a line."""
        return (cls(1),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, sentences=st.integers(1, 3).map(lambda n: 4 - n))


@dataclass(frozen=True)
class HeadingInBody(TextOperator):
    """Puts a subheading into the main content that reads as the heading of boilerplate does. The gold gains it."""

    kind: str = ""
    """Of the boilerplate, as in Wording.headings: related, comment …; empty for none."""
    place: int = 0
    """Which place inside the main content, counted modulo their number."""
    variant: int = 0
    """Which wording."""

    code = "T14"
    title = "a subheading that reads like the end of the story"
    nature = "noise"
    relations = ("bounded drop", "in order")
    harm = 150

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if there is no place inside, KeyError for an unknown kind."""
        if not self.kind:
            return page
        headings = wording(page.lang).headings[self.kind]
        heading = Line.of(headings[self.variant % len(headings)], "keep", "heading")
        return insert_inside(page, [self.place], [[heading]])

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Comments and related stories, in the first half of the story."""
        return cls("comment", place=2), cls("related", place=2)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, kind=st.sampled_from(HEADED), place=st.integers(0, 7), variant=st.integers(0, 2))


@dataclass(frozen=True)
class ForeignQuote(TextOperator):
    """Puts a quotation in another language and script into the story or a related one. The gold gains it in the story."""

    lang: str = ""
    """Of the quotation, one that donors.yaml has; empty for none."""
    place: int = 0
    """Which place, counted modulo their number."""
    related: bool = False
    """Into a related story."""

    code = "T22"
    title = "a quotation in another script"
    nature = "noise"
    relations = ("bounded drop", "no leak")
    harm = 140

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if the page is in that language or lacks the place; ValueError."""
        if not self.lang:
            return page
        if self.lang not in languages():
            raise ValueError(f"no quotation in {self.lang!r}; there are {', '.join(languages())}")
        if wording(page.lang).lang == self.lang:
            raise DoesNotApply(f"the page itself is in {self.lang}")
        quote = wording(self.lang).quote
        if self.related:
            places = [i for card in all_cards(page) for i in prose_in(page, *card)]
            return insert_after(page, places[self.place % len(places)], [Line.of(quote, "drop", "related")])
        return insert_inside(page, [self.place], [[Line.of(quote, "keep", "quote")]])

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Cyrillic in the story, Arabic in the story, Chinese in a related one."""
        return cls("ru", place=1), cls("ar", place=1), cls("zh", related=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, lang=st.sampled_from(languages()), place=st.integers(0, 7), related=st.booleans())


@dataclass(frozen=True)
class ShortBody(TextOperator):
    """Keeps the first lines of the main content only. The gold has the words of these."""

    paragraphs: int = 0
    """How many lines stay; 0 leaves all."""

    code = "T24"
    title = "a short story"
    nature = "noise"
    relations = ("bounded drop",)
    harm = 130

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if there are no more lines than that."""
        if not self.paragraphs:
            return page
        gone = body_of(page)[self.paragraphs :]
        if not gone:
            raise DoesNotApply(f"the main content has no more lines than {self.paragraphs}")
        return replace_each(page, gone, lambda line: ())

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Six paragraphs, two, one."""
        return cls(6), cls(2), cls(1)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, paragraphs=st.integers(1, 12).map(lambda n: 13 - n))
