"""Options that several commands have, and the values that they take."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path

BY = ("kind", "lang", "set", "media", "site", "size")
FORMATS = ("table", "json", "csv", "md")
FORMATS_BUT_CSV = ("table", "json", "md")


def golden_options(parser: argparse.ArgumentParser, seeded: str = "which ones --sample takes") -> None:
    """Which goldens: sets and folders, and the choice among them. seeded: what the seed decides."""
    parser.add_argument(
        "-g",
        "--goldens",
        action="append",
        default=[],
        metavar="GOLDENS",
        help="a folder, a set's name, one golden's id, or FORMAT:PATH for a public dataset (harness list datasets)",
    )
    choice_options(parser)
    parser.add_argument(
        "--sample", type=positive, metavar="N", help="only N of the goldens, of each kind of page its share (see --seed)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help=f"{seeded} (default: 0)")
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N goldens, by id")


def choice_options(parser: argparse.ArgumentParser) -> None:
    """The choice among goldens."""
    for name, what in (("kind", "kind of page"), ("lang", "language"), ("site", "site")):
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar=name.upper(), help=f"only pages of this {what}"
        )
    parser.add_argument(
        "--without-flag",
        action="append",
        default=[],
        metavar="FLAG",
        help="leave out pages with this known defect (harness list flags)",
    )


def engine_options(parser: argparse.ArgumentParser) -> None:
    """How extractors are run."""
    jobs_option(parser)
    parser.add_argument("--timeout", type=seconds, default=30.0, metavar="S", help="seconds for one page (default: 30)")
    memory_option(parser)
    parser.add_argument(
        "--repeat", type=positive, default=1, metavar="N", help="run every page N times and average (default: 1)"
    )
    parser.add_argument("--shard", type=shard, metavar="I/N", help="only the I-th of N parts of the goldens")
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help="do what is missing of a run that was interrupted (default: the latest unfinished one)",
    )
    parser.add_argument("--fresh", action="store_true", help="run everything, even where the output is known")
    environment_options(parser)
    plugins_option(parser)
    dumps_option(parser)


def findings_option(parser: argparse.ArgumentParser) -> None:
    """Where findings are."""
    parser.add_argument(
        "--findings",
        type=Path,
        default=Path("reports/findings"),
        metavar="DIR",
        help="folder of findings (default: reports/findings)",
    )


def page_timeout_option(parser: argparse.ArgumentParser) -> None:
    """How long an extractor may take for a page."""
    parser.add_argument("--timeout", type=seconds, default=10.0, metavar="S", help="seconds for one page (default: 10)")


def extractor_option(parser: argparse.ArgumentParser, help: str) -> None:
    """Which extractors; help says what for."""
    parser.add_argument("-e", "--extractor", action="append", default=[], metavar="EXTRACTOR", help=help)


def run_argument(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument("run_name", nargs="?", metavar="RUN", help="id of a run, its file, or latest~N (default: latest)")


def baseline_option(parser: argparse.ArgumentParser) -> None:
    """Which baseline."""
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="the baseline (default: reports/baseline.json)")


def metric_option(parser: argparse.ArgumentParser) -> None:
    """Which metrics."""
    parser.add_argument(
        "-m",
        "--metric",
        action="append",
        default=[],
        metavar="METRIC",
        help="metric to compute and show: NAME, FILE.py:NAME, module:NAME, or a benchmark for all of its metrics",
    )


def by_option(parser: argparse.ArgumentParser) -> None:
    """By what to group."""
    parser.add_argument("--by", choices=BY, metavar="KEY", help=f"also by {', '.join(BY)}")


def format_options(parser: argparse.ArgumentParser, formats: Sequence[str] = FORMATS) -> None:
    """In which of the formats, and where to."""
    parser.add_argument("--format", choices=formats, default="table", help="what to write (default: table)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file instead of standard output")


def memory_option(parser: argparse.ArgumentParser) -> None:
    """How much memory a worker may take."""
    parser.add_argument(
        "--memory",
        type=byte_count,
        default=2 * 1024**3,
        metavar="SIZE",
        help="memory of a worker, such as 500M or 4G (default: 2G)",
    )


def jobs_option(parser: argparse.ArgumentParser) -> None:
    """How many processes."""
    parser.add_argument(
        "-j",
        "--jobs",
        type=positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="worker processes (default: one a core)",
    )


def environment_options(parser: argparse.ArgumentParser) -> None:
    """In which environments."""
    parser.add_argument("--isolated", action="store_true", help="run every extractor in an environment of its own")
    parser.add_argument(
        "--with",
        dest="local_packages",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="install a source tree or wheel in place of what extractors require of that name",
    )


def plugins_option(parser: argparse.ArgumentParser) -> None:
    """Where else extractors, metrics, dataset formats and operators are."""
    parser.add_argument(
        "--plugins",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder of extractors, metrics, dataset formats or operators",
    )


def dumps_option(parser: argparse.ArgumentParser) -> None:
    """Where pages are that goldens name by checksum."""
    parser.add_argument(
        "--dumps",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="folder of pages that goldens name by checksum only (also: HARNESS_DUMPS)",
    )


def positive(text: str) -> int:
    """A whole number above 0."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return value


def shard(text: str) -> str:
    """`I/N` with 1 ≤ I ≤ N."""
    match = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", text)
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a part such as 1/3")
    return text


def byte_count(text: str) -> int:
    """A size such as 500M, in bytes."""
    units = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
    number, unit = (text[:-1], text[-1].lower()) if text[-1:].lower() in units and text[-1:] else (text, "")
    value = int(float(number) * units[unit])
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a size")
    return value


def seconds(text: str) -> float:
    """A number of seconds above 0."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value
