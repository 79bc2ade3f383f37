"""Pages that are worth a label, and the extractors that propose one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from harness.analysis.survey.survey import Survey, SurveyPage

VOTERS = 3
"""How many extractors vote, at most: weak ones hide what good ones agree on."""


def worth_labelling(survey: Survey, number: int) -> tuple[SurveyPage, ...]:
    """So many pages on which extractors differ most, of each language as near to its share as whole numbers allow.

    Of a language, each site gives the page on which extractors differ most before one of them gives a second one. Pages for
    which less than two extractors returned text are left out.
    """
    by_language: dict[str, list[SurveyPage]] = {}
    for page in survey.pages:
        if page.consensus is not None and page.texts >= 2:
            by_language.setdefault(page.language, []).append(page)
    numbers = _apportioned({language: len(pages) for language, pages in by_language.items()}, number)
    chosen = (page for language, pages in by_language.items() for page in _by_turns(pages)[: numbers[language]])
    return tuple(sorted(chosen, key=_difference))


def voters_of(survey: Survey) -> dict[str, float]:
    """The VOTERS extractors that agree best with the others, of clones only the best one, each with its mean agreement, by
    which it counts."""
    weights: dict[str, float] = {}
    for row in survey.extractors:
        if row.competes and not weights.keys() & {*row.clones}:
            weights[row.extractor] = row.agreement or 0.0
    return dict(list(weights.items())[:VOTERS])


def _difference(page: SurveyPage) -> tuple[float, str]:
    return (page.consensus or 0.0, page.id)


def _by_turns(pages: Sequence[SurveyPage]) -> list[SurveyPage]:
    """The pages, one of each site in turn, those on which extractors differ most first."""
    by_site: dict[str, list[SurveyPage]] = {}
    for page in sorted(pages, key=_difference):
        by_site.setdefault(page.site, []).append(page)
    return [page for turn in zip_longest(*by_site.values()) for page in turn if page is not None]


def _apportioned(sizes: Mapping[str, int], number: int) -> dict[str, int]:
    """A number shared out by size (largest remainders), never more than there are."""
    total = sum(sizes.values())
    number = min(number, total)
    shares = {name: number * size / total for name, size in sizes.items()}
    numbers = {name: int(share) for name, share in shares.items()}
    by_remainder = sorted(sizes, key=lambda name: (numbers[name] - shares[name], name))
    for name in by_remainder[: number - sum(numbers.values())]:
        numbers[name] += 1
    return numbers
