"""`harness scorecard`: a run, or the baseline, as files that explain themselves."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path

from harness.baseline.file import BASELINE, read_baseline
from harness.cli.options import (
    FILTERS,
    baseline_option,
    choice_of,
    measured_extractor_option,
    output_file,
    request_options,
    word,
)
from harness.cli.writing import opened, write_bytes
from harness.common.errors import OK, WORSE, CannotTell, Impossible
from harness.common.options import path as named
from harness.common.options import project_value
from harness.common.places import in_project
from harness.common.wording import command_line, did_you_mean
from harness.datasets import DatasetError, Entry
from harness.datasets.entries import find_entries
from harness.evaluation.further import under_policies
from harness.evaluation.goldens import under_policy
from harness.exposure.record import MEASURED, ExposureRecord, read_records
from harness.goldens.golden import Golden
from harness.goldens.sets import UnknownGoldens, dumps_from
from harness.metrics import METRICS
from harness.report.kit.terminal import stderr_console
from harness.runs.chosen import choice_words, chosen, fitting
from harness.runs.find import read_run
from harness.runs.record import Run
from harness.runs.summary import note_unknown_metrics
from harness.scorecard.gather.board import join_names
from harness.scorecard.gather.build import scorecard
from harness.scorecard.gather.matrix_file import Matrix, read_matrix
from harness.scorecard.values.card import Scorecard
from harness.scorecard.write.figures import figures
from harness.scorecard.write.html import html, strip_drawings
from harness.scorecard.write.json_file import scorecard_object
from harness.scorecard.write.markdown import markdown


def _json(card: Scorecard) -> str:
    return json.dumps(scorecard_object(card), indent=1) + "\n"


_FORMATS: dict[str, Callable[[Scorecard], str]] = {".html": html, ".md": markdown, ".json": _json}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "run_name", nargs="?", metavar="RUN", help="id of a run, its file, latest~N, or `baseline` (default: latest)"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=word(named),
        action="append",
        default=[],
        metavar="FILE",
        help=".html, .md or .json, or a folder for all three; may be given several times",
    )
    parser.add_argument(
        "--figures", type=word(named), metavar="FOLDER", help="write each chart as a file of its own, as SVG and as PDF"
    )
    measured_extractor_option(parser, "extractor to show; one alone gets its strengths and weaknesses")
    baseline_option(parser)
    parser.add_argument(
        "--robustness", type=Path, metavar="FILE", help="also show a matrix that `harness fuzz --format json -o FILE` wrote"
    )
    parser.add_argument(
        "--exposure",
        type=Path,
        metavar="FILE",
        help=f"also show hidden text that came out: what `harness exposure` wrote ({MEASURED})",
    )
    parser.add_argument("--no-times", action="store_true", help="leave out all times")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the files would change")
    request_options(parser, [*FILTERS, "policy", "dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Write the files, or with --check compare them with what would be written: exit code 1 if they differ."""
    if not arguments.output and not arguments.figures:
        raise Impossible("nothing to write: name a file (-o scorecard.html) or a folder for charts (--figures FOLDER)")
    if arguments.figures and arguments.check:
        raise Impossible("--check compares no charts: leave out --figures")
    paths = [path for output in arguments.output for path in _paths(output)]
    folder = arguments.figures and _folder(arguments.figures)
    stored, baseline = _sources(arguments)
    known = {record.extractor for record in stored.records}
    unknown = [name for name in arguments.extractor if name not in known]
    if unknown:
        raise Impossible(
            "\n".join(f"{_called(stored)} has no extractor {name!r}{did_you_mean(name, known)}" for name in unknown)
        )
    card = scorecard(
        stored,
        _goldens(stored, arguments.dumps),
        extractors=arguments.extractor,
        baseline=baseline,
        matrix=_matrix(arguments.robustness, arguments.extractor or known),
        exposed=_exposed(arguments.exposure, arguments.extractor or known),
        times=not arguments.no_times,
        only=shlex.join(choice_words(choice_of(arguments))),
    )
    texts = [_FORMATS[path.suffix](card) for path in paths]
    console = stderr_console()
    if arguments.check:
        stale = [str(path) for path, text in zip(paths, texts) if not _is_up_to_date(path, text)]
        for name in stale:
            console.print(f"{name} is not what `harness scorecard` would write now: run it again and commit", style="red")
        return WORSE if stale else OK
    for path, text in zip(paths, texts):
        with opened(path) as file:
            file.write(text)
        console.print(f"{path}: {len(text.encode()):,} bytes", style="dim", soft_wrap=True)
    for name, content in figures(card) if folder else ():
        write_bytes(content, folder / name)
        console.print(f"{folder / name}: {len(content):,} bytes", style="dim", soft_wrap=True)
    return OK


def _folder(path: Path) -> Path:
    """A folder for figures. Raises Impossible for a file, and for a place that cannot be written to."""
    if path.exists() and not path.is_dir():
        raise Impossible(f"--figures {path}: it is a file; name a folder")
    try:
        return output_file(str(path / "figure.svg")).parent
    except ValueError as error:
        raise Impossible(f"--figures {path}: {error}") from None


def _exposed(path: Path | None, names: Collection[str]) -> dict[str, ExposureRecord] | None:
    """The records of these extractors; None where no file is named."""
    if path is None:
        return None
    if not path.exists():
        raise CannotTell(f"{path}: no such file; {command_line('exposure')} writes one")
    records = {name: record for name, record in read_records(path.resolve()).items() if name in names}
    if not records:
        raise CannotTell(f"{path}: nothing was measured of {', '.join(sorted(names))}")
    return records


def _paths(output: Path) -> list[Path]:
    """The files that are meant: one by its ending, or one of each format in a folder."""
    if output.suffix in _FORMATS and not output.is_dir():
        paths = [output]
    elif output.is_dir() or not (output.suffix or output.exists()):
        paths = [output / f"scorecard{suffix}" for suffix in _FORMATS]
    else:
        raise Impossible(f"{output}: a scorecard is written as {', '.join(_FORMATS)}, or all of them into a folder")
    try:
        return [output_file(str(file)) for file in paths]
    except ValueError as error:
        raise Impossible(f"-o {output}: {error}") from None


def _sources(arguments: argparse.Namespace) -> tuple[Run, Run | None]:
    """The run to show, and the baseline to measure changes from, if there is one."""
    path = arguments.baseline or in_project(BASELINE)
    wanted = arguments.baseline not in (None, project_value("baseline")) or arguments.run_name == "baseline"
    baseline = read_baseline(path).as_run() if wanted or path.exists() else None
    if baseline is not None and arguments.run_name == "baseline":
        stored, baseline = baseline, None
    else:
        stored = read_run(arguments.run_name, texts=bool(arguments.policy))
    if arguments.policy and stored.records:
        if stored.id == "baseline":
            raise Impossible("the baseline holds no outputs that --policy could score again: name a run")
        (stored,) = under_policies(stored, [arguments.policy]).values()
    if not stored.records:
        raise CannotTell(f"{_called(stored)} holds no result")
    if (choice := choice_of(arguments)).filters:
        stored = chosen(stored, choice)
        baseline = fitting(baseline, choice, (stored.header,)) if baseline else None
    note_unknown_metrics(stored)
    if not any(name in METRICS for record in stored.records for name in record.scores):
        raise CannotTell(f"{_called(stored)} has no score of a metric that is known here")
    return stored, baseline


def _matrix(path: Path | None, names: Collection[str]) -> Matrix | None:
    """The matrix to show, if one is asked for: it must have measured one of the extractors that are shown."""
    if path is None:
        return None
    matrix = read_matrix(path)
    measured = sorted({cell.extractor for cell in matrix.cells})
    if not {*measured} & {*names}:
        raise Impossible(
            f"{path}: a matrix of {join_names(measured)}, without {join_names(sorted(names))}; "
            f"`{command_line('fuzz', '-e', sorted(names)[0], '--format', 'json', '-o', path)}` measures a new one"
        )
    return matrix


def _called(stored: Run) -> str:
    return "the baseline" if stored.id == "baseline" else f"run {stored.id}"


def _goldens(stored: Run, dumps: Sequence[Path]) -> Callable[[str], Golden | str]:
    """Where the goldens of a run are found: as its arguments name them, if they are still there."""

    @cache
    def entries() -> dict[str, Entry] | str:
        try:
            request = stored.header.request
            found = find_entries(request.goldens, dumps_from(dumps)).entries
            return {entry.id: entry for entry in under_policy(found, stored.header.policy)}
        except (UnknownGoldens, DatasetError):
            return "the goldens of the run are not here"

    def golden(golden_id: str) -> Golden | str:
        found = entries()
        if isinstance(found, str):
            return found
        if golden_id not in found:
            return "its golden is not here"
        try:
            return found[golden_id].load()
        except DatasetError as error:
            return str(error)

    return golden


def _is_up_to_date(path: Path, text: str) -> bool:
    """Whether a file says what it would say now. Drawings are not compared: they differ between releases of the library."""
    try:
        written = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return False
    return strip_drawings(written) == strip_drawings(text)
