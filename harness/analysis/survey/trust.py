"""When the agreement of extractors must not be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from harness.analysis.survey.consensus import FEWEST_VOICES
from harness.analysis.survey.survey import Survey
from harness.common.wording import plural

_FEW = 5  # independent extractors with which agreement was measured to tell failures
_PAGES = 100
_HARDLY = 0.5


def doubts(survey: Survey) -> Iterator[str]:
    """What a reader must know before trusting it, a sentence each."""
    own = [row for row in survey.extractors if row.competes]
    for row in own:
        if row.clones and row.extractor < min(row.clones):
            yield f"{row.extractor}, {', '.join(row.clones)}: they err alike, as ports of one program do, and count as one."
    if survey.independent <= FEWEST_VOICES:
        yield (
            f"Agreement takes three extractors that are no clones; here are {survey.independent}. "
            "Add some with -e (harness list extractors)."
        )
        return
    if survey.independent < _FEW:
        yield f"Only {survey.independent} independent extractors: agreement was calibrated with {_FEW} and more."
    if len(survey.pages) < _PAGES:
        yield f"{plural(len(survey.pages), 'page')}: too few to order extractors by agreement."
    foreign = sum(page.language not in ("en", "und") for page in survey.pages)
    if 2 * foreign > len(survey.pages):
        yield "Most pages are not in English: agreement was calibrated on pages of which most are."
    known = [page.consensus for page in survey.pages if page.consensus is not None]
    if known and sum(known) / len(known) < _HARDLY:
        yield "The extractors hardly agree: most may fail on these pages, and then agreement does not tell which."
    if silent := sum(page.texts == 0 for page in survey.pages):
        yield f"No extractor returned text for {plural(silent, 'page')}: all agree there, and may all have failed."
