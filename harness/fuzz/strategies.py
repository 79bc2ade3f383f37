"""Hypothesis strategies for layouts: operators, compositions of them, and goldens that went through them.

Everything is ordered from harmless to hostile, since Hypothesis shrinks to what stands first: what remains of a failing
layout is then what matters. Needs the extra `fuzz`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.common.extensions import error_line, note_failure
from harness.fuzz.base import Donor
from harness.fuzz.catalogue import OPERATORS, AnyOperator, apply_all, operators_of
from harness.fuzz.donors import DONOR_KINDS, own_donors
from harness.fuzz.html.page import DomPage
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden
from harness.pages.page import Media


def strategies_by_code(media: Media, codes: Iterable[str] | None = None) -> dict[str, SearchStrategy[AnyOperator]]:
    """A strategy for each operator on pages of a media type, or for those of these codes, harmless ones first.

    Sizes are probed, not searched: they have none. Raises KeyError for a code without a strategy.
    """
    searched = sorted((kind for kind in operators_of(media) if not kind.probed), key=lambda kind: kind.harm)
    known = {kind.code: strategy for kind in searched if (strategy := _strategy(kind)) is not None}
    if codes is None:
        return known
    chosen = set(codes)
    if unknown := sorted(chosen - known.keys()):
        raise KeyError(f"no strategy for {', '.join(unknown)}; there are {', '.join(known)}")
    return {code: strategy for code, strategy in known.items() if code in chosen}


def _strategy(kind: type[AnyOperator]) -> SearchStrategy[AnyOperator] | None:
    """The strategy of an operator; None if one that does not come with the harness fails, which is told."""
    try:
        strategy: SearchStrategy[AnyOperator] = kind.strategy(st)
    except (Exception, SystemExit) as error:
        if OPERATORS.is_built_in(kind.code):
            raise
        note_failure(f"operator {kind.code} ({OPERATORS.origin(kind.code)}) is not searched: {error_line(error)}")
        return None
    return strategy


def operators(media: Media, codes: Iterable[str] | None = None) -> SearchStrategy[AnyOperator]:
    """One operator of these codes; without codes any. Raises KeyError for a code without a strategy."""
    return st.one_of(list(strategies_by_code(media, codes).values()))


def compositions(
    media: Media, codes: Iterable[str] | None = None, *, max_size: int = 4
) -> SearchStrategy[list[AnyOperator]]:
    """Lists of operators, each at most once; a dose is raised inside an operator, not by repeating it."""
    return st.lists(operators(media, codes), max_size=max_size, unique_by=type)


def layouts(
    golden: Golden, donors: Sequence[Donor] = (), *, codes: Iterable[str] | None = None, max_size: int = 4
) -> SearchStrategy[Golden]:
    """Layouts of a golden's HTML page, each with the golden that follows from its labels, under the id of the given one.

    donors: texts to insert, before our own. codes: of the operators to use. max_size: how many at most. Raises
    DoesNotApply if the golden is no HTML page, or if nothing is known of its main content.
    """
    own = (donor for kind in DONOR_KINDS for donor in own_donors(kind, golden.lang))
    return _changed(golden, DomPage.of(golden, (*donors, *own)), codes, max_size)


def dumps(
    golden: Golden, donors: Sequence[Donor] = (), *, codes: Iterable[str] | None = None, max_size: int = 4
) -> SearchStrategy[Golden]:
    """Layouts of a golden's text dump, each with the golden that follows from its labels, under the id of the given one.

    donors: related stories to insert; without them our own. codes: of the operators to use. max_size: how many at most.
    Raises DoesNotApply if the golden is no labelled text dump.
    """
    return _changed(golden, TextPage.of(golden, donors), codes, max_size)


def _changed(golden: Golden, page: DomPage | TextPage, codes: Iterable[str] | None, max_size: int) -> SearchStrategy[Golden]:
    chosen = compositions(golden.page.media, codes, max_size=max_size)
    return chosen.map(lambda operators: apply_all(page, operators)[0].golden(golden.id))
