"""A Hypothesis strategy of pages with a sentence that no reader sees, for tests of extractors. Needs the extra `fuzz`."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from harness.exposure.pages import Placement, placements
from harness.exposure.techniques import GROUPS, Group

_HIDDEN: tuple[Group, ...] = ("hidden",)


def hidden_sentences(groups: Collection[Group] = _HIDDEN) -> SearchStrategy[Placement]:
    """Placements of the techniques of some groups, which shrink to the first ones of the catalogue.

    `Placement.html()` is the page, and `harness.exposure.pages.has_sentence` says whether the sentence stands in an output.
    Raises ValueError for groups that do not exist, and for none.
    """
    if isinstance(groups, str) or not groups or not set(groups) <= set(GROUPS):
        raise ValueError(f"groups is {groups!r}, not a list of some of: {', '.join(GROUPS)}")
    return st.sampled_from([placement for placement in placements() if placement.technique.group in groups])
