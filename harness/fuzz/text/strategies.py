"""Hypothesis strategies for changes of text dumps. Needs the extra `fuzz`.

Alternatives stand from benign to hostile, so that what is left of a shrunk example is what matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.fuzz.base import Donor, Operator
from harness.fuzz.catalogue import applied
from harness.fuzz.donors import COMMENT_STYLES, languages
from harness.fuzz.text.blocks import SLOTS
from harness.fuzz.text.operators import around, body, characters, inserted, lines, related
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden

_PLACES = st.integers(0, 7)
_INSIDE = st.lists(_PLACES, min_size=1, max_size=3, unique=True).map(tuple)
_LANGS = st.sampled_from(languages())

OPERATORS: dict[str, SearchStrategy[Operator[TextPage]]] = {
    # Nothing changes for a reader.
    "T1": st.one_of(
        st.builds(lines.LineEnds, leading=st.integers(0, 3), final=st.integers(0, 3), bom=st.booleans()),
        st.builds(lines.LineEnds, newline=st.sampled_from(["crlf", "cr", "ls"])),
    ),
    "T2": st.builds(
        lines.Margins,
        indent=st.integers(0, 8),
        trailing=st.integers(0, 4),
        space=st.sampled_from([" ", "\t", "\u00a0"]),
        every=st.integers(1, 3),
    ),
    "T21": st.builds(
        characters.Characters, forms=st.lists(st.sampled_from(list(characters.FORMS)), min_size=1, unique=True).map(tuple)
    ),
    "T3": st.builds(lines.BlankLines, gaps=st.lists(st.integers(0, 3), min_size=1, max_size=4).map(tuple)),
    "T7": st.builds(lines.Wrap, width=st.integers(40, 120)),
    # Labels around.
    "T8": st.builds(related.ReorderCards, shift=st.integers(0, 3), backwards=st.booleans()),
    "T15": st.builds(around.Glue, mode=st.sampled_from(["part", "glue"])),
    "T18": st.builds(
        around.TitleCopies,
        copies=st.integers(0, 3),
        suffix=st.booleans(),
        breadcrumb=st.booleans(),
        remove=st.booleans(),
    ),
    "T13": st.builds(around.TranslateHeadings, lang=_LANGS, variant=st.integers(0, 2)),
    "T12": st.builds(
        around.DropHeadings, kinds=st.lists(st.sampled_from(around.HEADED), min_size=1, unique=True).map(tuple)
    ),
    # The story itself.
    "T5": st.builds(body.JoinBody, joins=st.lists(st.integers(0, 1), min_size=1, max_size=4).map(tuple)),
    "T6": st.builds(body.SplitBody, sentences=st.integers(1, 3).map(lambda n: 4 - n)),
    "T24": st.builds(body.ShortBody, paragraphs=st.integers(1, 12).map(lambda n: 13 - n)),
    "T22": st.builds(body.ForeignQuote, lang=_LANGS, place=_PLACES, related=st.booleans()),
    "T14": st.builds(body.HeadingInBody, kind=st.sampled_from(around.HEADED), place=_PLACES, variant=st.integers(0, 2)),
    # Boilerplate: a little, then much; telling, then neutral.
    "T17": st.builds(inserted.Captions, places=_INSIDE, form=st.sampled_from(inserted.FORMS)),
    "T16": st.builds(inserted.PromoInside, places=_INSIDE, neutral=st.booleans()),
    "T25": st.builds(inserted.LegalFooter, paragraphs=st.integers(1, 5), neutral=st.booleans()),
    "T19": st.builds(
        inserted.FillComments,
        comments=st.integers(1, 40),
        style=st.sampled_from(COMMENT_STYLES),
        neutral=st.booleans(),
    ),
    "T20": st.builds(related.CutEnds, front=st.integers(0, 200), back=st.integers(0, 200), lede=st.booleans()),
    "T4": st.builds(related.RebreakRelated, sentences=st.integers(1, 6).map(lambda n: 7 - n), blank=st.booleans()),
    "T11": st.builds(related.NearDuplicate, quarters=st.integers(1, 4), of_body=st.booleans(), backwards=st.booleans()),
    "T10": st.builds(
        related.AddRelated,
        stories=st.integers(1, 6),
        slot=st.sampled_from(SLOTS),
        collapsed=st.booleans().map(lambda on: not on),
        neutral=st.booleans(),
        first=st.integers(0, 7),
    ),
    "T9": st.builds(related.MoveRelated, slot=st.sampled_from(SLOTS)),
    "T23": st.just(lines.OneLine(on=True)),
}
"""A strategy for each operator by its code, benign ones first. T26 is missing: sizes are probed, not searched."""


def text_operators(codes: Iterable[str] | None = None) -> SearchStrategy[Operator[TextPage]]:
    """One operator of these codes; without codes any. Raises KeyError for a code that OPERATORS does not have."""
    chosen = set(OPERATORS if codes is None else codes)
    unknown = sorted(chosen - OPERATORS.keys())
    if unknown:
        raise KeyError(f"no strategy for {', '.join(unknown)}; there are {', '.join(OPERATORS)}")
    return st.one_of([strategy for code, strategy in OPERATORS.items() if code in chosen])


def compositions(codes: Iterable[str] | None = None, *, max_size: int = 4) -> SearchStrategy[list[Operator[TextPage]]]:
    """Lists of operators, each at most once; a dose is raised inside an operator, not by repeating it."""
    return st.lists(text_operators(codes), max_size=max_size, unique_by=type)


def dumps(
    golden: Golden, donors: Sequence[Donor] = (), *, codes: Iterable[str] | None = None, max_size: int = 4
) -> SearchStrategy[Golden]:
    """Layouts of a golden's text dump, each with the golden that follows from its labels, under the id of the given one.

    donors: related stories to insert; without them our own. codes: of the operators to use. max_size: how many at most.
    Raises DoesNotApply if the golden is no labelled text dump.
    """
    page = TextPage.of(golden, donors)
    return compositions(codes, max_size=max_size).map(lambda operators: applied(page, operators)[0].golden(golden.id))
