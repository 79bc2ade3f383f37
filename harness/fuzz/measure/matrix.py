"""Every operator on every page for every extractor, once: the figures that statistics are made of (docs/fuzzing.md).

Processes take a page each: they change it, ask the extractors, which run in workers of their own, and read the outputs. What
a page needs is in memory while its turn lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.util import Finalize

from harness.common import extensions
from harness.engine.local import DEFAULT_MEMORY
from harness.fuzz.base import DoesNotApply, Nature
from harness.fuzz.catalogue import AnyOperator, apply, label_of, page_of, usual
from harness.fuzz.measure.ask import DEFAULT_TIMEOUT, Asker
from harness.fuzz.measure.bench import Side
from harness.fuzz.measure.relations import Kind, Truth, failure, read, severities, truth_of
from harness.goldens.golden import Golden
from harness.plugins.runnable import Runnable

CONTROL = "D1"  # the page written anew: what all others are compared with, and is itself compared with the page as stored


@dataclass(frozen=True)
class Cell:
    """What one operator did to one extractor on one page, against the page written anew without a change.

    operator: as Python; label: for people; code, nature: its own. before_f, after_f, before_recall, after_recall: by words
    in order. retention: of the main content's grams after the change, less those before. leaked: of the inserted grams,
    None where nothing was inserted. dose: inserted grams for one of the main content. changed: whether the output has other
    words. kind, severity: of the failure, None and 0 for none. outcome: of the changed page. version: of the extractor,
    None where it tells none.
    """

    extractor: str
    operator: str
    label: str
    code: str
    nature: Nature
    golden: str
    site: str
    set: str
    outcome: str
    before_f: float
    after_f: float
    before_recall: float
    after_recall: float
    retention: float
    leaked: float | None
    dose: float
    changed: bool
    kind: Kind | None
    severity: float
    version: str | None = None

    @property
    def change(self) -> float:
        """F after the change less F before."""
        return self.after_f - self.before_f

    @property
    def lost(self) -> bool:
        """Whether recall dropped by more than a half."""
        return self.before_recall - self.after_recall > 0.5


@dataclass(frozen=True)
class Skipped:
    """A page that an operator does not apply to, and why; the operator is empty for a page that nothing applies to."""

    operator: str
    code: str
    golden: str
    reason: str


@dataclass(frozen=True)
class Setting:
    """What a matrix runs. codes: of operators, all without any. timeout: seconds; memory: bytes of a worker."""

    runnables: tuple[Runnable, ...]
    goldens: tuple[Golden, ...]
    codes: tuple[str, ...] = ()
    timeout: float = DEFAULT_TIMEOUT
    memory: int = DEFAULT_MEMORY


def run_matrix(
    setting: Setting, jobs: int = 1, done: Callable[[str], None] = lambda golden: None
) -> Iterator[Cell | Skipped]:
    """All cells, page by page in the order of the goldens. Raises CannotLoad for an extractor that cannot be loaded.

    jobs: processes. done: is told the id of each golden that is done. Extractors run on pages of their own track only.
    """
    numbers = range(len(setting.goldens))
    if jobs < 2 or len(numbers) < 2:
        with ExitStack() as stack:
            page_runner = _PageRunner(setting, stack)
            for number in numbers:
                yield from page_runner.cells(number)
                done(setting.goldens[number].id)
        return
    # Processes start fresh: a fork would share whatever threads and locks the caller has.
    begin = setting, extensions.sources()
    with ProcessPoolExecutor(min(jobs, len(numbers)), get_context("spawn"), _begin, begin) as pool:
        try:
            for number, (cells, notes) in zip(numbers, pool.map(_cells, numbers)):
                extensions.note(*notes)
                yield from cells
                done(setting.goldens[number].id)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_runner: list[_PageRunner] = []  # of this process, if it is one of the pool's


def _begin(setting: Setting, sources: tuple[extensions.Source, ...]) -> None:
    extensions.use(sources)
    stack = ExitStack()
    Finalize(None, stack.close, exitpriority=1)  # at the end of a process of a pool, `atexit` is not asked
    _runner.append(_PageRunner(setting, stack))


def _cells(number: int) -> tuple[list[Cell | Skipped], list[str]]:
    return list(_runner[0].cells(number)), extensions.take_notes()


class _PageRunner:
    """Runs all operators and extractors over one page after the other; workers are kept from page to page."""

    def __init__(self, setting: Setting, stack: ExitStack) -> None:
        self._setting = setting
        self._askers = [
            stack.enter_context(Asker(runnable, timeout=setting.timeout, memory=setting.memory))
            for runnable in setting.runnables
        ]

    def cells(self, number: int) -> Iterator[Cell | Skipped]:
        golden = self._setting.goldens[number]
        askers = [asker for asker in self._askers if asker.runnable.media == golden.page.media]
        operators = usual(golden.page.media, self._setting.codes)
        if not askers or not operators:
            return
        try:
            page = page_of(golden, self._setting.goldens)
        except DoesNotApply as reason:
            yield Skipped("", "", golden.id, str(reason))
            return
        control = page.golden(golden.id)
        truth = truth_of(control)
        before = [_ask(asker, control, truth) for asker in askers]
        for operator in operators:
            if operator.code == CONTROL:
                stored = truth_of(golden)
                for asker, side in zip(askers, before):
                    yield _cell(asker, operator, golden, _ask(asker, golden, stored), side)
                continue
            try:
                changed = apply(operator, page)
            except DoesNotApply as reason:
                yield Skipped(repr(operator), operator.code, golden.id, str(reason))
                continue
            after_golden = changed.golden(golden.id)
            if after_golden.page.raw == control.page.raw:
                yield Skipped(repr(operator), operator.code, golden.id, "it changes nothing on this page")
                continue
            after_truth = truth_of(after_golden, changed.inserted)
            for asker, side in zip(askers, before):
                yield _cell(asker, operator, golden, side, _ask(asker, after_golden, after_truth))


def _ask(asker: Asker, golden: Golden, truth: Truth) -> Side:
    answer = asker.ask(golden.page)
    return Side(golden, truth, answer, read(truth, answer.outcome, answer.text))


def _cell(asker: Asker, operator: AnyOperator, golden: Golden, before: Side, after: Side) -> Cell:
    found = failure(severities(before.truth, before.reading, after.truth, after.reading))
    kind, severity = found or (None, 0.0)
    return Cell(
        extractor=asker.runnable.name,
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
        version=asker.version,
    )
