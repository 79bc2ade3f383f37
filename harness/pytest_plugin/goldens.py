"""The tests that the pytest plugin collects: one for each golden, and one for the layouts of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timezone
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.baseline.file import BaselineError, read_baseline
from harness.baseline.model import Baseline, baseline_of
from harness.common import extensions
from harness.common.errors import CannotTell, HarnessError, Impossible
from harness.common.wording import did_you_mean, pip_install
from harness.datasets import Entry
from harness.engine.answer import FAILURES
from harness.evaluation.digests import facts_of
from harness.gate.known_failures import beyond_known
from harness.gate.pages import fails, judge_pages
from harness.gate.rules import KnownFailure, Rules
from harness.gate.rules_file import read_rules
from harness.gate.verdict import JudgedPage
from harness.goldens.golden import Golden
from harness.metrics import METRICS, USUAL_METRICS, Metric
from harness.metrics.choice import metric_names
from harness.metrics.definitions import definitions
from harness.pytest_plugin.failure import PageFailed
from harness.pytest_plugin.fixture import harness_of, quoted, shortened
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run

if TYPE_CHECKING:
    from harness.pytest_plugin.layouts import Layouts

_SUPPLY = "supply it through HARNESS_DUMPS"
_LONGEST_ERROR = 4_000  # characters of what an extractor says when it fails


class GoldenTests:
    """The plugin that adds the tests. It is registered only where --harness-extractor is given."""

    def __init__(self, config: pytest.Config) -> None:
        """Understand the options. Raises UsageError with all that is wrong with them."""
        self.harness = harness_of(config)
        self.extractor: str = config.getoption("harness_extractor")
        self.baseline_name: str | None = config.getoption("harness_baseline")
        self.baseline: Baseline | None = None
        self.rules = Rules()
        self.minima: dict[str, float] = {}
        self.layouts: Layouts | None = None
        mistakes: list[str] = []
        checks = (self._require_extractor, self._require_timeout, self._read_baseline, self._read_minima, self._read_layouts)
        for check in checks:
            try:
                check(config)
            except (Impossible, BaselineError) as error:
                mistakes.append(str(error))
        if mistakes:
            raise pytest.UsageError(escape_controls("\n".join(mistakes)))
        self.metric: Metric = METRICS[self.rules.metric or "F"]

    @pytest.hookimpl(tryfirst=True)  # before -k and --last-failed choose
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add the tests behind all others."""
        collector = GoldenCollector.from_parent(session, name="harness", nodeid="harness", tests=self)
        items.extend(item for item in session.genitems(collector) if isinstance(item, pytest.Item))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which extensions of the harness cannot be used."""
        for problem in extensions.problems():
            terminalreporter.write_line(escape_controls(problem), yellow=True)

    def tests(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """The name of each test with what it does.

        Raises Impossible if --harness-goldens names what does not exist, CannotTell if no page of it is here.
        """
        found = self.harness.find()
        there = {entry.id for entry in found.entries}
        for entry in found.entries:
            yield entry.id, partial(self._check, entry)
            if self.layouts:
                yield self.layouts.name(entry.id), partial(self._check_layouts, entry, self.layouts)
        if found.skipped and not found.entries and not found.mistakes:
            raise CannotTell(f"none of these pages is here, so nothing would be tested: {found.skipped[0]}; {_SUPPLY}")
        for missing in found.skipped:
            yield missing.golden_id, partial(_skip, f"{missing}; {_SUPPLY}")
        wrong: dict[str, list[str]] = {}
        for mistake in found.mistakes:
            wrong.setdefault(f"{mistake.path.parent.name}/{mistake.path.stem}", []).append(str(mistake))
        for name, lines in wrong.items():
            yield f"{name} (broken)", partial(_fail, "\n".join(lines))
        known = (
            {golden for extractor, golden in self.baseline.rows if extractor == self.extractor} if self.baseline else set()
        )
        for golden_id in sorted(known - there - {missing.golden_id for missing in found.skipped} - {*wrong}):
            yield golden_id, partial(_skip, f"in {self.baseline_name}, but its golden is not in this session")

    def _check(self, entry: Entry) -> None:
        try:
            golden = entry.load()
            record = self.harness.measure(golden, [*USUAL_METRICS, self.metric.name, *self.minima])
        except HarnessError as error:
            raise PageFailed(str(error)) from None
        page = self._judged_page(golden, record)
        wrong = [*_outcome(record, page, self.metric), *self._changes(page), *self._too_low(record)]
        known = next((one for one in self.rules.known_failures if one.is_of(self.extractor, golden.id)), None)
        if known and isinstance(known.until, date) and datetime.now(timezone.utc).date() < known.until:
            beyond = list(self._beyond(known, page, record))
            if wrong and not beyond:
                pytest.xfail(f"known failure: {known.reason}")
            more = [f"worse than the known failure ({known.reason}): {reason}" for reason in beyond]
            passes = [f"breaks no rule any more: take it out of the known failures ({known.reason})"]
            wrong = [*wrong, *more] if wrong else passes
        if wrong:
            raise PageFailed("\n".join([*wrong, *self._shown(golden, record)]))
        if page is not None and page.after is not None and page.state == "same" and fails(page.after, self.metric):
            pytest.xfail(f"{record.outcome}, as in {self.baseline_name}")

    def _beyond(self, known: KnownFailure, page: JudgedPage | None, record: Record) -> Iterator[str]:
        """In what a page does worse than its known failure says."""
        if page is not None:
            if page.state == "not comparable":
                yield "it cannot be compared"
            yield from beyond_known(known, page, self.rules, self.metric)
        else:
            value = record.scores.get(self.metric.name)
            if value is not None and not known.covers(value, self.metric):
                yield f"{self.metric.name} is {number(value)}, and its `value` is {known.value:g}"

    def _check_layouts(self, entry: Entry, layouts: Layouts) -> None:
        try:
            layouts.check(entry.load())
        except HarnessError as error:
            raise PageFailed(str(error)) from None

    def _judged_page(self, golden: Golden, record: Record) -> JudgedPage | None:
        """The page compared with its row in the baseline; None without one."""
        pair = (self.extractor, golden.id)
        if self.baseline is None or pair not in self.baseline.rows:
            return None
        before = replace(
            self.baseline,
            goldens={golden.id: self.baseline.goldens[golden.id]},
            rows={pair: self.baseline.rows[pair]},
        )
        header = RunHeader("pytest", goldens={golden.id: facts_of(golden)}, definitions=definitions(record.scores))
        after = baseline_of(Run("pytest", header, {}, (record,), finished=True))
        (page,) = judge_pages(before, after, self.metric, self.rules, {}, {})
        return page

    def _changes(self, page: JudgedPage | None) -> Iterator[str]:
        """What is worse than in the baseline, and what cannot be compared."""
        if page is None or page.before is None or page.after is None:
            return
        if page.state == "not comparable":
            yield (
                f"cannot be compared with {self.baseline_name}: {page.why}. "
                "Look at it, then `harness run` and `harness accept`"
            )
        elif page.rules:
            yield f"worse than {self.baseline_name} ({', '.join(page.rules)})"
            name = self.metric.name
            yield f"  {name} {number(page.before.scores.get(name))} → {number(page.after.scores.get(name))}"
            for words in ("missed", "leaked") if page.before.counts and page.after.counts else ():
                yield f"  {words} {page.before.counts[words]} → {page.after.counts[words]} words"
            if page.grown:
                yield f"  leaks more: {_kinds(page.grown)}"
            for name, drop in page.fallen.items():
                yield f"  {name} fell by {drop:.3f}"
            if page.lost:
                yield f"  optional text lost: {_kinds(page.lost)}"

    def _too_low(self, record: Record) -> Iterator[str]:
        for name, least in self.minima.items():
            value = record.scores.get(name)
            if name in record.unscored:
                yield f"{name} has no value on this page, since the metric failed: {escape_controls(record.unscored[name])}"
            elif value is None:
                yield f"{name} has no value on this page, and --harness-min asks for {least:g}"
            elif value < least:
                yield f"{name} is {number(value)}, and --harness-min asks for {least:g}"

    def _shown(self, golden: Golden, record: Record) -> Iterator[str]:
        if record.outcome in FAILURES:
            yield quoted(shortened(escape_controls(record.error), _LONGEST_ERROR))
        elif golden.has_main_content:
            yield quoted(self.harness.diff(golden, record.text))

    def _require_extractor(self, config: pytest.Config) -> None:
        self.harness.require(self.extractor)

    def _require_timeout(self, config: pytest.Config) -> None:
        timeout = config.getoption("harness_timeout")
        if not 0 < timeout < math.inf:
            raise Impossible(f"--harness-timeout {timeout:g} is not a number of seconds above 0")

    def _read_baseline(self, config: pytest.Config) -> None:
        if self.baseline_name is None:
            return
        self.baseline = read_baseline(Path(self.baseline_name))
        self.rules = read_rules()
        known = self.baseline.extractors
        if self.extractor not in known:
            hint = did_you_mean(self.extractor, known) or f"; known: {', '.join(known) or 'none'}"
            raise Impossible(f"{self.baseline_name} has no extractor {self.extractor!r}{hint}")

    def _read_layouts(self, config: pytest.Config) -> None:
        examples = config.getoption("harness_layouts")
        if examples is None:
            return
        if examples < 1:
            raise Impossible(f"--harness-layouts {examples} is not a number of layouts from 1")
        if not find_spec("hypothesis"):
            raise Impossible(f"--harness-layouts needs Hypothesis: {pip_install('fuzz')}")
        from harness.pytest_plugin.layouts import Layouts

        self.layouts = Layouts(self.harness, examples)

    def _read_minima(self, config: pytest.Config) -> None:
        mistakes = []
        usual = [name for name in USUAL_METRICS if METRICS[name].higher_is_better]
        for text in config.getoption("harness_min"):
            given, _, value = text.rpartition("=")
            try:
                name = metric_names([given])[0]
            except Impossible as error:
                hint = str(error) if ":" in given else f"no metric {given!r}{did_you_mean(given, usual)}"
                mistakes.append(f"--harness-min {text}: {hint}; use {', '.join(usual)}")
                continue
            if not METRICS[name].higher_is_better:
                mistakes.append(f"--harness-min {text}: {name} is better the lower it is; use {', '.join(usual)}")
                continue
            try:
                self.minima[name] = float(value)
            except ValueError:
                self.minima[name] = math.nan
            if not 0 <= self.minima[name] <= 1:
                mistakes.append(f"--harness-min {text}: write a value from 0 to 1, such as {name}=0.9")
        if mistakes:
            raise Impossible("\n".join(mistakes))


class GoldenCollector(pytest.Collector):
    """The parent of the tests of goldens in pytest's tree."""

    def __init__(self, *, tests: GoldenTests, **node: Any) -> None:
        super().__init__(**node)
        self._tests = tests

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each golden, by id."""
        try:
            for name, check in self._tests.tests():
                yield GoldenItem.from_parent(self, name=escape_controls(name), check=check)
        except HarnessError as error:
            raise self.CollectError(escape_controls(str(error))) from None


class GoldenItem(pytest.Item):
    """The test of one golden."""

    def __init__(self, *, check: Callable[[], None], **node: Any) -> None:
        super().__init__(**node)
        self._check = check

    def runtest(self) -> None:
        """Raises PageFailed."""
        self._check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The message without a traceback, which would only show the harness."""
        if isinstance(excinfo.value, PageFailed):
            shown = excinfo.getrepr(style="value")
            if shown.reprcrash:  # what pytest's summary and JUnit's message take, where the whole text would come twice
                shown.reprcrash.message = str(excinfo.value).splitlines()[0]
            return shown
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """No file: a golden can be many things."""
        return self.path, None, self.name


def _outcome(record: Record, page: JudgedPage | None, metric: Metric) -> Iterator[str]:
    """What is wrong with the outcome, unless the baseline has it so."""
    if record.outcome in FAILURES:
        failing = True
    else:
        failing = record.outcome == "empty" and record.counts.get("missed") != 0
    if page is None:
        if failing:
            yield _said(record)
    elif page.state == "newly failing":
        yield f"{_said(record)}, and had text in the baseline"
    elif page.state == "not comparable" and failing:
        yield _said(record)


def _said(record: Record) -> str:
    return "no text came out" if record.outcome == "empty" else f"the extractor failed: {record.outcome}"


def _kinds(words: Mapping[str, float]) -> str:
    return ", ".join(f"{kind} {value:g}" for kind, value in sorted(words.items(), key=lambda item: (-item[1], item[0])))


def _skip(reason: str) -> None:
    pytest.skip(escape_controls(reason))


def _fail(reason: str) -> None:
    raise PageFailed(escape_controls(reason))
