"""`harness agree`: how far two people's labels of the same pages agree, and one golden of both."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from harness.analysis.ceiling import ceiling
from harness.cli.options import request_options
from harness.cli.writing import opened
from harness.common.errors import OK, WORSE, CannotTell, Impossible
from harness.common.wording import command_line, plural
from harness.goldens.golden import Golden
from harness.goldens.labellers import agreement_of
from harness.goldens.merged import merged_text
from harness.goldens.sets import GoldenFile, UnknownGoldens, dumps_from, find_goldens, load_goldens, of_labeller
from harness.report.kit.terminal import escape_controls, stderr_console, stdout_console
from harness.report.labellers import print_label_agreement


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    for name in ("first", "second"):
        about = "a labeller, whose files are NAME.LABELLER.yaml, or a folder, set or file of goldens"
        parser.add_argument(name, metavar="A" if name == "first" else "B", help=about)
    parser.add_argument("-g", "--goldens", action="append", default=[], metavar="PATH", help="where labellers' files lie")
    about = "write NAME.yaml beside each NAME.A.yaml, in which disputed text is `maybe`, for a person to decide"
    parser.add_argument("--write", action="store_true", help=about)
    request_options(parser, ["dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Compare, show and write. Exit code 1 if a file has mistakes, 3 where no page has labels of both."""
    names = arguments.first, arguments.second
    if arguments.write:
        _require_labellers(names, arguments.goldens)
    sides = [_files(name, arguments.goldens) for name in names]
    dumps = dumps_from(arguments.dumps)
    loaded = [load_goldens(files, dumps) for files in sides]
    mistakes = [mistake for side in loaded for mistake in side.mistakes]
    for mistake in mistakes:
        stderr_console().print(escape_controls(str(mistake)), soft_wrap=True, style="red")
    pairs = _pairs(loaded[0].goldens, loaded[1].goldens)
    if not pairs:
        raise CannotTell(f"no page has labels of both {names[0]} and {names[1]}")
    console = stdout_console()
    print_label_agreement(agreement_of(pairs), names, console, ceiling(pairs))
    if arguments.write:
        paths = {file.id: file.path for file in sides[0]}
        written = [_write(paths[first.id], first, second, names) for first, second in pairs]
        console.print(f"{plural(len(written), 'golden')} written; decide what is `maybe` in them, then:")
        console.print(f"  {command_line('check', *written)}", soft_wrap=True)
    return WORSE if mistakes else OK


def _require_labellers(names: Sequence[str], where: Sequence[str]) -> None:
    """Raise Impossible for a name without a labeller's files: there, NAME.yaml is given, no place for the result."""
    if others := [name for name in names if not of_labeller(name, where)]:
        raise Impossible(
            f"--write makes NAME.yaml of NAME.LABELLER.yaml only, and {' and '.join(map(repr, others))} is no labeller with "
            "such files: save each person's labels as NAME.LABELLER.yaml with `labeller: LABELLER` in it, all in one set, "
            "and give the labellers' names"
        )


def _files(name: str, where: Sequence[str]) -> list[GoldenFile]:
    """The files of a labeller, else those that a name selects."""
    if found := of_labeller(name, where):
        return found
    try:
        return find_goldens([name])
    except UnknownGoldens as error:
        raise Impossible(f"no file *.{name}.yaml with `labeller: {name}` in it, and {error}") from None


def _pairs(first: Sequence[Golden], second: Sequence[Golden]) -> list[tuple[Golden, Golden]]:
    """Goldens of the same page."""
    by_page = {golden.page.sha256: golden for golden in second if golden.labelled is not None}
    labelled = (golden for golden in first if golden.labelled is not None)
    return [(golden, by_page[golden.page.sha256]) for golden in labelled if golden.page.sha256 in by_page]


def _write(path: Path, first: Golden, second: Golden, names: tuple[str, str]) -> Path:
    target = path.with_name(f"{path.stem.removesuffix(f'.{names[0]}')}.yaml")
    if target.exists():
        raise Impossible(f"{target} is there already: remove it to write it from the labels of {names[0]} and {names[1]}")
    merged = merged_text(path.read_text(encoding="utf-8-sig"), first, second, names)
    with opened(target) as file:
        file.write(merged)
    return target
