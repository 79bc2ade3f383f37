"""Hypothesis strategies for operators on HTML pages.

Everything is ordered from harmless to hostile, since Hypothesis shrinks to what stands first: what remains of a failing
layout is then what matters. Needs the extra `fuzz`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.fuzz.base import Donor, Operator
from harness.fuzz.catalogue import applied
from harness.fuzz.donors import DONOR_KINDS, own_donors
from harness.fuzz.html.operators import boxes, copies, naming, nesting, paragraphs, stories, writing
from harness.fuzz.html.page import DomPage
from harness.goldens.golden import Golden

DomOperator = Operator[DomPage]

_SCOPES = st.sampled_from(["page", "content"])
_SLOTS = st.sampled_from(["end", "before", "after", "inside"])
_NEUTRAL = st.booleans()  # False, telling markup, is what a failure shrinks to
_STORIES = st.integers(1, 6)
_COMMENTS = st.integers(1, 40)

OPERATORS: dict[str, SearchStrategy[DomOperator]] = {
    "D1": st.just(writing.Reserialise()),
    "D2": st.builds(writing.WhiteSpace, st.sampled_from(["minified", "indented"])),
    "D3": st.builds(writing.MarkupComments, st.booleans(), st.integers(0, 9)),
    "D35": st.builds(writing.Syntax, *(st.booleans() for _ in range(6))),
    "D34": st.builds(
        writing.UnseenCharacters, st.integers(1, 9), st.sampled_from(["no-break space", "soft hyphen", "zero-width space"])
    ),
    "D4": st.builds(nesting.Spans, st.integers(1, 5)),
    "D5": st.builds(nesting.Nest, st.integers(1, 200)),
    "D12": st.builds(nesting.WrapParagraphs, st.integers(1, 5)),
    "D13": st.builds(nesting.SplitContainer, st.integers(2, 4), st.booleans()),
    "D17": st.builds(
        naming.CustomElement,
        st.sampled_from(["around", "instead"]),
        st.sampled_from(["x-content", "app-root"]),
    ),
    "D7": st.builds(naming.RenameClasses, st.integers(1, 99)),
    "D8": st.builds(naming.DropAttributes, *(st.booleans() for _ in range(5))),
    "D9": st.builds(naming.Desemanticise, st.sampled_from([*naming.LANDMARKS.split(), naming.LANDMARKS])),
    "D10": st.builds(paragraphs.ParagraphsToDivs, _SCOPES, st.sampled_from(["div", "section", "x-paragraph"])),
    "D11": st.builds(paragraphs.ParagraphsToBreaks, _SCOPES),
    "D14": st.builds(paragraphs.ParagraphLength, st.integers(1, 6), st.integers(0, 3)),
    "D15": st.builds(paragraphs.Linkify, st.integers(0, 8).map(lambda less: 10 - less)),
    "D16": st.builds(copies.HeadAndScripts, st.booleans(), st.booleans(), st.booleans()),
    "D39": st.builds(copies.OtherSurroundings, st.integers(1, 12)),
    "D38": st.builds(copies.RemoveBoilerplate, st.sampled_from(["related", "comment", "navigation footer", copies.CHROME])),
    "D31": st.builds(boxes.Surroundings, st.integers(0, 80), st.integers(0, 5), st.integers(0, 20)),
    "D24": st.builds(stories.TeaserCards, st.integers(1, 12), _NEUTRAL),
    "D26": st.builds(boxes.ConsentDialog, st.integers(1, 4), st.sampled_from(["last", "first"]), _NEUTRAL, st.booleans()),
    "D27": st.builds(
        boxes.PromoBetween,
        st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True).map(tuple),
        st.booleans(),
        st.sampled_from(["promo", "newsletter"]),
    ),
    "D25": st.builds(boxes.ReaderComments, _COMMENTS, _SLOTS, _NEUTRAL, st.booleans()),
    "D28": st.builds(copies.DuplicateContent, st.sampled_from(["noscript", "hidden", "visible"])),
    "D29": st.builds(stories.HiddenDecoy, st.sampled_from(["attribute", "style", "class"])),
    "D19": st.builds(
        stories.LabelledRelatedStories,
        _STORIES,
        _SLOTS,
        st.sampled_from(["related-articles", "recommended", "more-stories", "outbrain", "widget"]),
    ),
    "D21": st.builds(stories.RelatedFar, _STORIES, _NEUTRAL),
    "D22": st.builds(stories.RelatedArticleTags, _STORIES, _NEUTRAL),
    "D20": st.builds(stories.RelatedInside, _STORIES, _NEUTRAL),
    "D23": st.builds(stories.RelatedDump, _STORIES),
    "D18": st.builds(stories.RelatedStories, _STORIES, _SLOTS),
    "D30": st.builds(naming.RevealedByScript, st.sampled_from(["opacity", "aria-hidden", "visibility", "display"])),
    "D33": st.builds(nesting.WrapContent, st.sampled_from(nesting.UNUSUAL)),
    "D32": st.builds(naming.HostileClass, st.sampled_from(naming.HOSTILE_WORDS), st.integers(0, 3)),
    "D6": st.builds(nesting.NestDeep, st.sampled_from([256, 400, 2000])),
}
"""A strategy for each operator by its code, harmless ones first. D36 is missing: sizes are probed, not searched."""


def dom_operators(codes: Iterable[str] | None = None) -> SearchStrategy[DomOperator]:
    """One operator of these codes; without codes any. Raises KeyError for a code that OPERATORS does not have."""
    chosen = set(OPERATORS if codes is None else codes)
    unknown = sorted(chosen - OPERATORS.keys())
    if unknown:
        raise KeyError(f"no strategy for {', '.join(unknown)}; there are {', '.join(OPERATORS)}")
    return st.one_of([strategy for code, strategy in OPERATORS.items() if code in chosen])


def compositions(codes: Iterable[str] | None = None, *, max_size: int = 4) -> SearchStrategy[list[DomOperator]]:
    """Lists of operators, each at most once; a dose is raised inside an operator, not by repeating it."""
    return st.lists(dom_operators(codes), max_size=max_size, unique_by=type)


def layouts(
    golden: Golden, donors: Sequence[Donor] = (), *, codes: Iterable[str] | None = None, max_size: int = 4
) -> SearchStrategy[Golden]:
    """Layouts of a golden's HTML page, each with the golden that follows from its labels, under the id of the given one.

    donors: texts to insert, before our own. codes: of the operators to use. max_size: how many at most. Raises
    DoesNotApply if the golden is no HTML page, or if nothing is known of its main content.
    """
    own = (donor for kind in DONOR_KINDS for donor in own_donors(kind, golden.lang))
    page = DomPage.of(golden, (*donors, *own))
    return compositions(codes, max_size=max_size).map(lambda operators: applied(page, operators)[0].golden(golden.id))
