"""A survey: what a run over pages without labels says of its extractors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median

import numpy as np

from harness.analysis.agreement import shares_in_common
from harness.analysis.survey.calibration import failed_at
from harness.analysis.survey.complement import Combined, complement, own_shares
from harness.analysis.survey.consensus import Consensus, consensus, mean_of
from harness.analysis.survey.pages import SurveyedPage, pages_by_site, surveyed_records
from harness.analysis.survey.repeats import PAGES, Repeats, repeats
from harness.analysis.survey.returned import Floats, Returned, clones, returned_runs
from harness.common.errors import CannotTell
from harness.engine.answer import FAILURES
from harness.runs.record import Record, Run
from harness.runs.summary import Cost, Summary

DOUBTFUL = 0.5
"""The agreement below which an extractor probably failed on a page (docs/survey.md has how often that is so)."""
_PASSAGES = 3  # that are shown of an extractor


@dataclass(frozen=True)
class RepeatedPassage:
    """Words that an extractor returned for several pages of a site."""

    text: str
    """The words, without punctuation."""
    pages: int
    """Pages of the site that have it."""
    site: str
    """The site."""


@dataclass(frozen=True)
class LanguageValues:
    """What an extractor did on the pages of one language."""

    pages: int
    """Pages that declare it."""
    no_text: int
    """Pages of these for which nothing came out, failures among them."""
    agreement: float | None
    """The mean agreement on these, in 0…1; None where no page has one."""


@dataclass(frozen=True)
class Surveyed:
    """What a survey says of one extractor."""

    extractor: str
    """Its name."""
    competes: bool
    """Whether it counts as one of the others; not a reference, nor `union` and `vote`, which are made of others."""
    clones: tuple[str, ...]
    """Extractors that are ports or variants of the same program, by what they return."""
    pages: int
    """Pages that it was given."""
    empty: int
    """Pages for which it returned nothing."""
    failures: Mapping[str, int]
    """Pages on which it failed, by outcome."""
    cost: Cost
    """What the pages took."""
    words: float | None
    """The median number of words of its outputs that have any; None if none has."""
    agreement: float | None
    """The mean over pages of its agreement with the others, in 0…1; None where too few others had an output."""
    doubtful: int | None
    """Pages on which its agreement is below DOUBTFUL; None where no page has one."""
    expected: float | None
    """Pages on which F is probably below .5, by how often that was so at its agreement on labelled pages (see
    calibration.FAILED); None where no page has an agreement."""
    alone: float | None
    """The share of its runs of three words that none but its clones returned, in 0…1."""
    copies: int
    """Pages for which it returned the same words as for another page of the site."""
    repeated: float | None
    """The share of its words that stand in sequences which repeat over pages of a site, in 0…1; None where no site has
    enough pages."""
    passages: tuple[RepeatedPassage, ...]
    """Such sequences, those on most pages first."""
    languages: Mapping[str, LanguageValues]
    """By the language that pages declare, the most frequent first."""


@dataclass(frozen=True)
class Disagreement:
    """Two extractors, and the page on which their outputs have least in common, both with text."""

    first: str
    """The name of one."""
    second: str
    """The name of the other."""
    page: str
    """The golden's id."""
    share: float
    """The share of words that their outputs have in common there, in 0…1."""


@dataclass(frozen=True)
class SurveyPage:
    """What a survey says of one page."""

    id: str
    """The golden's id, `SET/NAME`."""
    site: str
    """The site."""
    language: str
    """The language that it declares, `und` if none."""
    agreement: Mapping[str, float]
    """The agreement of each extractor that has one, in 0…1."""
    consensus: float | None
    """The mean share of words that two independent extractors have in common, in 0…1; None with less than two."""
    texts: int
    """Extractors that returned text."""


@dataclass(frozen=True)
class Survey:
    """What a run over pages says without labels."""

    run: str
    """The run's id."""
    extractors: tuple[Surveyed, ...]
    """Those that agree best with the others first, those that do not compete behind them."""
    pages: tuple[SurveyPage, ...]
    """The pages, by site."""
    combined: tuple[Combined, ...]
    """What one, two and three extractors bring together."""
    differences: tuple[Disagreement, ...]
    """For each two extractors, clones left out, the page on which they differ most; the most different first."""
    independent: int
    """Extractors that count as one of the others, clones as one."""
    compared_sites: int
    """Sites with enough pages to see what repeats."""


@dataclass
class _Gathered:
    """What is kept of pages while they are read."""

    pages: list[SurveyedPage] = field(default_factory=list)  # without their words
    shares: list[Floats] = field(default_factory=list)
    returned: Returned = field(default_factory=Counter)
    repeats: dict[str, list[tuple[str, Repeats]]] = field(default_factory=dict)
    sizes: dict[str, list[int]] = field(default_factory=dict)
    has_text: list[list[bool]] = field(default_factory=list)  # of each page, by extractor


def survey(run: Run) -> Survey:
    """What a run says of its extractors without a look at labels. Its texts are read a site at a time.

    Raises CannotTell if it holds nothing to compare.
    """
    rows: dict[str, list[Record]] = {}
    for record in surveyed_records(run):
        rows.setdefault(record.extractor, []).append(record)
    if not rows:
        run.require_texts(run.records)
        raise CannotTell(f"run {run.id} has no page of the kind that one of its extractors is made for (HTML or text)")
    names = sorted(rows)
    gathered = _gather(run, names)
    shares = np.array(gathered.shares)
    members = [number for number, name in enumerate(names) if _competes(run, name)]
    groups = clones(gathered.returned, mean_of(shares, 0), members)
    found = consensus(shares, groups, [number in members for number in range(len(names))])
    return Survey(
        run.id,
        _extractors(names, rows, gathered, found, members),
        _pages(names, gathered, shares, found, members),
        complement(names, found, gathered.returned, members),
        _differences(names, gathered, shares, found, members),
        sum(bool({*group} & {*members}) for group in groups),
        len({site for each in gathered.repeats.values() for site, one in each if one.pages}),
    )


def _competes(run: Run, name: str) -> bool:
    """Whether an extractor is neither a reference nor made of others."""
    return name not in run.header.references and "members" not in run.header.extractor(name).options


def _gather(run: Run, names: Sequence[str]) -> _Gathered:
    gathered = _Gathered()
    for pages in pages_by_site(run):
        for name in names:
            repeated = repeats([page.outputs.get(name, ()) for page in pages])
            gathered.repeats.setdefault(name, []).append((pages[0].site, repeated))
        for page in pages:
            here = [number for number, name in enumerate(names) if name in page.outputs]
            outputs = [page.outputs[names[number]] for number in here]
            table = np.full((len(names), len(names)), np.nan)
            for (one, other), share in shares_in_common(outputs).items():
                table[here[one], here[other]] = table[here[other], here[one]] = share
            gathered.shares.append(table)
            gathered.returned.update(returned_runs(dict(zip(here, outputs))))
            for name, output in page.outputs.items():
                if output:
                    gathered.sizes.setdefault(name, []).append(len(output))
            gathered.has_text.append([bool(page.outputs.get(name)) for name in names])
            gathered.pages.append(SurveyedPage(page.id, page.site, page.language, {}))
    return gathered


def _extractors(
    names: Sequence[str],
    rows: Mapping[str, Sequence[Record]],
    gathered: _Gathered,
    found: Consensus,
    members: Sequence[int],
) -> tuple[Surveyed, ...]:
    lonely = own_shares(found, gathered.returned, members)
    surveyed = []
    for number, name in enumerate(names):
        (group,) = (group for group in found.groups if number in group)
        own = found.agreement[:, number]
        has = ~np.isnan(own)
        outcomes = Counter(record.outcome for record in rows[name])
        parts = [part for _, part in gathered.repeats[name]]
        compared = sum(part.words for part in parts)
        surveyed.append(
            Surveyed(
                extractor=name,
                competes=number in members,
                clones=tuple(names[other] for other in group if other != number),
                pages=len(rows[name]),
                empty=outcomes["empty"],
                failures={outcome: outcomes[outcome] for outcome in FAILURES if outcomes[outcome]},
                cost=Summary(name, rows[name]).cost,
                words=median(gathered.sizes[name]) if name in gathered.sizes else None,
                agreement=float(own[has].mean()) if has.any() else None,
                doubtful=int((own[has] < DOUBTFUL).sum()) if has.any() else None,
                expected=sum(map(failed_at, own[has])) if has.any() else None,
                alone=lonely[number],
                copies=sum(part.copies for part in parts),
                repeated=sum(part.repeated for part in parts) / compared if compared else None,
                passages=_passages(gathered.repeats[name]),
                languages=_languages(rows[name], gathered.pages, own),
            )
        )
    return tuple(sorted(surveyed, key=lambda one: (not one.competes, -(one.agreement or 0.0), one.extractor)))


def _passages(found: Sequence[tuple[str, Repeats]]) -> tuple[RepeatedPassage, ...]:
    passages = [
        RepeatedPassage(" ".join(words), number, site)
        for site, one in found
        for words, number in one.passages.items()
        if number >= PAGES
    ]
    longest = sorted(passages, key=lambda one: (-one.pages * len(one.text.split()), one.site, one.text))
    return tuple(longest[:_PASSAGES])


def _languages(rows: Sequence[Record], pages: Sequence[SurveyedPage], agreement: Floats) -> Mapping[str, LanguageValues]:
    by_language: dict[str, list[Record]] = {}
    for record in rows:
        by_language.setdefault(record.language, []).append(record)
    values = {}
    for language, own in sorted(by_language.items(), key=lambda item: (-len(item[1]), item[0])):
        of_language = agreement[[page.language == language for page in pages]]
        known = of_language[~np.isnan(of_language)]
        no_text = sum(record.outcome != "ok" for record in own)
        values[language] = LanguageValues(len(own), no_text, float(known.mean()) if len(known) else None)
    return values


def _pages(
    names: Sequence[str], gathered: _Gathered, shares: Floats, found: Consensus, members: Sequence[int]
) -> tuple[SurveyPage, ...]:
    pairs = _independent_pairs(found, members)
    common = mean_of(np.stack([shares[:, one, other] for one, other in pairs], axis=1), 1) if pairs else None
    pages = []
    for number, page in enumerate(gathered.pages):
        own = {name: float(value) for name, value in zip(names, found.agreement[number]) if not np.isnan(value)}
        value = None if common is None or np.isnan(common[number]) else float(common[number])
        pages.append(SurveyPage(page.id, page.site, page.language, own, value, sum(gathered.has_text[number])))
    return tuple(pages)


def _differences(
    names: Sequence[str], gathered: _Gathered, shares: Floats, found: Consensus, members: Sequence[int]
) -> tuple[Disagreement, ...]:
    differences = []
    has_text = np.array(gathered.has_text)
    for one, other in _independent_pairs(found, members):
        own = np.where(has_text[:, one] & has_text[:, other], shares[:, one, other], np.nan)
        if not np.isnan(own).all():
            least = int(np.nanargmin(own))
            differences.append(Disagreement(names[one], names[other], gathered.pages[least].id, float(own[least])))
    return tuple(sorted(differences, key=lambda one: (one.share, one.first, one.second)))


def _independent_pairs(found: Consensus, members: Sequence[int]) -> list[tuple[int, int]]:
    """Each two that compete and are no clones, of clones the one that agrees best with the others."""
    means = np.nan_to_num(found.means, nan=-1.0)
    competing = [[one for one in group if one in members] for group in found.groups]
    leaders = [max(group, key=lambda one: (means[one], -one)) for group in competing if group]
    return list(combinations(leaders, 2))
