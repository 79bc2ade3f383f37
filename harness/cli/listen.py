"""What a terminal shows of a run that goes on, and what exit code comes of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from rich.console import Console

from harness.common.collector import return_large_blocks
from harness.common.errors import CANNOT_TELL, INTERRUPTED, OK
from harness.common.wording import command_line, plural
from harness.engine.answer import FAILURES
from harness.evaluation.evaluate import NotLoaded
from harness.evaluation.events import (
    Begun,
    Broken,
    Event,
    Finished,
    LeftInShards,
    Measured,
    OutputsMissing,
    OutputsSurplus,
    ShardDone,
    ShardsBegun,
    Skipped,
    Totals,
    Uncomputed,
)
from harness.evaluation.extractors import NotInstalled, make_ready, require_extractors, select
from harness.evaluation.goldens import RunGoldens
from harness.goldens.reader import Mistake
from harness.plugins.ready import Unavailable
from harness.plugins.runnable import Runnable
from harness.report.kit.progress import Progress, ShardProgress
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run
from harness.runs.request import RunRequest
from harness.runs.summary import metric_failures

_SHOWN = 3  # ids that are named of those that are missing or surplus


def listen(
    events: Generator[Event, None, None], request: RunRequest, messages: Console, *, stored: bool = True, go_on: str = ""
) -> tuple[Run | None, int]:
    """Show a run as it goes on: the finished run, None if it was interrupted, and the exit code. stored: whether it is kept.

    go_on: what to do after an interruption, where that is not to resume the run.
    The code is 3 if a golden was broken, an extractor asked for by name could not run or any could not be loaded, an output
    was missing, or a metric failed.
    """
    return_large_blocks()
    shown = _Shown(request, messages)
    try:
        with closing(events):
            for event in events:
                shown.take(event)
    except KeyboardInterrupt:
        shown.end()
        if go_on:
            messages.print(f"interrupted; {go_on}", soft_wrap=True)
            return None, INTERRUPTED
        if shown.begun is None or not stored:
            raise
        run_id, results = shown.begun.id, plural(shown.results, "result")
        messages.print(f"interrupted; {results} are kept: {command_line('show', run_id)}", soft_wrap=True)
        if not request.predictions:
            messages.print(f"to run the others: {command_line('run', '--resume', run_id)}", soft_wrap=True)
        return None, INTERRUPTED
    finally:
        shown.end()
    return shown.run, CANNOT_TELL if shown.incomplete else OK


class _Shown:
    """What was shown of a run until now."""

    def __init__(self, request: RunRequest, messages: Console) -> None:
        self.run: Run | None = None
        self.begun: RunHeader | None = None
        self.results = 0
        self.incomplete = False
        self._request, self._messages = request, messages
        self._mistakes: list[Mistake] = []
        self._not_loaded: set[str] = set()  # those that were told
        self._progress: Progress | ShardProgress | None = None

    def take(self, event: Event) -> None:
        """Show one event."""
        if not isinstance(event, Broken):
            tell_number_of_broken(self._mistakes, self._request.goldens, self._messages)
            self._mistakes = []
        match event:
            case Begun():
                self._begin(event)
            case Measured():
                self._advance(event.record)
            case ShardsBegun():
                self._progress = ShardProgress(self._messages, event.shards, event.complete)
                self._progress.__enter__()
            case ShardDone():
                if isinstance(self._progress, ShardProgress) and not event.failure:
                    self._progress.advance(event.outcomes)
            case Finished():
                self.run = event.run
                for name, reason in event.run.not_loaded.items():  # also in shards that were made before
                    self._tell_not_loaded(name, reason)
                self._tell_known(event.run)
                self._tell_unscored(event.run)
            case LeftInShards():
                self.end()
                for name, totals in sorted(event.totals.items()):
                    self._messages.print(_line_of(name, totals), soft_wrap=True)
            case Broken():
                self.incomplete = True
                self._mistakes.append(event.mistake)
                tell_broken(event.mistake, self._messages)
            case Unavailable():
                self.incomplete |= event.name in self._request.extractor_names
                self._not_loaded.add(event.name)
                tell_unavailable(event, self._messages)
            case NotLoaded():
                self._tell_not_loaded(event.name, event.reason)
            case OutputsMissing():
                self.incomplete = True
                missing = f"no output for {len(event.goldens)} of {plural(event.of, 'page')}"
                what = f"{event.extractor}: {missing}, which counts as the worst score"
                self._warn(what, event.goldens)
            case OutputsSurplus():
                self._warn(f"{event.extractor}: {plural(len(event.ids), 'output')} for none of these pages", event.ids)
            case Skipped():
                tell_skipped(event, self._messages)
            case Uncomputed():
                for reason in event.reasons:
                    self._messages.print(reason, style="yellow", soft_wrap=True)
            case NotInstalled():
                tell_not_installed(event, self._messages)

    def end(self) -> None:
        """Take the progress away."""
        if self._progress:
            self._progress.__exit__()
            self._progress = None

    def _begin(self, event: Begun) -> None:
        self.begun = event.header
        names = list(event.header.extractors)
        self._progress = Progress(self._messages, names, len(event.header.goldens))
        self._progress.__enter__()
        for record in event.done:
            self._advance(record)

    def _advance(self, record: Record) -> None:
        self.results += 1
        if isinstance(self._progress, Progress) and record.repeat == self._request.repeat - 1:
            self._progress.advance(record.extractor, record.outcome)

    def _tell_known(self, run: Run) -> None:
        self.end()
        if cached := sum(record.cached for record in run.records):
            known = f"{cached} of {plural(len(run.records), 'output')} came from the cache (`--fresh` runs everything)"
            self._messages.print(known, style="dim", soft_wrap=True)

    def _tell_not_loaded(self, name: str, reason: str) -> None:
        self.incomplete = True
        if name not in self._not_loaded:
            tell_not_loaded(name, reason, self._messages)
        self._not_loaded.add(name)

    def _tell_unscored(self, run: Run) -> None:
        for line in metric_failures(run.records):
            self.incomplete = True
            self._messages.print(line, style="yellow", soft_wrap=True)

    def _warn(self, what: str, ids: tuple[str, ...]) -> None:
        more = " …" if len(ids) > _SHOWN else ""
        self._messages.print(f"{what}: {', '.join(ids[:_SHOWN])}{more}", style="yellow", soft_wrap=True)


def _line_of(name: str, totals: Totals) -> str:
    """What an extractor did in all shards, in a line."""
    failed = sum(totals.outcomes[outcome] for outcome in FAILURES)
    time = f", {1000 * totals.seconds / totals.timed:.1f} ms a page" if totals.timed else ""
    return f"{name}: {plural(totals.outcomes.total(), 'result')}, {totals.outcomes['empty']} empty, {failed} failed{time}"


def tell_broken(mistake: Mistake, messages: Console) -> None:
    """Say what is wrong with a golden."""
    messages.print(str(mistake), style="red", soft_wrap=True)


def tell_skipped(event: Skipped, messages: Console) -> None:
    """Say which goldens have no page here."""
    sets = ", ".join(sorted({missing.golden_id.rpartition("/")[0] for missing in event.goldens}))
    messages.print(
        f"{plural(len(event.goldens), 'golden')} skipped ({sets}): the pages are not here, since they must not be "
        "redistributed. Supply them with --dumps DIR or HARNESS_DUMPS=DIR, under any file name.",
        style="yellow",
        soft_wrap=True,
    )


def tell_not_installed(event: NotInstalled, messages: Console) -> None:
    """Say which extractors do not run by default. Those that the user added are named; of the others the number will do."""
    others = [f"{event.built_in} of the catalogue"] if event.built_in else []
    messages.print(
        f"Not installed here: {', '.join([*event.added, *others])} (`harness list extractors`). "
        "`-e NAME` or `-e all` runs them in isolated environments.",
        style="dim",
        soft_wrap=True,
    )


def tell_not_loaded(name: str, reason: str, messages: Console) -> None:
    """Say which extractor could not be loaded, and why."""
    text = f"{name} cannot be loaded, so nothing of it was measured: {reason}"
    messages.print(text, style="red", soft_wrap=True)


def tell_unavailable(event: Unavailable, messages: Console) -> None:
    """Say which extractor cannot run, and why."""
    messages.print(f"{event.name} cannot run: {event.reason}", style="yellow", soft_wrap=True)


def ready_extractors(request: RunRequest, messages: Console) -> tuple[list[Runnable], bool]:
    """The extractors of a request, ready to run, and whether all that were named are among them; the others are told.

    Raises PluginError, and CannotTell where there is none.
    """
    selections, not_installed = select(request)
    if not_installed:
        tell_not_installed(not_installed, messages)
    runnables, unavailable = make_ready(selections, request, announcer(messages))
    for item in unavailable:
        tell_unavailable(item, messages)
    require_extractors(runnables)
    return runnables, not any(item.name in request.extractor_names for item in unavailable)


def announcer(messages: Console) -> Callable[[str], None]:
    """Says what takes long."""
    return lambda message: messages.print(message, style="dim", soft_wrap=True)


def tell_left_out(goldens: RunGoldens, messages: Console) -> None:
    """Say which goldens are broken and which are skipped."""
    for mistake in goldens.mistakes:
        tell_broken(mistake, messages)
    tell_number_of_broken(goldens.mistakes, goldens.names, messages)
    if goldens.skipped:
        tell_skipped(Skipped(tuple(goldens.skipped)), messages)


def tell_number_of_broken(mistakes: Sequence[Mistake], names: Sequence[str], messages: Console) -> None:
    """Say how many goldens are broken, if any is. names: of the goldens that were asked for."""
    if mistakes:
        broken = plural(len({mistake.path for mistake in mistakes}), "golden")
        messages.print(f"{broken} broken and left out: {command_line('check', *names)}", style="red", soft_wrap=True)
