"""The gate's rule on findings: a search of each extractor, with a seed and a budget, must have found nothing new."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.common.wording import plural
from harness.gate.rules import LEVELS, FindingsRule
from harness.gate.verdict import Doubt, NewFinding
from harness.goldens.hashes import goldens_hash
from harness.runs.record import Run

if TYPE_CHECKING:
    from harness.fuzz.findings.searches import FindingSummary, SearchRecord

_ELSEWHERE = "run the extractor with `harness run`, or take `findings` out of the rules"


@dataclass(frozen=True)
class Searches:
    """What searches left behind."""

    last: Mapping[str, SearchRecord | str] = field(default_factory=dict)
    """By extractor its last search, or why that cannot be read."""
    accepted: frozenset[str] = frozenset()
    """Ids of the findings that somebody has accepted."""
    old: frozenset[str] = frozenset()
    """Ids of the findings that the version of the baseline fails on, too."""
    replayed: Mapping[str, str] = field(default_factory=dict)
    """By id of others what that version does."""


NO_SEARCHES = Searches()


def new_findings(
    run: Run, rule: FindingsRule | None, extractors: Sequence[str], searches: Searches
) -> tuple[list[NewFinding], list[Doubt]]:
    """The findings that break the rule, those of each extractor the worst first; and who was not searched as it asks."""
    broken: list[NewFinding] = []
    doubts: list[Doubt] = []
    if rule is None:
        return broken, doubts
    for name in extractors:
        command = search_command(name, run, rule)
        search = searches.last.get(name)
        if run.header.request.predictions:
            doubts.append(Doubt(f"{name} cannot be searched for findings: its outputs were made elsewhere", _ELSEWHERE))
        elif search is None:
            doubts.append(Doubt(f"{name} was not searched for findings", command))
        elif isinstance(search, str):
            doubts.append(Doubt(f"the search of {name} cannot be read: {search}", command))
        elif unlike := list(_unlike(name, search, run, rule)):
            doubts.append(Doubt(f"the search of {name} is not the one that the rules ask for: {', '.join(unlike)}", command))
        else:
            broken += _new(name, search, run, rule, searches)
    return broken, doubts


def search_command(extractor: str, run: Run, rule: FindingsRule) -> str:
    """The command that searches an extractor over the pages of a run, with the rule's seed and budget."""
    request = run.header.request
    budget = ["--search", "--search-seed", str(rule.seed), "--examples", str(rule.examples)]
    options = [*request.page_words(), *request.environment_words()]
    return shlex.join(["harness", "fuzz", "-e", extractor, *options, *budget])


def _unlike(name: str, search: SearchRecord, run: Run, rule: FindingsRule) -> Iterator[str]:
    """In what a search differs from the one that the rule asks for."""
    header = run.header
    if search.identity != header.extractor(name).identity:
        yield "it was made with another version of the extractor or of its packages"
    made_with = header.definitions
    if search.harness != header.harness or any(made_with.get(key) != v for key, v in search.definitions.items()):
        yield "it was made with another version of the harness"
    if search.goldens != _goldens_of(name, run):
        yield "it was made on other pages or labels"
    if search.seed != rule.seed:
        yield f"its seed was {search.seed}, not {rule.seed}"
    if search.examples != rule.examples:
        yield f"it looked at {plural(search.examples, 'example')}, not {rule.examples}"
    if search.operators:
        yield f"it had only the operators {', '.join(search.operators)}"
    if search.seconds is not None:
        yield f"it was ended after {search.seconds:g} seconds"


def _goldens_of(name: str, run: Run) -> str:
    """The hash of those goldens of the run that are of the extractor's own track; no others are searched."""
    own = {record.golden for record in run.records if record.extractor == name and not record.coerced}
    return goldens_hash({golden: run.header.golden(golden).hashes for golden in own})


def _new(name: str, search: SearchRecord, run: Run, rule: FindingsRule, searches: Searches) -> Iterator[NewFinding]:
    counted = LEVELS[: LEVELS.index(rule.level) + 1]
    known = searches.accepted | searches.old
    new = [found for found in search.found if found.id not in known and found.level in counted]
    if len(new) > rule.new:
        for found in sorted(new, key=lambda found: (LEVELS.index(found.level), -found.severity, found.id)):
            yield _new_finding(name, found, run, rule, searches.replayed.get(found.id, ""))


def _new_finding(name: str, found: FindingSummary, run: Run, rule: FindingsRule, before: str) -> NewFinding:
    said = f"; {before}" if before else ""
    layout = "on a page as it is" if found.operators == "[]" else f"by {' '.join(found.operators.split())}"
    again = shlex.join(["harness", "replay", found.id, *run.header.request.environment_words()])
    page = shlex.join(["harness", "fuzz", "--minimal", found.id])
    return NewFinding(
        extractor=name,
        rule="findings",
        pages="",
        found=found.id,
        allowed=str(rule.new),
        message=f"{found.id} is new: {found.kind} ({found.level}, {found.severity:.2f}) {layout}{said}; {rule.new} allowed",
        kind=found.kind,
        level=found.level,
        severity=found.severity,
        operators=found.operators,
        show=(again, page) if found.kept else (search_command(name, run, rule),),
        accept="harness fuzz --accept",
        kept=found.kept,
    )
