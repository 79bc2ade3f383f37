"""Changes of text dumps: T1 to T26."""

from __future__ import annotations

from harness.fuzz.base import Operator
from harness.fuzz.text.operators.around import DropHeadings, Glue, TitleCopies, TranslateHeadings
from harness.fuzz.text.operators.body import ForeignQuote, HeadingInBody, JoinBody, ShortBody, SplitBody
from harness.fuzz.text.operators.characters import Characters
from harness.fuzz.text.operators.inserted import Captions, FillComments, LegalFooter, PromoInside
from harness.fuzz.text.operators.lines import BlankLines, LineEnds, Margins, OneLine, Wrap
from harness.fuzz.text.operators.related import (
    AddRelated,
    CutEnds,
    MoveRelated,
    NearDuplicate,
    RebreakRelated,
    ReorderCards,
    Size,
)
from harness.fuzz.text.page import TextPage

TEXT_OPERATORS: tuple[type[Operator[TextPage]], ...] = (
    LineEnds,
    Margins,
    BlankLines,
    RebreakRelated,
    JoinBody,
    SplitBody,
    Wrap,
    ReorderCards,
    MoveRelated,
    AddRelated,
    NearDuplicate,
    DropHeadings,
    TranslateHeadings,
    HeadingInBody,
    Glue,
    PromoInside,
    Captions,
    TitleCopies,
    FillComments,
    CutEnds,
    Characters,
    ForeignQuote,
    OneLine,
    ShortBody,
    LegalFooter,
    Size,
)
"""All of them, T1 to T26."""
