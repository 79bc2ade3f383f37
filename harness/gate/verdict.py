"""What the gate says: every cell's state, the rules that are broken, and what cannot be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from harness.baseline.model import Row
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.common.wording import plural
from harness.stats import Estimate

State = Literal["newly failing", "worse", "missing", "not comparable", "fixed", "better", "new", "same"]

STATES: dict[State, str] = {
    "newly failing": "has no text now, or failed, and had text in the baseline",
    "worse": "the metric fell; or it is the same, and words of some kind leaked more or optional words were lost",
    "missing": "in the baseline, and the run did not measure it",
    "not comparable": "the golden's page or labels, or a definition, changed since the baseline",
    "fixed": "has text now, and had none or failed in the baseline",
    "better": "the metric rose; or it is the same, and less leaked",
    "new": "not in the baseline",
    "same": "nothing that a rule looks at has changed",
}


@dataclass(frozen=True)
class Passage:
    """Words in a row of one kind of text, as they stand on the page or in the output. Text of strangers."""

    kind: str
    text: str


@dataclass(frozen=True)
class Words:
    """What is wrong with an output now, in words: the longest passages, of kinds of which there is more than before.

    missed: of the main content. leaked: of the output. lost: optional text that did not come out.
    """

    missed: tuple[Passage, ...] = ()
    leaked: tuple[Passage, ...] = ()
    lost: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Cell:
    """One extractor on one page, before (in the baseline) and after (in the run).

    change: of the metric, positive is better; None where a side has no value, 0 where repeats overlap. rules: names of the
    page rules that it breaks, such as `page_drop`; `new_failures` for a new failure that is not allowed. why: for a state
    that needs a reason, such as `its labels changed`. grown, lost: words that leaked more, and optional words that came out
    less, by kind. error: what the extractor said when it failed (text of strangers). words: None where nobody looked.
    """

    extractor: str
    golden: str
    set: str
    kind: str
    lang: str
    site: str
    state: State
    before: Row | None
    after: Row | None
    change: float | None = None
    rules: tuple[str, ...] = ()
    why: str = ""
    grown: Mapping[str, float] = field(default_factory=dict)
    lost: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    words: Words | None = None


@dataclass(frozen=True)
class BrokenRule:
    """A rule that an extractor breaks.

    rule: its name in the rules file. pages: which pages it is about, such as `kind forum`, `set core` or `lang de`; empty
    for all. found and allowed: as they are shown. message: one sentence without the extractor's name. goldens: the pages
    that break it, the worst first; empty for a rule that is not about single pages.
    """

    extractor: str
    rule: str
    pages: str
    found: str
    allowed: str
    message: str
    goldens: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewFinding(BrokenRule):
    """A finding of a search that nobody has accepted and the rules do not allow; `found` is its id.

    kind, level, severity, operators: see fuzz.findings.searches. show: commands that show it. accept: the command that makes
    it no news.
    """

    kind: str
    level: str
    severity: float
    operators: str
    show: tuple[str, ...]
    accept: str


@dataclass(frozen=True)
class Doubt:
    """Why the question cannot be answered in full. remedy: the next step, a command where there is one."""

    message: str
    remedy: str
    goldens: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExtractorChange:
    """One extractor of the baseline, over the pages that can be compared.

    versions: None where unknown or not in the run. before, after: the metric's value over those pages. difference: after
    minus before with its interval over sites, which says whether the change would hold on other sites and decides nothing;
    None if no page can be compared. states: number of cells of each state, in the order of STATES. failures: pages
    without a text where there should be one, before and after. leaks: words by kind.
    """

    name: str
    version_before: str | None
    version_after: str | None
    pages: int
    before: float | None
    after: float | None
    difference: Estimate | None
    states: Mapping[State, int]
    failures: tuple[int, int]
    leaks_before: Mapping[str, int]
    leaks_after: Mapping[str, int]


@dataclass(frozen=True)
class Verdict:
    """What the gate says.

    run, baseline: as the user names them. metric: what pages are compared by. extractors: those of the baseline, by name;
    unjudged: extractors of the run that the baseline does not have. cells: of every extractor and page of both sides, by
    extractor and golden. broken: the rules that are. doubts: what could not be told.
    """

    run: str
    baseline: str
    metric: str
    higher_is_better: bool
    extractors: tuple[ExtractorChange, ...]
    unjudged: tuple[str, ...]
    cells: tuple[Cell, ...]
    broken: tuple[BrokenRule, ...]
    doubts: tuple[Doubt, ...]

    @property
    def code(self) -> int:
        """The exit code: 1 if a rule is broken, else 3 if something could not be told, else 0."""
        return WORSE if self.broken else CANNOT_TELL if self.doubts else OK

    @property
    def headline(self) -> str:
        """The verdict in one sentence, without a full stop."""
        if self.broken:
            new = [rule for rule in self.broken if isinstance(rule, NewFinding)]
            others = [rule for rule in self.broken if not isinstance(rule, NewFinding)]
            pages = len({cell.golden for cell in self.worst()})
            where = f" on {plural(pages, 'page')}" if pages else ""
            parts = [f"worse than {self.baseline}: {_names(others)}{where}"] if others else []
            parts += [f"{plural(len(new), 'new finding')}: {_names(new)}"] if new else []
            parts += ["and not everything could be told"] if self.doubts else []
            return "; ".join(parts)
        if self.doubts:
            more = f" (and {len(self.doubts) - 1} more)" if len(self.doubts) > 1 else ""
            return f"could not tell: {self.doubts[0].message}{more}"
        compared = plural(len(self.extractors), "extractor")
        pages = max((extractor.pages for extractor in self.extractors), default=0)
        return f"nothing is worse than {self.baseline} allows: {compared}, {plural(pages, 'page')}"

    def worst(self, number: int | None = None, extractor: str | None = None) -> list[Cell]:
        """Cells that break a rule, the worst first: new failures, then by change, then by words leaked and lost."""
        breaking = [cell for cell in self.cells if cell.rules and extractor in (None, cell.extractor)]
        return sorted(breaking, key=badness)[:number]


def _names(rules: Sequence[BrokenRule]) -> str:
    """The extractors that break rules, the first three by name."""
    names = list(dict.fromkeys(rule.extractor for rule in rules))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def badness(cell: Cell) -> tuple[bool, float, float, str, str]:
    """A key to sort cells by, the worst first."""
    words = sum(cell.grown.values()) + sum(cell.lost.values())
    return cell.state != "newly failing", cell.change or 0.0, -words, cell.golden, cell.extractor
