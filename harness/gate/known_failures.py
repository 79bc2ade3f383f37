"""Known failures: pages that may break rules until a day or a release, and are reported when they need it no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from packaging.version import InvalidVersion

from harness.gate.rules import KnownFailure
from harness.gate.verdict import BrokenRule, Doubt, JudgedPage


def excuse(
    pages: Sequence[JudgedPage], known: Sequence[KnownFailure], versions: Mapping[str, str | None], today: date
) -> tuple[list[JudgedPage], list[BrokenRule], list[Doubt]]:
    """The pages, of which known failures break no rule and say why; known failures that pass; those whose end nobody knows.

    versions: of the extractors of the run. After its end, a known failure is judged as any other page.
    """
    listed = {(one.extractor, one.page): one for one in known}
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
            why = f"known failure until {one.until}, which has come: {one.reason}"
            judged.append(replace(page, why=why) if ended else replace(page, rules=(), known=one.reason))
    return judged, broken, doubts


def _passes(one: KnownFailure) -> BrokenRule:
    message = f"{one.page} breaks no rule any more: take it out of the known failures ({one.reason})"
    return BrokenRule(one.extractor, "known_failure", "", "passes", f"until {one.until}", message)
