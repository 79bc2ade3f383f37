"""`harness history`: releases or commits of one extractor over the same goldens, or its stored runs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.console import Console

from harness.analysis.history import Release, history
from harness.analysis.trend import Step, Trend, trend
from harness.cli.commands import run as run_command
from harness.cli.options import (
    GOLDENS,
    engine_options,
    extractor_word,
    format_name,
    format_options,
    request_options,
    run_request,
    word,
)
from harness.cli.writing import console_for, write_bytes, write_text
from harness.common.errors import OK, CannotTell, Impossible
from harness.common.options import positive_integer
from harness.common.wording import command_line, plural
from harness.plugins.names import name_of, split_alias
from harness.plugins.registry import Registry
from harness.plugins.releases import releases
from harness.plugins.sources import commits_between
from harness.report.history import history_object, print_history
from harness.report.kit.terminal import stderr_console
from harness.report.leaderboard import TRACKS
from harness.runs.file import RunError, read_run_file
from harness.runs.find import list_runs, read_run
from harness.runs.record import Record, Run
from harness.runs.summary import metrics_with_values, ranking_metric

_FORMATS = ("table", "json", "svg", "pdf")
_LAST = 5  # releases
_LAST_RUNS = 20
_SHORT = 9  # digits of a commit


@dataclass(frozen=True)
class _ShownHistory:
    """What is shown, wherever it is from."""

    extractor: str
    """The extractor's name."""
    steps: tuple[Step, ...]
    """Oldest first."""
    records: tuple[Record, ...]
    """Each with the name of its step as the extractor."""
    heads: tuple[str, str]
    """The heads of the columns of steps, and of what is known of them."""
    notes: list[str] = field(default_factory=list)
    """What else is to be said."""

    def tracks(self) -> Iterator[tuple[str, str, list[Record], list[Release]]]:
        """Media type, metric, records and releases of each track."""
        for media in TRACKS:
            if track := [record for record in self.records if record.media == media]:
                metric = ranking_metric(metrics_with_values(track[0].scores))
                yield media, metric, track, history(track, [step.name for step in self.steps])


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="extractor: NAME or NAME/VARIANT, with --runs as runs name it"
    )
    parser.add_argument("releases", nargs="*", metavar="RELEASE", help="releases, oldest first (default: the last ones)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--runs", action="store_true", help="run nothing: show how it changed over the stored runs")
    what.add_argument(
        "--commits", metavar="A..B", help="build and run the commits from A to B of the checkout that --with names"
    )
    parser.add_argument(
        "--last",
        type=word(positive_integer),
        metavar="N",
        help=f"how many of the last releases or runs (default: {_LAST} releases, {_LAST_RUNS} runs), or of the commits",
    )
    format_options(parser, _FORMATS)
    request_options(parser, GOLDENS)
    engine_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show how an extractor changed, oldest first. Exit codes as for `run`."""
    messages = stderr_console()
    if not arguments.name and not arguments.runs:
        raise Impossible("name the extractor: `harness history NAME`; or --runs for those of the latest run")
    if arguments.releases and (arguments.runs or arguments.commits):
        raise Impossible(f"{'--runs' if arguments.runs else '--commits'} takes no releases")
    form = format_name(arguments, _FORMATS)
    if form == "pdf" and arguments.output is None:
        raise Impossible("a PDF is written to a file: -o FILE.pdf")
    arguments.name = extractor_word(arguments.name) if arguments.name else None
    if arguments.runs:
        return _show(_of_runs(arguments), form, arguments, messages)
    finder = _of_commits if arguments.commits else _of_releases
    shown, code = finder(arguments, messages)
    return (_show([shown], form, arguments, messages) or code) if shown else code


def _of_releases(arguments: argparse.Namespace, messages: Console) -> tuple[_ShownHistory | None, int]:
    """Run the releases asked for, all in one run."""
    alias, reference = split_alias(arguments.name)
    wanted = arguments.releases or _last(reference.partition("/")[0], arguments)
    names = [f"{alias or reference}@{release}" for release in wanted]
    asked = [f"{name}={reference}@{release}" if alias else name for name, release in zip(names, wanted)]
    request = replace(run_request(arguments), extractors=tuple(asked))
    finished, code = run_command.execute(request, arguments, messages)
    if finished is None:
        return None, code
    present = {record.extractor for record in finished.records}
    if not present:
        raise CannotTell(f"no release of {arguments.name} could run")
    steps = [
        Step(name, finished.id, finished.header.started, finished.versions.get(name)) for name in names if name in present
    ]
    notes = [f"run {finished.id}: {command_line('show', finished.id)}"]
    return _ShownHistory(alias or reference, tuple(steps), finished.records, ("release", ""), notes), code


def _of_commits(arguments: argparse.Namespace, messages: Console) -> tuple[_ShownHistory | None, int]:
    """Run each commit, in a run of its own."""
    request = replace(run_request(arguments), extractors=(arguments.name,))
    first, dots, last = arguments.commits.partition("..")
    if not (first and dots and last) or last.startswith("."):
        raise Impossible(f"--commits {arguments.commits}: expected A..B, such as v2.0.0..HEAD")
    if len(request.local_packages) != 1:
        raise Impossible("--commits needs the checkout that the commits are of: --with PATH")
    checkout = request.local_packages[0]
    if not Path(checkout).is_dir():
        raise Impossible(f"--with {checkout}: --commits needs the folder of a checkout, without a commit")
    commits = commits_between(checkout, first, last)[-arguments.last if arguments.last else 0 :]
    made: list[Run] = []
    named: dict[str, tuple[str, str]] = {}
    worst = OK
    for number, (commit, subject) in enumerate(commits, 1):
        messages.print(f"{commit[:_SHORT]} {subject} ({number} of {len(commits)})", style="bold", soft_wrap=True)
        of_commit = replace(request, local_packages=(f"{checkout}@{commit}",))
        try:
            finished, code = run_command.execute(of_commit, arguments, messages)
        except CannotTell as error:  # it cannot be built, for example: the others still can
            messages.print(f"{commit[:_SHORT]}: {error}", style="yellow", soft_wrap=True)
            worst = error.code
            continue
        if finished is None:
            return None, code
        worst = max(worst, code)
        made.append(finished)
        named[finished.id] = commit[:_SHORT], subject
    name = name_of(arguments.name)
    found = trend(reversed(made), name, len(commits), named)
    if not found.steps:
        raise CannotTell(f"no commit of {arguments.commits} could run")
    return _shown(found, ("commit", "message")), worst


def _of_runs(arguments: argparse.Namespace) -> list[_ShownHistory]:
    """The extractor asked for, or those of the latest run, in the stored runs."""
    if given := [item.flag for item in run_request(arguments).given(but=("plugins", "dumps"))]:
        raise Impossible(f"--runs shows what was measured: leave out {', '.join(given)}")
    names = [name_of(arguments.name)] if arguments.name else _of_latest()
    shown = []
    for name in names:
        found = trend(_stored(), name, arguments.last or _LAST_RUNS)
        if not found.steps:
            raise CannotTell(f"no finished run has an extractor {name!r}; see `harness list runs`")
        shown.append(_shown(found, ("run", "version")))
    return shown


def _of_latest() -> list[str]:
    names = dict.fromkeys(record.extractor for record in read_run(texts=False).records)
    if not names:
        raise CannotTell("the latest run holds no result")
    return list(names)


def _stored() -> Iterator[Run]:
    """The stored runs that can be read, the newest first."""
    for path in reversed(list_runs()):
        try:
            yield read_run_file(path, texts=False)
        except RunError:
            continue  # `harness list runs` says what is wrong with it


def _shown(found: Trend, heads: tuple[str, str]) -> _ShownHistory:
    notes = [f"{plural(number, 'run')} left out: {why}" for why, number in found.left_out.items()]
    return _ShownHistory(found.extractor, found.steps, found.records, heads, notes)


def _show(all_shown: list[_ShownHistory], form: str, arguments: argparse.Namespace, messages: Console) -> int:
    if form == "json":
        objects = [_object(shown) for shown in all_shown]
        written = objects if arguments.runs and not arguments.name else objects[0]
        write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", arguments.output)
    elif form in ("svg", "pdf"):
        chart = _chart(all_shown, form, messages)
        if arguments.output:
            write_bytes(chart, arguments.output)
        else:
            write_text(chart.decode(), None)
    else:
        with console_for(arguments.output) as console:
            for shown in all_shown:
                about = {step.name: step.about or step.version or "" for step in shown.steps} if shown.heads[1] else {}
                for media, metric, _, steps in shown.tracks():
                    title = TRACKS[media] if "@" in steps[0].name else f"{shown.extractor}, {TRACKS[media]}"
                    print_history(steps, title, metric, console, heads=shown.heads, about=about)
    for note in dict.fromkeys(note for shown in all_shown for note in shown.notes):
        messages.print(note, style="dim", soft_wrap=True)
    return OK


def _object(shown: _ShownHistory) -> dict[str, object]:
    steps = {step.name: step for step in shown.steps}
    tracks = {media: history_object(found, metric, steps) for media, metric, _, found in shown.tracks()}
    return {"extractor": shown.extractor, "tracks": tracks}


def _chart(all_shown: list[_ShownHistory], form: str, messages: Console) -> bytes:
    """The chart of the track that the extractor is made for, or has most pages of. Raises Impossible for two extractors."""
    from harness.scorecard.gather.changes import release_history
    from harness.scorecard.write.charts import history_chart
    from harness.scorecard.write.figures import MEDIA

    if len(all_shown) > 1:
        raise Impossible(f"a chart has one extractor; name one of {', '.join(shown.extractor for shown in all_shown)}")
    (shown,) = all_shown
    tracks = {media: track for media, _, track, _ in shown.tracks()}
    drawn = max(tracks, key=lambda media: (not tracks[media][0].coerced, len(tracks[media])))
    for media in tracks:
        if media != drawn:
            messages.print(f"the chart is of {TRACKS[drawn]}, not of {TRACKS[media]}", style="dim", soft_wrap=True)
    present = {record.extractor for record in tracks[drawn]}
    names = [step.name for step in shown.steps if step.name in present]
    return history_chart(release_history(shown.extractor, "", names, tracks[drawn]), MEDIA[f".{form}"])


def _last(name: str, arguments: argparse.Namespace) -> list[str]:
    """The last releases that the package index lists."""
    (selection,) = Registry(arguments.plugins).select([name])
    return releases(selection.plugin)[-(arguments.last or _LAST) :]
