"""All that is looked for in one extractor: instability, and layouts that break it; each finding as small as it gets."""

from __future__ import annotations

import platform
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from itertools import groupby
from typing import Any, get_args

from harness import __version__
from harness.engine.base import DEFAULT_MEMORY, LAYOUT_TIMEOUT
from harness.engine.seat import Seat
from harness.fuzz.base import DoesNotApply, LayoutPage
from harness.fuzz.catalogue import AnyOperator, apply_all, marked_page_of
from harness.fuzz.columns import columns
from harness.fuzz.findings.finding import Finding, as_python, figures_of, first_words, plain_values
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import has_heading, longest_other_story, stories_without_heading
from harness.fuzz.html.shown import Law, broken_laws, label_hidden_text, open_main_content
from harness.fuzz.measure import repeat
from harness.fuzz.measure.ask import ask_afresh
from harness.fuzz.measure.bench import Bench, MeasuredCase
from harness.fuzz.measure.relations import FLOORS, Kind, leaked_words, level_of, lost_words
from harness.fuzz.search.reduce import TRIALS, reduce_page, smallest_failing
from harness.fuzz.search.search import EXAMPLES, Severities, WorstCase, search
from harness.goldens.golden import Golden
from harness.pages.words import words
from harness.plugins.runnable import Runnable

_PROBED = 10  # of the smallest pages, that are asked for again and again
_LEAST = 60  # words of main content that a reduced page keeps, so that it is still a page
_PASSAGE = 5  # words that leak together, not by chance
_WEIGHT = 2.0  # columns of main content for each column of any other passage: else that might be the story
_NEAR = 0.9  # of the severity, and of what came out before, that a reduced page keeps
_TRIALS_IN_PROCESSES = 40  # of a page whose every trial needs several new processes


@dataclass(frozen=True)
class SearchOptions:
    """How to search."""

    seed: int = 0
    """Without `seconds`, the same seed finds the same."""

    examples: int = EXAMPLES
    """Cases to look at."""

    seconds: float | None = None
    """Time for looking at cases, None for no limit."""

    timeout: float = LAYOUT_TIMEOUT
    """Seconds for one page."""

    memory: int = DEFAULT_MEMORY
    """Bytes for one worker."""

    trials: int = TRIALS
    """How often one page is tried with less in it."""


class ExtractorSearch:
    """The search of one extractor over goldens of its track. operators: strategies, by kind of operator."""

    def __init__(
        self,
        runnable: Runnable,
        goldens: Sequence[Golden],
        operators: Sequence[Any],
        options: SearchOptions = SearchOptions(),
        tell: Callable[[str], None] = lambda message: None,
    ) -> None:
        self.runnable, self.options, self._operators, self._tell = runnable, options, operators, tell
        self._pages: list[tuple[Golden, LayoutPage]] = []
        for golden in sorted(goldens, key=lambda golden: (len(golden.page.raw), golden.id)):
            try:
                page = marked_page_of(golden, goldens)
            except DoesNotApply as reason:
                self._tell(f"{golden.id} is left out: {reason}")
            else:
                self._pages.append((golden, open_main_content(page) if isinstance(page, DomPage) else page))

    def findings(self) -> Iterator[Finding]:
        """What breaks the extractor, each finding as soon as it is known. Raises CannotLoad."""
        if not self._pages:
            return
        with Seat(self.runnable, timeout=self.options.timeout, memory=self.options.memory) as seat:
            bench = Bench(seat)
            controls = [bench.control(page).golden for _, page in self._pages[:_PROBED]]
            unsteady = repeat.find_instability(seat, [golden.page for golden in controls])
            if unsteady:
                yield self._not_deterministic(seat, controls, unsteady)
            # What depends on the order of calls cannot be shrunk by comparing calls. All workers have the same hash seed.
            if unsteady is None or unsteady.after is None:
                yield from self._worst_layouts(bench)
                if again := self._not_idempotent(bench):
                    yield again

    def _not_deterministic(self, seat: Seat, goldens: Sequence[Golden], found: repeat.Instability) -> Finding:
        before = None if found.after is None or found.after == found.page else goldens[found.after]
        least = max(FLOORS["non-determinism"], _NEAR * found.severity)
        source, page = self._pages[found.page]

        def fails(candidate: LayoutPage) -> bool:
            golden = candidate.golden("fuzz/page")
            return (
                not _too_small(golden)
                and repeat.largest_difference(seat, golden.page, before.page if before else None) >= least
            )

        complete = False
        if fails(page):
            smaller, complete = self._reduced_between_two(seat, page, least)
            if not fails(smaller):
                smaller, complete = reduce_page(page, fails, min(self.options.trials, _TRIALS_IN_PROCESSES))
            page = smaller
        pages = {"page": page.golden(source.id)} | ({"before": before} if before else {})
        return self._finding(
            seat,
            "non-determinism",
            found.severity,
            source,
            (),
            pages=pages,
            before={"outcome": "first answer", "words": len(found.first.split())},
            after={"outcome": "other answer", "words": len(found.second.split())},
            lost=found.first.split(),
            leaked=found.second.split(),
            complete=complete,
        )

    def _reduced_between_two(self, seat: Seat, page: LayoutPage, least: float) -> tuple[LayoutPage, bool]:
        """A smaller page that two processes, neither of which starts anew for it, give several answers to."""
        with seat.beside(repeat.SEEDS[0]) as one, seat.beside(repeat.SEEDS[1]) as other:

            def fails(candidate: LayoutPage) -> bool:
                golden = candidate.golden("fuzz/page")
                return not _too_small(golden) and repeat.largest_difference_between(one, other, golden.page) >= least

            return reduce_page(page, fails, self.options.trials)

    def _worst_layouts(self, bench: Bench) -> Iterator[Finding]:
        def measure(page: int, operators: tuple[AnyOperator, ...]) -> Severities:
            return bench.measure(self._pages[page][1], operators).severities

        worst = search(
            len(self._pages),
            self._operators,
            measure,
            seed_number=self.options.seed,
            examples=self.options.examples,
            seconds=self.options.seconds,
        )
        told: set[str] = set()
        for case in worst:
            finding = self._of_case(bench, case)
            if finding is not None and finding.fingerprint not in told:
                told.add(finding.fingerprint)
                yield finding

    def _of_case(self, bench: Bench, case: WorstCase) -> Finding | None:
        """The finding that a case is; None if its labels are not true."""
        source, page = self._pages[case.page]
        page = label_hidden_text(page) if isinstance(page, DomPage) else page
        measured = bench.measure(page, case.operators)
        operators = measured.operators
        if wrong := _untrue_label(page, page, operators):
            self._tell(f"{case.kind} on {source.id} by {as_python(operators)} is no finding: {wrong}")
            return None
        complete = case.complete
        if case.kind != "timeout":  # a page that hangs takes too long to be tried again and again
            smaller, tried_all = reduce_page(page, self._fails(bench, page, case.kind, measured), self.options.trials)
            if _untrue_label(page, smaller, operators):
                smaller, tried_all = page, False
            page, complete = smaller, complete and tried_all
            measured = without_idle_operators(bench, page, case.kind, bench.measure(page, operators))
            operators = measured.operators
        kind, severity = measured.failure or (case.kind, case.severity)
        before, after = measured.before, measured.after
        if self._goes_away(bench, measured, kind):
            kind = "non-determinism"
        return self._finding(
            bench.seat,
            kind,
            severity,
            source,
            operators,
            pages={"page": replace(after.golden, id=source.id), "control": replace(before.golden, id=source.id)},
            before=figures_of(before),
            after=figures_of(after),
            lost=lost_words(after.truth, after.reading),
            leaked=leaked_words(before.truth, before.reading, after.truth, after.reading),
            error=after.answer.error,
            inserted=measured.inserted,
            complete=complete,
        )

    def _fails(self, bench: Bench, source: LayoutPage, kind: Kind, first: MeasuredCase) -> Callable[[LayoutPage], bool]:
        least = max(FLOORS[kind], _NEAR * first.severities[kind])
        good = _NEAR * min(first.before.reading.retention, first.before.reading.f)
        weight = min(_WEIGHT, _weight(source, first))
        headed = _is_headed(source)
        unnamed = _unnamed_stories(source)
        kinds = _leaked_kinds(first) if kind == "leak" else frozenset[str]()
        told = _words_of(first.before.golden, kinds)

        def fails(page: LayoutPage) -> bool:
            control = page.golden("fuzz/control")
            if _too_small(control) or (headed and not _is_headed(page)) or _words_of(control, kinds) < told:
                return False
            if _unnamed_stories(page) > unnamed:
                return False
            measured = bench.measure(page, first.operators)
            return (
                len(measured.operators) == len(first.operators)
                and measured.fails(kind, least)
                and _weight(page, measured) >= weight
                and min(measured.before.reading.retention, measured.before.reading.f) >= good
            )

        return fails

    def _goes_away(self, bench: Bench, measured: MeasuredCase, kind: Kind) -> bool:
        """Whether a new process does not fail on the page as the one that was asked so often did."""
        (answer,) = ask_afresh(bench.seat, [measured.after.golden.page])
        if kind in ("timeout", "crash"):
            return answer.outcome in ("ok", "empty")
        return answer.text != measured.after.answer.text

    def _not_idempotent(self, bench: Bench) -> Finding | None:
        for source, page in self._pages[:_PROBED]:
            if any(segment.verdict == "keep" and segment.preformatted for segment in source.segments):
                continue  # line breaks within a paragraph would become paragraphs, which the page does not have
            first = bench.control(page)
            if first.reading.failed or len(first.reading.words) < _LEAST:
                continue
            golden = repeat.golden_of_output(source, first.answer.text)
            second = bench.side_of(golden)
            severity = 1 - second.reading.retention
            if severity >= FLOORS["non-idempotence"]:
                return self._finding(
                    bench.seat,
                    "non-idempotence",
                    severity,
                    source,
                    (),
                    pages={"page": replace(golden, id=source.id)},
                    before=figures_of(first),
                    after=figures_of(second),
                    lost=lost_words(second.truth, second.reading),
                    error=second.answer.error,
                )
        return None

    def _finding(
        self,
        seat: Seat,
        kind: Kind,
        severity: float,
        source: Golden,
        operators: tuple[AnyOperator, ...],
        *,
        pages: Mapping[str, Golden],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        lost: Sequence[str] = (),
        leaked: Sequence[str] = (),
        error: str = "",
        inserted: tuple[str, ...] = (),
        complete: bool = True,
    ) -> Finding:
        return Finding(
            kind=kind,
            severity=round(severity, 4),
            level=level_of(kind, severity),
            extractor=self.runnable.name,
            version=seat.version,
            identity=self.runnable.identity,
            options=dict(self.runnable.options),
            source=source.id,
            operators=plain_values(operators),
            python=as_python(operators),
            seed=self.options.seed,
            before=before,
            after=after,
            lost=first_words(lost),
            leaked=first_words(leaked),
            error=error,
            shrunk="complete" if complete else "capped",
            made_with=versions(),
            inserted=inserted,
            pages=pages,
        )


def versions() -> dict[str, str]:
    """What a finding was made with."""
    return {
        "harness": __version__,
        "python": platform.python_version(),
        "hypothesis": metadata.version("hypothesis"),
        "selectolax": metadata.version("selectolax"),
    }


def _too_small(golden: Golden) -> bool:
    return len(words(golden.main_content)) < _LEAST


def _weight(page: LayoutPage, case: MeasuredCase) -> float:
    """The columns of the main content for each column of the longest line of boilerplate, on the page or inserted, or of the
    longest other story.

    Lines are those of the page without the change: one that joins lines makes no passage longer.
    """
    golden = case.before.golden
    dropped = groupby((s for s in golden.segments if s.verdict == "drop"), key=lambda segment: segment.line)
    lines = ["".join(segment.text for segment in line) for _, line in dropped]
    lines += [line for text in case.inserted for line in text.splitlines()]
    story = longest_other_story(page.tree) if isinstance(page, DomPage) else 0
    return columns(golden.main_content) / max([1, story, *map(columns, lines)])


def _leaked_kinds(case: MeasuredCase) -> frozenset[str]:
    """The kinds of text that leak and that no operator inserted. Without all of it, a reader could not tell what it is."""
    before, after = case.before, case.after
    leaked = set(leaked_words(before.truth, before.reading, after.truth, after.reading))
    dropped = [segment for segment in before.golden.segments if segment.verdict == "drop"]
    whole = ((segment.kind, set(words(segment.text))) for segment in dropped)
    return frozenset(kind for kind, known in whole if len(known) >= _PASSAGE and known <= leaked)


def _words_of(golden: Golden, kinds: Collection[str]) -> int:
    return sum(len(words(s.text)) for s in golden.segments if s.verdict == "drop" and s.kind in kinds)


def _is_headed(page: LayoutPage) -> bool:
    return isinstance(page, DomPage) and has_heading(page.tree)


def _unnamed_stories(page: LayoutPage) -> int:
    return stories_without_heading(page.tree) if isinstance(page, DomPage) else 0


def _untrue_label(source: LayoutPage, page: LayoutPage, operators: Sequence[AnyOperator]) -> str:
    """What is not true of the labels of a page, or of the page as operators change it; empty if all is true.

    What a golden's author says is hidden on the page as it was, `source`, is believed. Operators may hide main content, as
    pages do until a script runs.
    """
    if not isinstance(source, DomPage) or not isinstance(page, DomPage):
        return ""
    changed, _ = apply_all(page, operators)
    assert isinstance(changed, DomPage)
    trusted = broken_laws(source).keys() & {"hidden text is hidden"}
    laws = set(get_args(Law)) - trusted
    found = broken_laws(page, laws) | broken_laws(changed, laws - {"main content is shown"})
    return "; ".join(f"it is not true that {law}: {text!r}" for law, text in found.items())


def without_idle_operators(bench: Bench, page: LayoutPage, kind: Kind, measured: MeasuredCase) -> MeasuredCase:
    """The case without the operators that the page, small as it is by now, fails without."""
    least = max(FLOORS[kind], _NEAR * measured.severities[kind])

    def fails(operators: Sequence[AnyOperator]) -> bool:
        return bool(operators) and bench.measure(page, tuple(operators)).fails(kind, least)

    needed = tuple(smallest_failing(measured.operators, fails))
    return measured if needed == measured.operators else bench.measure(page, needed)
