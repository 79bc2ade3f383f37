"""`harness run`: extractors over goldens, scored, stored, shown."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timezone

from rich.console import Console

from harness import __version__
from harness.commands.output import metric_names, write_run
from harness.engine.local import Loaded
from harness.errors import CANNOT_TELL, INTERRUPTED, OK, CannotTell, Impossible
from harness.evaluate import evaluate
from harness.golden_sets import GoldenFile, UnknownGoldens, dumps_from, find_goldens, load_goldens
from harness.golden_sets import Loaded as LoadedGoldens
from harness.registry import PluginError, Registry, Runnable, Unavailable
from harness.report.progress import Progress
from harness.report.terminal import harmless, stderr_console
from harness.store import RunWriter, new_run_id, read_run_file


def run(arguments: argparse.Namespace) -> int:
    """Run and score. Exit code 3 if a golden was broken or an extractor asked for by name could not run."""
    metrics, files, runnables, unavailable = _request(arguments)
    loaded = load_goldens(files, dumps_from(arguments.dumps))
    messages = stderr_console()
    _report_goldens(loaded, messages)
    _report_unavailable(unavailable, messages)
    if not loaded.goldens:
        raise CannotTell("no page to run on; see `harness check`")
    if not runnables:
        raise CannotTell("no extractor to run; see `harness list extractors`")
    now = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    writer = RunWriter(new_run_id(now), _header(arguments, loaded, runnables))
    interrupted = False
    with writer, Progress(messages, [r.name for r in runnables], len(loaded.goldens)) as progress:
        events = evaluate(loaded.goldens, runnables, jobs=arguments.jobs, timeout=arguments.timeout)
        try:
            with closing(events):
                for event in events:
                    if isinstance(event, Loaded):
                        writer.extractor(event.runnable.name, event.version)
                    else:
                        writer.record(event)
                        progress.advance(event.extractor, event.outcome)
            writer.finish()
        except KeyboardInterrupt:
            interrupted = True
    finished = read_run_file(writer.path)
    if interrupted:
        messages.print(f"interrupted; {len(finished.records)} results are kept: harness show {finished.id}", soft_wrap=True)
        return INTERRUPTED
    write_run(finished, arguments, metrics)
    messages.print(f"run {finished.id} is stored in {writer.path}", style="dim", soft_wrap=True)
    asked_for = [item for item in unavailable if item.name in arguments.extractor]
    return CANNOT_TELL if loaded.mistakes or asked_for else OK


def _request(arguments: argparse.Namespace) -> tuple[list[str], list[GoldenFile], list[Runnable], list[Unavailable]]:
    """What the names stand for: metrics, goldens, extractors that can run and that cannot. All mistakes at once."""
    mistakes: list[str] = []
    metrics: list[str] = []
    files: list[GoldenFile] = []
    runnables: list[Runnable] = []
    unavailable: list[Unavailable] = []
    try:
        metrics = metric_names(arguments.metric)
    except Impossible as error:
        mistakes.append(str(error))
    try:
        files = find_goldens(arguments.goldens)
    except UnknownGoldens as error:
        mistakes += error.reasons
    try:
        registry = Registry(arguments.plugins)
        runnables, unavailable = registry.resolve(arguments.extractor or list(registry.plugins))
    except PluginError as error:
        mistakes += error.reasons
    if mistakes:
        raise Impossible("\n".join(mistakes))
    return metrics, files, runnables, unavailable


def _header(arguments: argparse.Namespace, loaded: LoadedGoldens, runnables: Sequence[Runnable]) -> dict[str, object]:
    return {
        "harness": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "timeout": arguments.timeout,
        "goldens": {golden.id: golden.page.sha256 for golden in loaded.goldens},
        "golden_names": arguments.goldens,
        "skipped": [missing.golden_id for missing in loaded.skipped],
        "broken": sorted({str(mistake.path) for mistake in loaded.mistakes}),
        "extractors": {r.name: {"source": r.source, "options": dict(r.options)} for r in runnables},
        "references": [r.name for r in runnables if r.reference],
    }


def _report_goldens(loaded: LoadedGoldens, messages: Console) -> None:
    if loaded.mistakes:
        for mistake in loaded.mistakes:
            messages.print(harmless(str(mistake)), style="red", soft_wrap=True)
        wrong = len({mistake.path for mistake in loaded.mistakes})
        messages.print(f"{_goldens(wrong)} broken and left out: harness check", style="red")
    if loaded.skipped:
        sets = ", ".join(sorted({missing.golden_id.rpartition("/")[0] for missing in loaded.skipped}))
        messages.print(
            f"{_goldens(len(loaded.skipped))} skipped ({sets}): the pages are not here, since they must not be "
            "redistributed. Supply them with --dumps DIR or HARNESS_DUMPS=DIR, under any file name.",
            style="yellow",
            soft_wrap=True,
        )


def _report_unavailable(unavailable: Sequence[Unavailable], messages: Console) -> None:
    for item in unavailable:
        messages.print(f"{item.name} is not installed: {item.remedy}", style="yellow", soft_wrap=True)


def _goldens(number: int) -> str:
    return f"{number} golden{'s' if number != 1 else ''}"
