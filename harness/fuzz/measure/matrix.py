"""Every operator on every page for every extractor, once: the figures that statistics are made of (docs/fuzzing.md).

Processes take a page each: they change it, ask the extractors, which run in workers of their own, and read the outputs. What
a page needs is in memory while its turn lasts. Answers are kept with those of runs, so that after a change of one extractor
only this one is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.util import Finalize

from harness.common import extensions
from harness.common.pool import process_pool
from harness.engine.answer import Answer
from harness.engine.base import DEFAULT_MEMORY, LAYOUT_TIMEOUT
from harness.engine.cache import OutputCache
from harness.engine.seat import Seat
from harness.fuzz.base import DoesNotApply, Nature
from harness.fuzz.catalogue import AnyOperator, apply, label_of, matrix_instances, page_of
from harness.fuzz.measure.ask import answer_of, as_plain
from harness.fuzz.measure.bench import MeasuredPage
from harness.fuzz.measure.relations import Kind, Truth, failure, read_output, severities, truth_of
from harness.goldens.golden import Golden
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

CONTROL = "D1"  # the page written anew: what all others are compared with, and is itself compared with the page as stored


@dataclass(frozen=True)
class MatrixCell:
    """What one operator did to one extractor on one page, against the page written anew without a change."""

    extractor: str
    """The extractor's name."""

    operator: str
    """The operator as Python."""

    label: str
    """The operator for people."""

    code: str
    """The operator's code."""

    nature: Nature
    """The operator's nature."""

    golden: str
    """The page's id."""

    site: str
    """The page's site."""

    set: str
    """The page's set."""

    outcome: str
    """Of the changed page: one of harness.engine.answer.OUTCOMES."""

    before_f: float
    """F without the change, as scoring counts it."""

    after_f: float
    """F with the change."""

    before_recall: float
    """Recall without the change, as scoring counts it."""

    after_recall: float
    """Recall with the change."""

    retention: float
    """The share of the main content's grams that come out with the change, less the share without it."""

    leaked: float | None
    """The share of the inserted grams that come out, None where nothing was inserted."""

    dose: float
    """Inserted grams for each gram of the main content."""

    changed: bool
    """Whether the output has other words."""

    kind: Kind | None
    """The kind of failure, None for none."""

    severity: float
    """Of the failure, 0…1; 0 for none."""

    version: str | None = None
    """The extractor's version, None where it tells none."""

    @property
    def change(self) -> float:
        """F after the change less F before."""
        return self.after_f - self.before_f

    @property
    def lost(self) -> bool:
        """Whether recall dropped by more than a half."""
        return self.before_recall - self.after_recall > 0.5


@dataclass(frozen=True)
class SkippedPage:
    """A page that an operator does not apply to."""

    operator: str
    """The operator as Python, empty for a page that nothing applies to."""

    code: str
    """The operator's code, empty likewise."""

    golden: str
    """The page's id."""

    reason: str
    """Why it does not apply."""


@dataclass(frozen=True)
class MatrixSetting:
    """What a matrix runs."""

    runnables: tuple[Runnable, ...]
    """The extractors."""

    goldens: tuple[Golden, ...]
    """The pages."""

    codes: tuple[str, ...] = ()
    """Codes of operators; without any, all are run."""

    timeout: float = LAYOUT_TIMEOUT
    """Seconds for one page."""

    memory: int = DEFAULT_MEMORY
    """Bytes for one worker."""

    fresh: bool = False
    """Whether extractors are asked even where the answer is known."""


def run_matrix(
    setting: MatrixSetting, jobs: int = 1, done: Callable[[str], None] = lambda golden: None
) -> Iterator[MatrixCell | SkippedPage]:
    """All cells, page by page in the order of the goldens. Raises CannotLoad for an extractor that cannot be loaded.

    jobs: processes. done: is told the id of each golden that is done. Extractors run on pages of their own track only.
    """
    numbers = range(len(setting.goldens))
    if jobs < 2 or len(numbers) < 2:
        with ExitStack() as stack:
            page_runner = _LayoutRunner(setting, stack)
            for number in numbers:
                yield from page_runner.cells(number)
                done(setting.goldens[number].id)
        return
    with process_pool(min(jobs, len(numbers)), _begin, setting) as pool:
        for number, (cells, failures) in zip(numbers, pool.map(_cells, numbers)):
            extensions.note_failure(*failures)
            yield from cells
            done(setting.goldens[number].id)


_runner: list[_LayoutRunner] = []  # of this process, if it is one of the pool's


def _begin(setting: MatrixSetting) -> None:
    stack = ExitStack()
    Finalize(None, stack.close, exitpriority=1)  # at the end of a process of a pool, `atexit` is not asked
    _runner.append(_LayoutRunner(setting, stack))


def _cells(number: int) -> tuple[list[MatrixCell | SkippedPage], list[str]]:
    return list(_runner[0].cells(number)), extensions.take_failures()


class _LayoutRunner:
    """Runs all operators and extractors over one page after the other; workers are kept from page to page."""

    def __init__(self, setting: MatrixSetting, stack: ExitStack) -> None:
        self._setting = setting
        self._seats = [
            stack.enter_context(Seat(runnable, timeout=setting.timeout, memory=setting.memory))
            for runnable in setting.runnables
        ]
        # A cache that cannot be used costs time, and nothing else.
        self._cache = stack.enter_context(
            closing(OutputCache(lambda reason: None, fresh=setting.fresh, memory=setting.memory))
        )
        self._versions: dict[str, str | None] = {}  # of extractors that were not loaded, since their answers are known

    def cells(self, number: int) -> Iterator[MatrixCell | SkippedPage]:
        golden = self._setting.goldens[number]
        seats = [seat for seat in self._seats if seat.runnable.declared.media == golden.page.media]
        operators = matrix_instances(golden.page.media, self._setting.codes)
        if not seats or not operators:
            return
        try:
            page = page_of(golden, self._setting.goldens)
        except DoesNotApply as reason:
            yield SkippedPage("", "", golden.id, str(reason))
            return
        control = page.golden(golden.id)
        truth = truth_of(control)
        before = [self._side(seat, control, truth) for seat in seats]
        for operator in operators:
            if operator.code == CONTROL:
                stored = truth_of(golden)
                for seat, side in zip(seats, before):
                    yield self._cell(seat, operator, golden, self._side(seat, golden, stored), side)
                continue
            try:
                changed = apply(operator, page)
            except DoesNotApply as reason:
                yield SkippedPage(repr(operator), operator.code, golden.id, str(reason))
                continue
            after_golden = changed.golden(golden.id)
            if after_golden.page.raw == control.page.raw:
                yield SkippedPage(repr(operator), operator.code, golden.id, "it changes nothing on this page")
                continue
            after_truth = truth_of(after_golden, changed.inserted)
            for seat, side in zip(seats, before):
                yield self._cell(seat, operator, golden, side, self._side(seat, after_golden, after_truth))

    def _side(self, seat: Seat, golden: Golden, truth: Truth) -> MeasuredPage:
        answer = as_plain(self._answer(seat, golden.page), seat.runnable.output)
        return MeasuredPage(golden, truth, answer, read_output(truth, answer.outcome, answer.text))

    def _answer(self, seat: Seat, page: Page) -> Answer:
        """The answer that is known, or the extractor's own, which is kept."""
        known = self._cache.lookup(seat.runnable, page, 0)
        if known is not None and (known.answer.wall or 0) <= seat.timeout:
            self._versions[seat.runnable.name] = known.version
            return known.answer
        answer = answer_of(seat, page)
        self._cache.store(seat.runnable, page, 0, seat.version, answer)
        return answer

    def _cell(
        self, seat: Seat, operator: AnyOperator, golden: Golden, before: MeasuredPage, after: MeasuredPage
    ) -> MatrixCell:
        version = seat.version if seat.loaded else self._versions.get(seat.runnable.name)
        return _cell(seat.runnable.name, version, operator, golden, before, after)


def _cell(
    extractor: str,
    version: str | None,
    operator: AnyOperator,
    golden: Golden,
    before: MeasuredPage,
    after: MeasuredPage,
) -> MatrixCell:
    found = failure(severities(before.truth, before.reading, after.truth, after.reading))
    kind, severity = found or (None, 0.0)
    return MatrixCell(
        extractor=extractor,
        operator=repr(operator),
        label=label_of(operator),
        code=operator.code,
        nature=operator.nature,
        golden=golden.id,
        site=golden.site,
        set=golden.set,
        outcome=after.reading.outcome,
        before_f=before.reading.f,
        after_f=after.reading.f,
        before_recall=before.reading.recall,
        after_recall=after.reading.recall,
        retention=after.reading.retention - before.reading.retention,
        leaked=after.reading.leaked,
        dose=len(after.truth.inserted) / max(1, len(after.truth.keep)),
        changed=after.reading.words != before.reading.words,
        kind=kind,
        severity=severity,
        version=version,
    )
