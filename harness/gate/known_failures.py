"""Known failures: pages that may break rules until a day or a release, and are reported when they need it no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from packaging.version import InvalidVersion

from harness.gate.pages import TOLERANCE, section_of
from harness.gate.rules import KnownFailure, Rules
from harness.gate.verdict import BrokenRule, Doubt, JudgedPage
from harness.gate.wording import value_and_limit
from harness.metrics.base import Metric


def excuse(
    pages: list[JudgedPage], rules: Rules, metric: Metric, versions: Mapping[str, str | None], today: date
) -> tuple[list[JudgedPage], list[BrokenRule], list[Doubt]]:
    """The pages, of which known failures break no rule and say why; known failures that pass; those whose end nobody knows.

    versions: of the extractors of the run. After its end, and where a page does worse than its known failure says, it is
    judged as any other page.
    """
    listed = {(one.extractor, one.page): one for one in rules.known_failures}
    judged: list[JudgedPage] = []
    broken: list[BrokenRule] = []
    doubts: list[Doubt] = []
    for page in pages:
        one = listed.get((page.extractor, page.golden))
        if one is None or page.state in ("missing", "not comparable"):
            judged.append(page)
        elif not (page.rules or page.state == "newly failing"):
            judged.append(page)
            broken.append(_passes(one))
        else:
            version = versions.get(one.extractor)
            try:
                ended = one.has_ended(today, version)
            except InvalidVersion:
                ended = True
                what = f"its version is {version!r}" if version else "it has no version"
                message = f"the known failure of {one.extractor} on {one.page} ends with version {one.until}, and {what}"
                doubts.append(Doubt(message, "end it with a day, such as until = 2027-03-01", (one.page,)))
            if ended:
                judged.append(replace(page, why=f"known failure until {one.until}, which has come: {one.reason}"))
            elif beyond := "; ".join(beyond_known(one, page, rules, metric)):
                judged.append(replace(page, why=f"worse than the known failure ({one.reason}): {beyond}"))
            else:
                judged.append(replace(page, rules=(), known=one.reason))
    return judged, broken, doubts


def beyond_known(one: KnownFailure, page: JudgedPage, rules: Rules, metric: Metric) -> Iterator[str]:
    """In what a page does worse than its known failure says; nothing if that covers all of it."""
    value = page.after.scores.get(metric.name) if page.after else None
    if value is not None and not one.covers(value, metric):
        found, limit = value_and_limit(value, one.value)
        yield f"{metric.name} is {found}, and its `value` is {limit}"
    broken = (*page.rules, *(("new_failures",) if page.state == "newly failing" else ()))
    others = [name for name in broken if name not in one.rules]
    if others:
        yield f"it breaks {', '.join(others)}, which its `rules` do not name"
    limit_of_drop = rules.sections()[section_of(page, rules)].page_drop
    fallen = [name for name, drop in page.fallen.items() if drop > limit_of_drop + TOLERANCE and name not in one.rules]
    if fallen and page.state != "newly failing":
        yield f"{', '.join(fallen)} fell, which its `rules` do not name"


def _passes(one: KnownFailure) -> BrokenRule:
    message = f"{one.page} breaks no rule any more: take it out of the known failures ({one.reason})"
    return BrokenRule(one.extractor, "known_failure", "", "passes", f"until {one.until}", message)
