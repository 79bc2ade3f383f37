"""Changes of HTML pages: D1 to D39. D37 is the composition of others, and D40 is asked of extractors, not of pages."""

from __future__ import annotations

from harness.fuzz.base import Operator
from harness.fuzz.html.operators.boxes import ConsentDialog, Flood, PromoBetween, ReaderComments, Surroundings
from harness.fuzz.html.operators.copies import DuplicateContent, HeadAndScripts, OtherSurroundings, RemoveBoilerplate
from harness.fuzz.html.operators.naming import (
    CustomElement,
    Desemanticise,
    DropAttributes,
    HostileClass,
    RenameClasses,
    RevealedByScript,
)
from harness.fuzz.html.operators.nesting import Nest, NestDeep, Spans, SplitContainer, WrapContent, WrapParagraphs
from harness.fuzz.html.operators.paragraphs import Linkify, ParagraphLength, ParagraphsToBreaks, ParagraphsToDivs
from harness.fuzz.html.operators.stories import (
    HiddenDecoy,
    LabelledRelatedStories,
    RelatedArticleTags,
    RelatedDump,
    RelatedFar,
    RelatedInside,
    RelatedStories,
    TeaserCards,
)
from harness.fuzz.html.operators.writing import MarkupComments, Reserialise, Syntax, UnseenCharacters, WhiteSpace
from harness.fuzz.html.page import DomPage

DOM_OPERATORS: tuple[type[Operator[DomPage]], ...] = (
    Reserialise,
    WhiteSpace,
    MarkupComments,
    Spans,
    Nest,
    NestDeep,
    RenameClasses,
    DropAttributes,
    Desemanticise,
    ParagraphsToDivs,
    ParagraphsToBreaks,
    WrapParagraphs,
    SplitContainer,
    ParagraphLength,
    Linkify,
    HeadAndScripts,
    CustomElement,
    RelatedStories,
    LabelledRelatedStories,
    RelatedInside,
    RelatedFar,
    RelatedArticleTags,
    RelatedDump,
    TeaserCards,
    ReaderComments,
    ConsentDialog,
    PromoBetween,
    DuplicateContent,
    HiddenDecoy,
    RevealedByScript,
    Surroundings,
    HostileClass,
    WrapContent,
    UnseenCharacters,
    Syntax,
    Flood,
    RemoveBoilerplate,
    OtherSurroundings,
)
"""All of them, by code."""
