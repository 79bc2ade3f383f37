"""Boilerplate put into and under the main content: promotion, captions, comments, legal prose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from harness.fuzz.base import Donor
from harness.fuzz.donors import COMMENT_STYLES, comments, languages, own_donors, wording
from harness.fuzz.text.blocks import heading_of, insert_after, insert_inside, line_before, replace_each, sections
from harness.fuzz.text.operators import TextOperator
from harness.fuzz.text.page import Line, TextPage

FORMS = ("alt", "caption", "doubled")
"""Text of a picture: its alternative text, its caption, its caption twice."""


@dataclass(frozen=True)
class PromoInside(TextOperator):
    """Puts promotion between paragraphs of the main content. The gold has the same words in the same order."""

    places: tuple[int, ...] = ()
    """Where, each counted modulo the number of places."""
    neutral: bool = False
    """Its sentences only, without the label `Advertisement` and the headline."""

    code = "T16"
    title = "promotion inside the story"
    nature = "noise"
    relations = ("no leak", "in order")
    harm = 170

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if there is no place inside the main content."""
        if not self.places:
            return page
        donors = own_donors("promo", page.lang)
        label = wording(page.lang).headings["promo"][0]
        blocks = []
        for i in range(len(self.places)):
            donor = donors[i % len(donors)]
            texts = donor.paragraphs if self.neutral else (label, donor.heading, *donor.paragraphs)
            blocks.append([Line.of(text, "drop", "promo") for text in texts])
        return insert_inside(page, self.places, blocks)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """One and three, telling and neutral."""
        return tuple(cls(places, neutral) for neutral in (False, True) for places in ((2,), (0, 2, 4)))

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, places=_inside(st), neutral=st.booleans())


@dataclass(frozen=True)
class Captions(TextOperator):
    """Puts texts of pictures between paragraphs of the main content. The gold has the same words; a caption may come out."""

    places: tuple[int, ...] = ()
    """Where, each counted modulo the number of places."""
    form: str = "alt"
    """One of FORMS."""

    code = "T17"
    title = "captions inside the story"
    nature = "noise"
    relations = ("no leak", "in order")
    harm = 160

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if there is no place inside, ValueError for an unknown form."""
        if not self.places:
            return page
        if self.form not in FORMS:
            raise ValueError(f"no form {self.form!r}; there are {', '.join(FORMS)}")
        said = wording(page.lang)
        caption = Line.of(said.caption, "maybe", "caption")
        block = {
            "alt": [Line.of(said.alt, "drop", "alt")],
            "caption": [caption],
            "doubled": [caption, Line.of(said.caption, "drop", "caption")],
        }[self.form]
        return insert_inside(page, self.places, [block] * len(self.places))

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Each form once, inside the first half."""
        return tuple(cls((1,), form) for form in FORMS)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            places=_inside(st),
            form=st.sampled_from(FORMS),
        )


@dataclass(frozen=True)
class FillComments(TextOperator):
    """Puts comments under the page's heading for them, in the place of a note that there are none. Where there is no such
    heading, they stand after the main content under one of their own. The gold is the same.
    """

    comments: int = 0
    """How many."""
    style: str = "short"
    """One of COMMENT_STYLES."""
    neutral: bool = False
    """Without heading of their own, names, times and buttons."""

    code = "T19"
    title = "comments"
    nature = "noise"
    relations = ("no leak", "no gain lost")
    harm = 190

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises ValueError for an unknown style."""
        if not self.comments:
            return page
        if self.style not in COMMENT_STYLES:
            raise ValueError(f"no style {self.style!r}; there are {', '.join(COMMENT_STYLES)}")
        donors = self._donors(page)
        block: list[Line] = []
        for i in range(self.comments):
            block += self._comment(page, donors[i % len(donors)])
        found = [s for s in sections(page, "comment") if heading_of(page, s) is not None]
        if found:
            place = found[0].start
            note = next((i for i in range(found[0].end, len(page.lines)) if not page.lines[i].blank), None)
            if note is not None and page.lines[note].kind == "interface":
                page = replace_each(page, [note], lambda line: ())
            return insert_after(page, place, block)
        if not self.neutral:
            block.insert(0, Line.of(wording(page.lang).headings["comment"][0], "drop", "comment"))
        return insert_after(page, line_before(page, "after body"), block)

    def _donors(self, page: TextPage) -> Sequence[Donor]:
        """Comments of the style: in the page's language, then in the others."""
        own = wording(page.lang).lang
        order = [own, *(lang for lang in languages() if lang != own)]
        return [donor for lang in order for donor in comments(lang, self.style)]

    def _comment(self, page: TextPage, donor: Donor) -> list[Line]:
        said = wording(page.lang)
        texts = donor.paragraphs if self.neutral else (donor.heading, said.ago, *donor.paragraphs, said.reply)
        return [Line.of(text, "drop", "comment") for text in texts]

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Few and many short ones, long ones, some like articles; these without any label, too."""
        return (
            cls(3),
            cls(20),
            cls(6, "long"),
            cls(4, "article"),
            cls(6, "long", neutral=True),
            cls(4, "article", neutral=True),
        )

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            comments=st.integers(1, 40),
            style=st.sampled_from(COMMENT_STYLES),
            neutral=st.booleans(),
        )


@dataclass(frozen=True)
class LegalFooter(TextOperator):
    """Ends the dump with legal prose. The gold is the same."""

    paragraphs: int = 0
    """How many."""
    neutral: bool = False
    """Without a heading."""

    code = "T25"
    title = "legal prose at the end"
    nature = "noise"
    relations = ("no leak", "no gain lost")
    harm = 180

    def apply(self, page: TextPage) -> TextPage:
        """The changed page."""
        if not self.paragraphs:
            return page
        donors = own_donors("legal", page.lang)
        texts = [paragraph for donor in donors for paragraph in donor.paragraphs]
        block = [] if self.neutral else [donors[0].heading]
        block += [texts[i % len(texts)] for i in range(self.paragraphs)]
        return insert_after(page, len(page.lines) - 1, [Line.of(text, "drop", "legal") for text in block])

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Two paragraphs, telling and neutral."""
        return cls(2), cls(2, neutral=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, paragraphs=st.integers(1, 5), neutral=st.booleans())


def _inside(st: ModuleType) -> Any:
    """One to three places, each once."""
    return st.lists(st.integers(0, 7), min_size=1, max_size=3, unique=True).map(tuple)
