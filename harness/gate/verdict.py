"""What the gate says: the state of every page, the rules that are broken, and what could not be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from harness.baseline.model import BaselineRow
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.common.wording import plural
from harness.gate.commands import Commands
from harness.stats import Estimate

State = Literal["newly failing", "worse", "missing", "not comparable", "fixed", "better", "new", "same"]

STATES: dict[State, str] = {
    "newly failing": "has no text now, or failed, and had text in the baseline",
    "worse": "the metric fell; or it is the same, and a watched metric fell, words leaked more, optional words were lost "
    "or each word takes far more characters",
    "missing": "in the baseline, and the run did not measure it",
    "not comparable": "the golden's page or labels, or a definition, changed since the baseline",
    "fixed": "has text now, and had none or failed in the baseline",
    "better": "the metric rose; or it is the same, and less leaked",
    "new": "not in the baseline",
    "same": "nothing that a rule looks at has changed",
}


_NAMED = 6  # extractors in a line


@dataclass(frozen=True)
class Excerpt:
    """Consecutive words of one kind of text, as written on the page or in the output."""

    kind: str
    """The kind of the text, or where a leak came from."""
    text: str
    """The words; text of others."""


@dataclass(frozen=True)
class Excerpts:
    """What is wrong with an output now, in words: the longest passages, of kinds of which there are more than before."""

    missed: tuple[Excerpt, ...] = ()
    """Main content that did not come out."""
    leaked: tuple[Excerpt, ...] = ()
    """Words of the output that should not have come out."""
    lost: tuple[Excerpt, ...] = ()
    """Optional text that did not come out."""


@dataclass(frozen=True)
class JudgedPage:
    """One extractor on one page, before (in the baseline) and after (in the run)."""

    extractor: str
    """The extractor's name."""
    golden: str
    """The golden's id."""
    set: str
    """The golden's set."""
    kind: str
    """The kind of page."""
    lang: str
    """The language tag, such as `en-GB`."""
    media: str
    """The media type of the page."""
    site: str
    """The site, as a host name."""
    state: State
    """How the page has changed."""
    before: BaselineRow | None
    """Its row in the baseline; None if it has none."""
    after: BaselineRow | None
    """Its row in the run; None if it has none."""
    change: float | None = None
    """Of the metric, positive is better; None where a side has no value, 0 where the repeats of both sides overlap."""
    rules: tuple[str, ...] = ()
    """The rules for single pages that it breaks, such as `page_drop`; `new_failures` for one that is not allowed."""
    why: str = ""
    """The reason for a state that needs one, such as `its labels changed`."""
    grown: Mapping[str, float] = field(default_factory=dict)
    """Words that leaked more than before, by kind."""
    lost: Mapping[str, float] = field(default_factory=dict)
    """Optional words that came out less than before, by kind."""
    fallen: Mapping[str, float] = field(default_factory=dict)
    """By how much watched metrics got worse, of those that did."""
    characters_growth: float = 1.0
    """How many times as many characters for each word as before, where that is more than is allowed."""
    failed_facts: Mapping[str, str] = field(default_factory=dict)
    """Facts and snippets that hold no more, each with what is there instead; texts of others."""
    fabricated: Mapping[str, int] = field(default_factory=dict)
    """Passages with words that the page does not have, each with the number of them, where these are more than before; texts
    of others."""
    unsteady: bool = False
    """Whether another try of the same code gave another output."""
    known: str = ""
    """Why it may break rules for a time, where it does: the reason of the known failure."""
    error: str = ""
    """What the extractor said when it failed; text of others."""
    words: Excerpts | None = None
    """The words that were missed or leaked; None where they were not looked up."""


@dataclass(frozen=True)
class BrokenRule:
    """A rule that an extractor breaks."""

    extractor: str
    """The extractor's name."""
    rule: str
    """Its name in the file of rules."""
    pages: str
    """The pages that it is about, such as `kind forum`, `set core` or `lang de`; empty for all."""
    found: str
    """What was measured, as it is shown."""
    allowed: str
    """What the rule allows, as it is shown."""
    message: str
    """One sentence, without the extractor's name."""
    goldens: tuple[str, ...] = ()
    """The pages that break it, the worst first; empty for a rule that is not about single pages."""


@dataclass(frozen=True, kw_only=True)
class NewFinding(BrokenRule):
    """A finding of a search that nobody has accepted and the rules do not allow; `found` is its id."""

    kind: str
    """What went wrong, see fuzz.findings.searches."""
    level: str
    """How bad it is."""
    severity: float
    """How bad it is, 0…1."""
    operators: str
    """The operators that changed the layout, as Python."""
    show: tuple[str, ...]
    """Commands that show it."""
    accept: str
    """The command that accepts it."""
    kept: bool
    """Whether its page is among the findings, so that it can be replayed."""


@dataclass(frozen=True)
class Doubt:
    """Why the question cannot be answered in full."""

    message: str
    """What is missing, in a sentence without a full stop."""
    remedy: str
    """The next step, a command where there is one."""
    goldens: tuple[str, ...] = ()
    """The pages that it is about."""


@dataclass(frozen=True)
class TrackMean:
    """The metric of an extractor over the pages of one track that both sides have a value of."""

    media: str
    """The media type of the pages."""
    pages: int
    """How many pages those are."""
    before: float
    """In the baseline."""
    after: float
    """In the run."""
    difference: Estimate
    """After minus before, with an interval over sites that says whether the change would hold on other sites; it decides
    nothing."""


@dataclass(frozen=True)
class ExtractorChange:
    """One extractor of the baseline, over the pages that can be compared."""

    name: str
    """The extractor's name."""
    version_before: str | None
    """None where unknown."""
    version_after: str | None
    """None where unknown or not in the run."""
    pages: int
    """Pages that can be compared."""
    means: tuple[TrackMean, ...]
    """By track, HTML pages first; empty if no page has a value on both sides."""
    states: Mapping[State, int]
    """Number of pages of each state, in the order of STATES."""
    failures: tuple[int, int]
    """Pages without a text where there should be one, before and after."""
    leaks_before: Mapping[str, int]
    """Leaked words by kind."""
    leaks_after: Mapping[str, int]
    """Leaked words by kind."""


@dataclass(frozen=True)
class FloorResult:
    """A floor and what an extractor has reached."""

    extractor: str
    """The extractor's name."""
    metric: str
    """The metric."""
    set: str
    """The set whose pages count; empty for all of the run."""
    floor: float
    """The value that is required."""
    value: float
    """The value over the pages."""
    pages: int
    """How many pages have a value of the metric."""
    goldens: str
    """The hash of all pages, with and without one, which a floor can pin."""


@dataclass(frozen=True)
class Verdict:
    """The gate's verdict on a run: rules that are broken, what could not be judged, and each page before and after."""

    run: str
    """The run, as the user names it."""
    baseline: str
    """The baseline, as the user names it; empty where there are floors only."""
    metric: str
    """What pages are compared by."""
    higher_is_better: bool
    """Of the metric."""
    extractors: tuple[ExtractorChange, ...]
    """Those of the baseline, by name."""
    unjudged: tuple[str, ...]
    """Extractors of the run that the baseline does not have."""
    pages: tuple[JudgedPage, ...]
    """Every extractor on every page of both sides, by extractor and golden."""
    broken: tuple[BrokenRule, ...]
    """The rules that are broken."""
    doubts: tuple[Doubt, ...]
    """What could not be judged, and why."""
    started: str = ""
    """When the run began: ISO 8601, UTC; empty where there is no run."""
    measured: tuple[str, ...] = ()
    """The extractors of the run."""
    floors: tuple[FloorResult, ...] = ()
    """The floors that could be judged."""
    commands: Commands = field(default_factory=Commands)
    """What shows, judges and accepts the run as it was judged."""
    notes: tuple[str, ...] = ()
    """What was tried beside, and why that could not be done."""

    @property
    def subject(self) -> str:
        """Which run is judged, when it began and which extractors it has; empty where there is no run."""
        if not self.started:
            return ""
        names = ", ".join(self.measured[:_NAMED]) or "no extractor"
        more = f" and {len(self.measured) - _NAMED} more" if len(self.measured) > _NAMED else ""
        return f"run {self.run}, begun {self.started.replace('T', ' ').replace('+00:00', ' UTC')}: {names}{more}"

    @property
    def code(self) -> int:
        """The exit code: 1 if a rule is broken, else 3 if something could not be judged, else 0."""
        return WORSE if self.broken else CANNOT_TELL if self.doubts else OK

    @property
    def headline(self) -> str:
        """The verdict in one sentence, without a full stop."""
        if self.broken:
            new = [rule for rule in self.broken if isinstance(rule, NewFinding)]
            others = [rule for rule in self.broken if not isinstance(rule, NewFinding)]
            pages = len({page.golden for page in self.worst_pages()})
            where = f" on {plural(pages, 'page')}" if pages else ""
            floors = [rule for rule in others if rule.rule == "floor"]
            others = [rule for rule in others if rule not in floors]
            parts = [f"worse than {self.baseline}: {_names(others)}{where}"] if others else []
            parts += [f"below a floor: {_names(floors)}"] if floors else []
            parts += [f"{plural(len(new), 'new finding')}: {_names(new)}"] if new else []
            parts += ["and not everything could be told"] if self.doubts else []
            return "; ".join(parts)
        if self.doubts:
            more = f" (and {plural(len(self.doubts) - 1, 'other doubt')})" if len(self.doubts) > 1 else ""
            return f"could not tell: {self.doubts[0].message}{more}"
        if not self.baseline:
            return f"no value is below its floor: {plural(len(self.floors), 'floor')}"
        compared = plural(len(self.extractors), "extractor")
        pages = max((extractor.pages for extractor in self.extractors), default=0)
        return f"nothing is worse than {self.baseline} allows: {compared}, {plural(pages, 'page')}"

    def worst_pages(self, number: int | None = None, extractor: str | None = None) -> list[JudgedPage]:
        """Pages that break a rule, the worst first: new failures, then by change, then by words leaked and lost."""
        return [page for page in self._breaking if extractor in (None, page.extractor)][:number]

    @cached_property
    def _breaking(self) -> list[JudgedPage]:
        return sorted((page for page in self.pages if page.rules), key=badness)


def _names(rules: Sequence[BrokenRule]) -> str:
    """The extractors that break rules, the first three by name."""
    names = list(dict.fromkeys(rule.extractor for rule in rules))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def badness(page: JudgedPage) -> tuple[bool, float, float, str, str]:
    """A key to sort pages by, the worst first."""
    words = sum(page.grown.values()) + sum(page.lost.values())
    return page.state != "newly failing", page.change or 0.0, -words, page.golden, page.extractor
