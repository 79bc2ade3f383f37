"""`harness run`: extractors over goldens, scored, stored, shown."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.cli.choices import choice_of, default_metrics, shown_metrics
from harness.cli.extractors import ready, select
from harness.cli.goldens import RunGoldens, common_header, report_goldens, require_pages
from harness.cli.output import write_run
from harness.common import extensions
from harness.common.errors import CANNOT_TELL, INTERRUPTED, OK, CannotTell, Impossible
from harness.datasets import DatasetError
from harness.datasets.choice import Found, find_entries
from harness.engine.cache import OutputCache
from harness.engine.local import Loaded
from harness.evaluation.evaluate import evaluate
from harness.goldens.sets import UnknownGoldens, dumps_from
from harness.metrics import METRICS
from harness.metrics.choice import metric_names
from harness.metrics.definitions import definitions
from harness.plugins.registry import Selection
from harness.plugins.runnable import Runnable
from harness.report.kit.progress import Progress
from harness.report.kit.terminal import harmless, stderr_console
from harness.runs.file import (
    Record,
    Run,
    RunError,
    RunWriter,
    continue_run,
    find_run,
    latest_unfinished,
    new_run,
    read_run_file,
)
from harness.runs.summary import unscored

# What decides what a run measures. It is kept in the run's header, and a resumed run takes it from there.
_WORDS = ("extractor", "goldens", "kind", "lang", "site", "without_flag")
_PATHS = ("plugins", "dumps", "local_packages")
_VALUES = ("isolated", "timeout", "memory", "repeat", "sample", "seed", "limit", "shard")


def run(arguments: argparse.Namespace) -> int:
    """Run, score, show. Exit code 3 if a golden was broken or an extractor asked for by name could not run."""
    messages = stderr_console()
    finished, code = execute(arguments, messages)
    if finished is not None:
        write_run(finished, arguments, shown_metrics(finished, arguments.metric))
        messages.print(f"run {finished.id} is stored: harness show {finished.id}", style="dim", soft_wrap=True)
    return code


def execute(arguments: argparse.Namespace, messages: Console) -> tuple[Run | None, int]:
    """Run and score what the arguments say. The finished run, None if it was interrupted, and the exit code."""
    resumed = _resumed(arguments)
    found, selections, metrics = _request(arguments, messages)
    goldens = RunGoldens(found, choice_of(arguments))
    report_goldens(goldens, messages)
    require_pages(goldens, found)
    runnables, unavailable = ready(selections, arguments, messages)
    if not runnables:
        raise CannotTell("no extractor to run; see `harness list extractors`")
    now = datetime.now(timezone.utc)
    header = _header(arguments, goldens, runnables, metrics, now)
    if resumed:
        path, began_with = resumed
        if set(began_with.get("metrics", [])) <= {*METRICS}:
            header |= {key: began_with.get(key) for key in ("metrics", "shown")}
            header["definitions"] = definitions(header["metrics"])
        stored, writer = _continued(path, header)
        done = stored.records
    else:
        writer, done = new_run(now.strftime("%Y%m%d-%H%M%S"), header), ()
    cache = OutputCache(
        lambda message: messages.print(harmless(message), style="yellow", soft_wrap=True), fresh=arguments.fresh
    )
    interrupted = False
    with writer, closing(cache), Progress(messages, [r.name for r in runnables], len(goldens.header)) as progress:

        def advance(record: Record) -> None:
            if record.repeat == arguments.repeat - 1:
                progress.advance(record.extractor, record.outcome)

        for record in done:
            advance(record)
        events = evaluate(
            goldens,
            runnables,
            metrics=header["metrics"],
            jobs=arguments.jobs,
            timeout=arguments.timeout,
            memory=arguments.memory,
            repeat=arguments.repeat,
            cache=cache,
            done={record.key for record in done},
        )
        try:
            with closing(events):
                for event in events:
                    if isinstance(event, Loaded):
                        writer.extractor(event.runnable.name, event.version, event.runtime)
                    else:
                        writer.record(event)
                        advance(event)
            writer.finish()
        except KeyboardInterrupt:
            interrupted = True
    finished = read_run_file(writer.path, texts=False)
    if interrupted:
        messages.print(f"interrupted; {len(finished.records)} results are kept: harness show {finished.id}", soft_wrap=True)
        messages.print(f"the others, when you like: harness run --resume {finished.id}", soft_wrap=True)
        return None, INTERRUPTED
    if cached := sum(record.cached for record in finished.records):
        known = f"{cached} of {len(finished.records)} outputs were known from earlier runs (`--fresh` runs everything)"
        messages.print(known, style="dim", soft_wrap=True)
    failed = unscored(finished.records)
    for line in failed:
        messages.print(harmless(line), style="yellow", soft_wrap=True)
    asked_for = [item for item in unavailable if item.name in arguments.extractor]
    return finished, CANNOT_TELL if goldens.mistakes or asked_for or failed else OK


def _resumed(arguments: argparse.Namespace) -> tuple[Path, Mapping[str, Any]] | None:
    """The file and the header of the run to be resumed, its arguments in place of the defaults. None: a new run."""
    if arguments.resume is None:
        return None
    given = [name for name in (*_WORDS, *_PATHS, *_VALUES) if getattr(arguments, name) != arguments.default_of(name)]
    if given:
        options = ", ".join(_option(name) for name in given)
        raise Impossible(f"--resume goes on with the arguments that the run began with: leave out {options}")
    try:
        path = find_run(arguments.resume) if arguments.resume else latest_unfinished()
        header = read_run_file(path, texts=False).header
    except RunError as error:
        raise CannotTell(str(error)) from None
    began_with = header.get("arguments", {})
    try:
        for name in (*_WORDS, *_VALUES):
            setattr(arguments, name, began_with[name])
        for name in _PATHS:
            setattr(arguments, name, [Path(path) for path in began_with[name]])
    except (KeyError, TypeError):
        raise CannotTell(f"{path}: its header does not say what the run was to do; begin a new one") from None
    extensions.use_plugin_files(arguments.plugins)
    metric_names(began_with.get("metric", []))  # so that metrics of files are known
    return path, header


def _continued(path: Path, header: Mapping[str, Any]) -> tuple[Run, RunWriter]:
    """An unfinished run and its writer. Raises CannotTell if it would go on with something else than it began with."""
    try:
        stored, writer = continue_run(path)
    except RunError as error:
        raise CannotTell(str(error)) from None
    changed = [f"{what} {name}" for what in ("golden", "extractor") for name in _changed(stored.header, header, f"{what}s")]
    changed += [f"the {what}" for what in ("harness", "metrics", "definitions") if stored.header.get(what) != header[what]]
    if changed:
        writer.close()
        raise CannotTell(
            "\n".join(
                [f"run {stored.id} cannot be resumed. This has changed since it began, was added or is gone:"]
                + [f"  {line}" for line in changed]
                + ["Begin a new run: what is known from this one is not run again."]
            )
        )
    return stored, writer


def _changed(before: Mapping[str, Any], now: Mapping[str, Any], key: str) -> list[str]:
    then = before.get(key, {})
    return sorted(name for name in {*then, *now[key]} if then.get(name) != now[key].get(name))


def _option(name: str) -> str:
    return "--with" if name == "local_packages" else f"--{name}"


def _request(arguments: argparse.Namespace, messages: Console) -> tuple[Found, list[Selection], list[str]]:
    """What the names stand for: goldens, extractors, metrics to show. All mistakes at once."""
    mistakes: list[str] = []
    found = Found()
    selections: list[Selection] = []
    try:
        metric_names(arguments.metric)
    except Impossible as error:
        mistakes.append(str(error))
    try:
        found = find_entries(arguments.goldens, dumps_from(arguments.dumps))
    except UnknownGoldens as error:
        mistakes += error.reasons
    except DatasetError as error:
        mistakes.append(str(error))
    try:
        selections = select(arguments, messages)
    except Impossible as error:
        mistakes.append(str(error))
    if mistakes:
        raise Impossible("\n".join(mistakes))
    metrics, notes = default_metrics(arguments.metric, found.metrics)
    for note in notes:
        messages.print(note, style="yellow", soft_wrap=True)
    return found, selections, metrics


def _header(
    arguments: argparse.Namespace, goldens: RunGoldens, runnables: Sequence[Runnable], metrics: Sequence[str], now: datetime
) -> dict[str, Any]:
    began_with: dict[str, Any] = {name: getattr(arguments, name) for name in (*_WORDS, *_VALUES)}
    began_with["metric"] = arguments.metric
    began_with.update({name: [str(path) for path in getattr(arguments, name)] for name in _PATHS})
    return {
        **common_header(goldens, metrics, arguments.seed, now),
        "arguments": began_with,
        "extractors": {
            r.name: {"source": r.source, "code": r.code, "options": dict(r.options), "identity": r.identity}
            for r in runnables
        },
        "references": [r.name for r in runnables if r.reference],
    }
