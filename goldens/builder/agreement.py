"""How far the two labellings of sites agree, by the analysis of `harness agree`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.console import Console

from goldens.builder.build import build
from goldens.builder.second import golden_of, read_second, second_labels, with_settled
from goldens.builder.source import SECOND_FILE, SiteError, SiteSource
from harness.analysis.ceiling import ceiling
from harness.goldens.golden import Golden
from harness.goldens.labellers import LabelAgreement, agreement_of
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import number
from harness.report.labellers import print_label_agreement

NAMES = ("first", "second")
"""The two labellings, as tables name them."""


@dataclass(frozen=True)
class TwoLabellings:
    """The pages of a site with the labels of both labellers."""

    site: str
    """The name of the site's folder."""
    pairs: list[tuple[Golden, Golden]]
    """Each page as the two labelled it without knowing of each other."""
    unsettled: list[tuple[Golden, Golden]]
    """The same, but alike where a dispute has been settled."""


def two_labellings(site: SiteSource) -> TwoLabellings | None:
    """Both labellings of a site; None if it has no second one. Raises SiteError."""
    second = read_second(site)
    if second is None:
        return None
    built = build(site)
    labels, wrong = second_labels(built, second)
    if wrong:
        raise SiteError("\n".join(f"{site.folder}/{SECOND_FILE}: {reason}" for reason in wrong))
    firsts = [golden_of(page, with_settled(page, page.rules, second)) for page in built]
    seconds = [golden_of(page, rules) for page, rules in zip(built, labels)]
    settled = [golden_of(page, with_settled(page, rules, second)) for page, rules in zip(built, labels)]
    return TwoLabellings(site.name, [*zip(firsts, seconds)], [*zip(firsts, settled)])


def print_agreement(sites: Sequence[TwoLabellings], console: Console, *, disputes: bool) -> None:
    """Print the agreement of each site and of all, by kind of text too. disputes: also each text that is not settled."""
    _print_sites([(site, agreement_of(site.pairs)) for site in sites], console)
    pairs = [pair for site in sites for pair in site.pairs]
    unsettled = agreement_of([pair for site in sites for pair in site.unsettled]).disputes if disputes else ()
    print_label_agreement(replace(agreement_of(pairs), disputes=unsettled), NAMES, console, ceiling(pairs))


def _print_sites(rows: Sequence[tuple[TwoLabellings, LabelAgreement]], console: Console) -> None:
    found = [agreement for _, agreement in rows]
    columns = [
        Column("site", [site.site for site, _ in rows], justify="left"),
        Column("pages", [str(one.pages) for one in found]),
        Column("words", [str(one.words) for one in found]),
        Column("same verdict", [number(one.same_verdict / one.words if one.words else None) for one in found]),
        Column("alpha", [number(one.alpha_verdict) for one in found]),
        Column("alpha of kinds", [number(one.alpha_kind) for one in found]),
    ]
    print_table(columns, console, "Agreement by site")
