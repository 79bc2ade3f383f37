"""Plans a run and does it: goldens and extractors by name, every pair is measured, scored and stored. Yields events."""

from __future__ import annotations

import platform
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from harness import __version__
from harness.common import extensions
from harness.common.errors import CannotTell, HarnessError, Impossible
from harness.common.options import mistakes_in
from harness.common.wording import Announce
from harness.engine.base import Engine, Loaded
from harness.engine.cache import OutputCache
from harness.evaluation.evaluate import NotLoaded, evaluate
from harness.evaluation.events import Begun, Broken, Event, Finished, Measured, Skipped, Uncomputed
from harness.evaluation.extractors import NotInstalled, make_ready, pinned, require_extractors, select_loadable
from harness.evaluation.goldens import RunGoldens
from harness.evaluation.on_cores import Setting, evaluate_on_cores
from harness.metrics import METRICS
from harness.metrics.choice import computed_metrics, metric_names, sources_of, usual_metrics
from harness.metrics.definitions import definitions
from harness.metrics.own.fabrication import FABRICATED
from harness.plugins.installed import own_packages
from harness.plugins.lock import differences
from harness.plugins.ready import code_of
from harness.plugins.registry import Selection, Unloadable
from harness.plugins.runnable import Runnable
from harness.runs.file import MemoryRun, RunWriter, continue_run, new_run, run_id
from harness.runs.header import ExtractorFacts, RunHeader
from harness.runs.record import Record
from harness.runs.request import RunRequest
from harness.runs.texts import keeps_text


def run(
    request: RunRequest,
    *,
    jobs: int = 1,
    engine: Engine | None = None,
    fresh: bool = False,
    folder: Path | None = None,
    resumed: Path | None = None,
    again: RunHeader | None = None,
    may_be_empty: bool = False,
    announce: Announce = lambda message: None,
) -> Generator[Event, None, None]:
    """Do what a request asks for, and yield events meanwhile; the last event is `Finished`.

    jobs: processes of this machine that run extractors and score, each with workers of its own. engine: what runs the
    extractors in their place. fresh: run everything, even
    where the output is known from an earlier run. folder: where the run is stored while it goes on; None: nowhere, and the
    run that `Finished` holds has the texts of its outputs. resumed: the file of an unfinished run that this request was
    read from, to be continued. again: the header of a run that this request was read from, to be made again with the
    packages that it had. may_be_empty: whether a run without pages is one, as the shard of few pages may be. announce: is
    called with a line where something takes long, such as building an environment, or
    where the store of known outputs cannot be used.

    Raises Impossible with everything that is wrong with the request, CannotTell where there is nothing to measure. Closing
    the generator ends all workers; what was measured until then stays in the file.
    """
    extensions.use_plugin_files(request.plugins, memory=request.memory, timeout=request.timeout)
    request = pinned(request, announce)
    with closing(OutputCache(announce, fresh=fresh, memory=request.memory)) as cache:
        yield from _run(request, cache, jobs, engine, fresh, folder, resumed, again, may_be_empty, announce)


def _run(
    request: RunRequest,
    cache: OutputCache,
    jobs: int,
    engine: Engine | None,
    fresh: bool,
    folder: Path | None,
    resumed: Path | None,
    again: RunHeader | None,
    may_be_empty: bool,
    announce: Announce,
) -> Iterator[Event]:
    goldens, selections, not_installed, unloadable = _found(request, cache)
    shown, uncomputed = (metric_names(request.metrics), []) if request.metrics else usual_metrics(goldens.groups)
    if FABRICATED not in shown and any(selection.plugin.declared.generative for selection in selections):
        shown.append(FABRICATED)
    yield from left_out_events(goldens)
    if uncomputed:
        yield Uncomputed(tuple(uncomputed))
    if not may_be_empty:
        goldens.require_pages()
    if not_installed:
        yield not_installed
    not_loaded = [NotLoaded(one.name, one.reason) for one in unloadable]
    yield from not_loaded
    locks = {name: facts.lock for name, facts in again.extractors.items() if facts.lock} if again else None
    runnables, unavailable = make_ready(selections, request, announce, locks)
    yield from unavailable
    require_extractors(runnables)
    if again:
        _require_like(again, goldens, runnables)
        for line in differences(again.packages, own_packages()) if again.packages else ():
            announce(f"the harness itself runs with {line} as in run {again.id}")
    header = replace(
        header_of(request, goldens, shown),
        extractors={r.name: ExtractorFacts(r.source, r.code, dict(r.options), r.identity, r.lock) for r in runnables},
        references=tuple(r.name for r in runnables if r.declared.reference),
    )
    codes = {runnable.name: runnable.code for runnable in runnables}
    with ExitStack() as stack:
        sink, done = _sink(header, folder, resumed)
        stack.enter_context(sink)
        for missing in not_loaded:
            sink.not_loaded(missing.name, missing.reason)
        for absent in unavailable:
            if absent.name in request.extractor_names:
                sink.not_loaded(absent.name, absent.reason)
        yield Begun(sink.header, done)
        keys = {record.key for record in done}
        metrics, repeat = tuple(sink.header.metrics), request.repeat
        if engine:
            events = evaluate(goldens, runnables, engine=engine, metrics=metrics, repeat=repeat, cache=cache, done=keys)
        else:
            setting = Setting(tuple(runnables), metrics, repeat, request.timeout, request.memory, fresh)
            events = evaluate_on_cores(goldens, setting, jobs=jobs, cache=cache, done=keys)
        for event in stack.enter_context(closing(events)):
            if isinstance(event, Loaded):
                sink.extractor(event.runnable.name, event.version, event.runtime)
                yield event
            elif isinstance(event, NotLoaded):
                sink.not_loaded(event.name, event.reason)
                yield event
            else:
                sink.record(event if keeps_text(request.keep_texts, event.golden) else replace(event, text=""))
                yield Measured(event)
        for name in cache.unkept:
            sink.not_cached(name)
        for name, read in cache.reads.items():
            sink.reads(name, read)
        if changed := [s.name for s in selections if s.name in header.extractors and code_of(s.plugin) != codes[s.name]]:
            what = f"the code of {', '.join(changed)} has changed since the run began"
            raise CannotTell(f"{what}, so that it is not known what was measured: run it again")
        finished = sink.finish()
    yield Finished(finished)


def left_out_events(goldens: RunGoldens) -> Iterator[Event]:
    """Events for goldens that are left out."""
    yield from map(Broken, goldens.mistakes)
    if goldens.skipped:
        yield Skipped(tuple(goldens.skipped))


def header_of(request: RunRequest, goldens: RunGoldens, shown: Sequence[str]) -> RunHeader:
    """What the header of every run says, wherever its outputs come from. shown: metrics to show."""
    computed = computed_metrics(shown, asked_for=bool(request.metrics))
    return RunHeader(
        id="",
        request=request,
        verdicts=goldens.policy.verdicts if goldens.policy else {},
        harness=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        folder=str(Path.cwd()),
        packages=own_packages(),
        metrics=computed,
        metric_sources=sources_of(computed),
        shown=tuple(shown),
        definitions=definitions(computed),
        goldens=goldens.facts,
        unranked=tuple(sorted(goldens.unranked)),
        skipped=tuple(missing.golden_id for missing in goldens.skipped),
        broken=tuple(sorted({str(mistake.path) for mistake in goldens.mistakes})),
    )


def _found(
    request: RunRequest, cache: OutputCache
) -> tuple[RunGoldens, list[Selection], NotInstalled | None, list[Unloadable]]:
    """The goldens and extractors that a request names, with those that cannot be loaded apart. Raises Impossible with all
    mistakes at once."""
    mistakes = mistakes_in(request)
    if mistakes:
        raise Impossible("\n".join(mistakes))
    goldens: RunGoldens | None = None
    selected: tuple[list[Selection], NotInstalled | None, list[Unloadable]] | None = None
    try:
        metric_names(request.metrics)
    except HarnessError as error:
        mistakes.append(str(error))
    try:
        goldens = RunGoldens(request, cache)
    except HarnessError as error:
        mistakes.append(str(error))
    try:
        selected = select_loadable(request)
    except HarnessError as error:
        if not mistakes:
            raise
        mistakes.append(str(error))
    if goldens is None or selected is None or mistakes:
        raise Impossible("\n".join([*mistakes, *map(str, selected[2] if selected else ())]))
    return goldens, *selected


def _require_like(again: RunHeader, goldens: RunGoldens, runnables: Sequence[Runnable]) -> None:
    """Raise CannotTell if an extractor or a golden is not what it was in a run that is to be made again."""
    changed = [f"golden {name} is not what it was" for name in _unlike(again.goldens, goldens.facts)]
    for runnable in runnables:
        before = again.extractor(runnable.name)
        if runnable.code != before.code:
            changed.append(f"{runnable.name}: its code has changed: {runnable.source}")
        if dict(runnable.options) != dict(before.options):
            changed.append(f"{runnable.name}: its options have changed")
        if runnable.lock and not before.lock:
            changed.append(f"{runnable.name}: the run does not say what packages it had")
    if changed:
        lines = [f"run {again.id} cannot be made again as it was:", *(f"  {line}" for line in changed)]
        raise CannotTell("\n".join([*lines, "Run it without --locked to measure what is here now."]))


def _sink(header: RunHeader, folder: Path | None, resumed: Path | None) -> tuple[RunWriter | MemoryRun, tuple[Record, ...]]:
    """What takes the results, and those that are there already."""
    if resumed is not None:
        return _continued(resumed, header)
    now = datetime.now(timezone.utc)
    header = replace(header, started=now.isoformat(timespec="seconds"))
    return (MemoryRun(run_id(now), header) if folder is None else new_run(run_id(now), header, folder)), ()


def _continued(path: Path, header: RunHeader) -> tuple[RunWriter, tuple[Record, ...]]:
    """The writer of an unfinished run, and its records. Raises CannotTell if it would go on with something else."""
    stored, writer = continue_run(path)
    before = stored.header
    now = header
    if {*before.metrics} <= {*METRICS}:
        now = replace(header, metrics=before.metrics, shown=before.shown, definitions=definitions(before.metrics))
    changed = [f"golden {golden_id}" for golden_id in _unlike(before.goldens, now.goldens)]
    changed += [f"extractor {name}" for name in _unlike(before.extractors, now.extractors)]
    changed += [
        f"the {what}" for what in ("harness", "metrics", "definitions") if getattr(before, what) != getattr(now, what)
    ]
    if changed:
        writer.close()
        raise CannotTell(
            "\n".join(
                [f"run {stored.id} cannot be resumed. This has changed since it began, was added or is gone:"]
                + [f"  {line}" for line in changed]
                + ["Start a new run: it reuses the cached outputs of this one."]
            )
        )
    return writer, stored.records


def _unlike(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
