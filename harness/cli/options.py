"""Options that several commands have, and the request that they make."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from harness.cli.project import BASELINE
from harness.common.errors import Impossible
from harness.common.job_arrays import own_part
from harness.common.options import (
    Option,
    arguments_of,
    mistakes_in,
    options_of,
    part_of_whole,
    path,
    positive_integer,
    project_value,
)
from harness.common.places import FINDINGS, in_project
from harness.datasets.choice import Choice
from harness.engine.base import LAYOUT_TIMEOUT
from harness.plugins.names import name_of, spelled_out
from harness.runs.request import RunRequest

BY = ("kind", "lang", "set", "media", "site", "size")
FORMATS = ("table", "json", "md")
"""Formats of comparisons and of layouts; runs have RUN_FORMATS, which others can add to."""
_ENDINGS = {"table": ".txt", "latex": ".tex"}  # of files; that of another format is its name

_OPTIONS = {item.name: item for item in options_of(RunRequest)}
_CHOICE = tuple(item.name for item in options_of(Choice))
GOLDENS = ("goldens", *(name for name in _CHOICE if name != "shard"))
"""The options that say which goldens."""
FILTERS = tuple(item.name for item in options_of(Choice) if item.repeated)
"""Those that say of what kind pages are."""
ENVIRONMENT = ("isolated", "own_requirements", "local_packages", "plugins")
"""Those that say what extractors run in, and where else they are."""
ENGINE = ("timeout", "memory", "repeat")
"""Those that say how extractors are run, but for the shard."""


def request_options(parser: argparse.ArgumentParser, names: Collection[str], *, project: bool = True) -> None:
    """Options of a RunRequest, by the names of its fields. project: whether the project's values hold for them."""
    for name in names:
        add_option(parser, _OPTIONS[name], project=project)


def add_option(
    parser: argparse.ArgumentParser,
    item: Option,
    *,
    help: str | None = None,
    default: Any = None,
    parse: Callable[[str], Any] | None = None,
    project: bool = True,
) -> None:
    """One option of a request. help, default, parse: in place of its own. project: whether the project's value holds."""
    flags = [item.short, item.flag] if item.short else [item.flag]
    about: dict[str, Any] = {"dest": item.key, "help": help or item.help}
    if item.switch:
        parser.add_argument(*flags, action="store_true", **about)
        return
    about |= {"metavar": item.metavar, "type": word(parse or item.parse)}
    usual = item.default if default is None else default
    value = project_value(item.key, usual) if project else usual
    if value != usual:
        shown = value if item.repeated else (value,)
        about["help"] += f" [pyproject.toml: {', '.join(map(str, shown))}]".replace("%", "%%")
    if item.repeated:
        parser.add_argument(*flags, action=_Collect, default=list(value), **about)
    else:
        parser.add_argument(*flags, default=value, **about)


class _Collect(argparse.Action):
    """Gathers values of an option that may be repeated, in place of the default and not behind it."""

    def __call__(self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: str | None = None) -> None:
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, [*(() if before is self.default else before), values])


def run_request(arguments: argparse.Namespace) -> RunRequest:
    """What the words of a command line ask for. Raises Impossible for values that do not exist."""
    given = arguments_of(RunRequest, _given(arguments))
    request = RunRequest(**given | {"choice": Choice(**given["choice"])})
    _require_usable(request)
    return request


def choice_of(arguments: argparse.Namespace) -> Choice:
    """The choice among goldens that words of a command line make. Raises Impossible."""
    choice = Choice(**arguments_of(Choice, _given(arguments)))
    _require_usable(choice)
    return choice


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in vars(arguments).items()}


def _require_usable(request: RunRequest | Choice) -> None:
    if mistakes := mistakes_in(request):
        raise Impossible("\n".join(mistakes))


def word(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    """A type for argparse, which shows what ValueError says."""

    def read(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def engine_options(parser: argparse.ArgumentParser) -> None:
    """How extractors are run."""
    jobs_option(parser)
    request_options(parser, ENGINE)
    shard = "only the I-th of N parts of the goldens; auto: the one that Slurm or Kubernetes has given this process"
    add_option(
        parser, _OPTIONS["shard"], help=shard, parse=lambda given: own_part() if given == "auto" else part_of_whole(given)
    )
    parser.add_argument("--fresh", action="store_true", help="run everything, even if the output is cached")
    request_options(parser, (*ENVIRONMENT, "dumps"))


def extractor_option(parser: argparse.ArgumentParser, help: str, *, project: bool = True) -> None:
    """Which extractors to run; help says what for. project: whether those of the project are run by default."""
    add_option(parser, _OPTIONS["extractors"], help=help, parse=extractor_word, project=project)


def extractor_word(word: str) -> str:
    """What asks for the extractor that a word means here, where it may be an alias of the project."""
    return spelled_out(word, project_value(_OPTIONS["extractors"].key, ()))


def measured_extractor_option(parser: argparse.ArgumentParser, help: str) -> None:
    """Which extractors of a run; help says what for. One that was run under an alias is also found by `ALIAS=REFERENCE`."""
    add_option(parser, _OPTIONS["extractors"], help=help, parse=name_of, project=False)


def findings_option(parser: argparse.ArgumentParser) -> None:
    """Where findings are."""
    parser.add_argument(
        "--findings",
        type=Path,
        default=in_project(FINDINGS),
        metavar="DIR",
        help=f"folder of findings (default: {FINDINGS})",
    )


def worker_options(parser: argparse.ArgumentParser) -> None:
    """What a worker may take for one page of a fuzzed layout."""
    about = f"seconds for one page (default: {LAYOUT_TIMEOUT:g})"
    add_option(parser, _OPTIONS["timeout"], help=about, default=LAYOUT_TIMEOUT)
    request_options(parser, ("memory",))


def run_argument(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument("run_name", nargs="?", metavar="RUN", help="id of a run, its file, or latest~N (default: latest)")


def baseline_option(parser: argparse.ArgumentParser) -> None:
    """Which baseline."""
    add_option(parser, BASELINE, help="the baseline (default: reports/baseline.json)")


def by_option(parser: argparse.ArgumentParser) -> None:
    """By what to group."""
    parser.add_argument("--by", choices=BY, metavar="KEY", help=f"also by {', '.join(BY)}")


def run_format_options(parser: argparse.ArgumentParser) -> None:
    """In which format a run is written, and where to."""
    parser.add_argument(
        "--format",
        metavar="FORMAT",
        help="what to write: table, json, csv, md, latex, or a format of yours as FILE.py:NAME (default: by -o, else table)",
    )
    parser.add_argument("--explain", action="store_true", help="say below a table what each of its columns means")
    output_option(parser)


def format_options(parser: argparse.ArgumentParser, formats: Sequence[str] = FORMATS) -> None:
    """In which of these formats, and where to."""
    parser.add_argument("--format", choices=formats, help="what to write (default: by the ending of -o, else table)")
    output_option(parser)


def format_name(arguments: argparse.Namespace, known: Collection[str] = FORMATS) -> str:
    """The format asked for; without `--format` the one that the output file's ending names, `table` for `.txt` and for none.

    Raises Impossible for an ending that names no format: call it before anything is measured.
    """
    if arguments.format:
        return str(arguments.format)
    ending = arguments.output.suffix if arguments.output else ""
    names = {_ENDINGS.get(name, f".{name}"): name for name in known}
    if ending not in ("", *names):
        raise Impossible(f"{arguments.output}: no format for {ending}; known: {', '.join(names)}, or name one with --format")
    return names.get(ending, "table")


def output_option(parser: argparse.ArgumentParser) -> None:
    """Where to write."""
    about = "write to a file instead of standard output"
    parser.add_argument("-o", "--output", type=word(output_file), metavar="FILE", help=about)


def output_file(text: str) -> Path:
    """A file that can be written, or made with the folders above it; so that nothing is measured that then is lost.

    Raises ValueError.
    """
    file = path(text)
    if file.is_dir():
        raise ValueError(f"{file} is a folder: name a file")
    place = next(folder for folder in (file, *file.absolute().parents) if folder.exists())
    if place != file and not place.is_dir():
        raise ValueError(f"{place} is a file, not a folder")
    if not os.access(place, os.W_OK):
        raise ValueError(f"{place} cannot be written to")
    return file


def jobs_option(parser: argparse.ArgumentParser) -> None:
    """How many processes."""
    parser.add_argument(
        "-j",
        "--jobs",
        type=word(positive_integer),
        default=os.cpu_count() or 1,
        metavar="N",
        help="worker processes (default: one a core)",
    )
