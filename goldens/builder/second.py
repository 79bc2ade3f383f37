"""A second person's labels of a site's pages, written in `second.yaml` beside the first ones by somebody who saw neither
them nor the templates (the format is in goldens/sites/README.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from goldens.builder.build import Built
from goldens.builder.rules import PageRules, Rule, idle_rules, rules_on
from goldens.builder.source import SECOND_FILE, SiteError, SiteSource, mapping_in, rules_in
from harness.goldens.golden import Golden

_KEYS = {"labeller", "date", "labels", "pages", "settled"}


@dataclass(frozen=True)
class SecondSource:
    """The second labelling of a site."""

    labeller: str
    """Who labelled."""
    date: date
    """The day on which it was finished."""
    labels: tuple[Rule, ...]
    """Rules for all pages of the site; one that names nothing on a page is left out there."""
    pages: Mapping[str, tuple[Rule, ...]]
    """Rules of single pages, by the page's name, which come behind those of the site."""
    settled: tuple[Rule, ...]
    """What the first labels said of text that was disputed and has been settled; by it, the comparison stays one of labels
    that were written without knowing of each other."""


def read_second(site: SiteSource) -> SecondSource | None:
    """The second labelling of a site; None if it has none. Raises SiteError."""
    path = site.folder / SECOND_FILE
    if not path.is_file():
        return None
    row = mapping_in(path, _KEYS, ("labeller", "date", "labels"))
    if not isinstance(row["date"], date):
        raise SiteError(f"{path}: `date` is a day such as 2026-11-30, not {row['date']!r}")
    pages = row.get("pages") or {}
    names = {page.name for page in site.pages}
    if not isinstance(pages, Mapping) or not names >= pages.keys():
        raise SiteError(f"{path}: `pages` has a list of rules for names of pages: {', '.join(sorted(names))}")
    return SecondSource(
        str(row["labeller"]),
        row["date"],
        rules_in(path, row["labels"]),
        {name: rules_in(path, rules) for name, rules in pages.items()},
        rules_in(path, [_without_reason(path, entry) for entry in row.get("settled") or ()]),
    )


def second_labels(built: Sequence[Built], second: SecondSource) -> tuple[list[PageRules], list[str]]:
    """The second labels of each page of a site, and what is wrong with them."""
    found = [rules_on(page.page, second.labels, second.pages.get(page.source.name, ())) for page in built]
    wrong = [f"{page.source.name}: {reason}" for page, rules in zip(built, found) for reason in rules.wrong]
    settled = [rules_on(page.page, second.settled, ()) for page in built]
    return found, [*idle_rules(second.labels, found), *wrong, *idle_rules(second.settled, settled)]


def with_settled(built: Built, rules: PageRules, second: SecondSource) -> PageRules:
    """Labels of a page, but what was settled labelled as it first was."""
    return rules_on(built.page, (*rules.rules, *second.settled), ()) if second.settled else rules


def golden_of(built: Built, rules: PageRules) -> Golden:
    """A page with labels, as the harness compares and shows it."""
    return Golden(f"{built.set}/{built.name}", built.page, built.source.kind, built.site.site, rules.segments)


def _without_reason(path: Path, entry: Any) -> Any:
    if not isinstance(entry, Mapping) or not str(entry.get("reason") or "").strip():
        raise SiteError(f"{path}: settled: a rule with the first labels of a disputed text, and a `reason`, not {entry!r}")
    return {key: value for key, value in entry.items() if key != "reason"}
