"""The command line: arguments in, one command called, exit code out."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from harness import __version__
from harness.errors import IMPOSSIBLE, INTERRUPTED, OK, CannotTell, Impossible

EXIT_CODES = """\
exit codes:
  0    done
  1    measured, and something is wrong: worse than the baseline (gate), findings (fuzz, replay),
       mistakes in goldens (check)
  2    impossible request: unknown name, bad option, bad file
  3    could not tell: no page, an extractor that is not installed, a golden that is broken, no baseline
  130  interrupted; the run is kept and can be resumed
"""
LISTS = ("extractors", "goldens", "datasets", "metrics", "kinds", "flags", "operators", "runs")
BY = ("kind", "lang", "set", "media", "site", "size")
FORMATS = ("table", "json", "csv", "md")
FORMATS_BUT_CSV = ("table", "json", "md")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        try:
            return _call(argv)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not a mistake, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _call(argv: Sequence[str] | None) -> int:
    arguments = _parser().parse_args(argv)
    command = importlib.import_module(f"harness.commands.{arguments.command}")
    try:
        return int(command.run(arguments))
    except (Impossible, CannotTell) as error:
        return _complain(str(error), error.code)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except OSError as error:
        if error.filename is None:
            raise
        return _complain(f"{error.filename}: {error.strerror}", IMPOSSIBLE)


def _complain(message: str, code: int) -> int:
    from harness.report.terminal import harmless

    print(f"harness: {harmless(message)}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="harness",
        description="Scores extractors of main content against hand-labelled pages.",
        epilog="first steps:\n  harness run                  score what is installed on the goldens that come with it\n"
        "  harness show --worst 5       its worst pages\n  harness list extractors      what can run\n\n" + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"harness {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _run(_command(commands, "run", "run extractors over goldens, print a table, store the run"))
    _history(_command(commands, "history", "run releases of one extractor over the same goldens, and show what changed"))
    _score(_command(commands, "score", "score outputs that were made elsewhere, print a table, store them as a run"))
    _reproduce(_command(commands, "reproduce", "a public benchmark's published figures beside those that come out here"))
    _show(_command(commands, "show", "show a stored run again: its table, its worst pages, a page as a diff"))
    _compare(_command(commands, "compare", "say whether B is better than A: two extractors of a run, or two runs"))
    _gate(_command(commands, "gate", "say whether a run is worse than the baseline, by the rules of pyproject.toml"))
    _accept(_command(commands, "accept", "make a run the baseline that later runs are compared with"))
    _scorecard(_command(commands, "scorecard", "write a run, or the baseline, as one file that explains itself"))
    _fuzz(_command(commands, "fuzz", "change the layout of pages, and measure what that does to extractors"))
    _replay(_command(commands, "replay", "run extractors on findings of `fuzz` again: fixed or not"))
    _merge(_command(commands, "merge", "make one run of the shards that `run --shard` made"))
    _cache(_command(commands, "cache", "show where known outputs are kept and how much there is, or forget them"))
    _check(_command(commands, "check", "validate goldens and report every mistake"))
    _dataset(_command(commands, "dataset", "bring a public dataset into the user's cache"))
    _list(_command(commands, "list", "list extractors, goldens, metrics, kinds of text, or runs"))
    _new(_command(commands, "new", "write something to start from: a draft golden, or an extractor"))
    return parser


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _run(parser: argparse.ArgumentParser) -> None:
    _extractor_option(
        parser,
        "extractor to run: NAME, NAME/VARIANT, NAME@RELEASE, module:function, FILE.py:function, cmd:COMMAND, or `all`",
    )
    _golden_options(parser)
    _metric_option(parser)
    _by_option(parser)
    _format_options(parser)
    _engine_options(parser)
    parser.set_defaults(default_of=parser.get_default)


def _history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="extractor whose releases to run: NAME or NAME/VARIANT")
    parser.add_argument("releases", nargs="*", metavar="RELEASE", help="releases, oldest first (default: the last ones)")
    parser.add_argument("--last", type=_positive, default=5, metavar="N", help="how many of the last releases (default: 5)")
    _golden_options(parser)
    _engine_options(parser)
    parser.set_defaults(default_of=parser.get_default, metric=[])


def _golden_options(parser: argparse.ArgumentParser, seeded: str = "which ones --sample takes") -> None:
    parser.add_argument(
        "-g",
        "--goldens",
        action="append",
        default=[],
        metavar="GOLDENS",
        help="a folder, a set's name, one golden's id, or FORMAT:PATH for a public dataset (harness list datasets)",
    )
    _choice_options(parser)
    parser.add_argument(
        "--sample", type=_positive, metavar="N", help="only N of the goldens, of each kind of page its share (see --seed)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help=f"{seeded} (default: 0)")
    parser.add_argument("--limit", type=_positive, metavar="N", help="only the first N goldens, by id")


def _choice_options(parser: argparse.ArgumentParser) -> None:
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


def _engine_options(parser: argparse.ArgumentParser) -> None:
    _jobs_option(parser)
    parser.add_argument("--timeout", type=_seconds, default=30.0, metavar="S", help="seconds for one page (default: 30)")
    _memory_option(parser)
    parser.add_argument(
        "--repeat", type=_positive, default=1, metavar="N", help="run every page N times and average (default: 1)"
    )
    parser.add_argument("--shard", type=_shard, metavar="I/N", help="only the I-th of N parts of the goldens")
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help="do what is missing of a run that was interrupted (default: the latest unfinished one)",
    )
    parser.add_argument("--fresh", action="store_true", help="run everything, even where the output is known")
    _environment_options(parser)
    _plugins_option(parser)
    _dumps_option(parser)


def _score(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "predictions",
        nargs="+",
        type=Path,
        metavar="PREDICTIONS",
        help="JSON or JSONL as AEB, WCXB, WCEB or WebMainBench publish it, or a folder of text files",
    )
    _golden_options(parser)
    _metric_option(parser)
    _by_option(parser)
    _format_options(parser)
    _jobs_option(parser)
    _dumps_option(parser)


def _reproduce(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("benchmark", metavar="BENCHMARK", help="aeb, wcxb or trafilatura")
    parser.add_argument(
        "--outputs",
        dest="predictions",
        nargs="+",
        type=Path,
        default=[],
        metavar="PREDICTIONS",
        help="the outputs that the benchmark published, as for `score`",
    )
    parser.add_argument(
        "--run",
        dest="run_names",
        action="append",
        default=[],
        metavar="RUN",
        help="take a stored run instead of running anything; may be given several times",
    )
    _extractor_option(parser, "extractor to run (default: those of the published table that are in the catalogue)")
    _golden_options(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="Markdown page whose section to replace (default: standard output)"
    )
    _engine_options(parser)
    parser.set_defaults(default_of=parser.get_default)


def _show(parser: argparse.ArgumentParser) -> None:
    _run_argument(parser)
    parser.add_argument("--page", metavar="ID", help="one page: as a diff for each -e, or its labels without -e")
    parser.add_argument("--worst", type=_positive, metavar="N", help="the N worst pages (of the extractors given by -e)")
    parser.add_argument("--ranks", action="store_true", help="where metrics rank the extractors differently")
    parser.add_argument("--agreement", action="store_true", help="how many of their words two extractors have in common")
    _extractor_option(parser, "extractor to show")
    _metric_option(parser)
    _choice_options(parser)
    _by_option(parser)
    _format_options(parser)
    _dumps_option(parser)


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="A", help="an extractor of the run, a run (id, file or latest~N), or `baseline`")
    parser.add_argument("second", metavar="B", help="the same: another extractor of the run, or another run")
    parser.add_argument("--run", dest="run_name", metavar="RUN", help="whose extractors A and B are (default: latest)")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="the file of the baseline (default: reports/baseline.json)"
    )
    _extractor_option(parser, "of two runs, compare only this extractor")
    parser.add_argument("-m", "--metric", metavar="METRIC", help="what to compare by (default: F, else a benchmark's F)")
    _format_options(parser, FORMATS_BUT_CSV)


def _gate(parser: argparse.ArgumentParser) -> None:
    _run_argument(parser)
    _baseline_option(parser)
    parser.add_argument(
        "--rules", type=Path, metavar="FILE", help="TOML or YAML (default: [tool.harness.gate] of pyproject.toml)"
    )
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the verdict for a comment or summary")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the verdict for programs")


def _accept(parser: argparse.ArgumentParser) -> None:
    _run_argument(parser)
    _baseline_option(parser)
    parser.add_argument(
        "--prune", action="store_true", help="delete rows that the run does not have, of the sets that it has pages of"
    )


def _scorecard(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run_name", nargs="?", metavar="RUN", help="id of a run, its file, latest~N, or `baseline` (default: latest)"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help=".html, .md or .json, or a folder for all three; may be given several times",
    )
    _extractor_option(parser, "extractor to show; one alone gets its strengths and weaknesses")
    _baseline_option(parser)
    parser.add_argument(
        "--robustness", type=Path, metavar="FILE", help="also show a matrix that `harness fuzz --format json -o FILE` wrote"
    )
    parser.add_argument("--no-times", action="store_true", help="leave out all times")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the files would come out differently")
    _dumps_option(parser)


def _fuzz(parser: argparse.ArgumentParser) -> None:
    _extractor_option(parser, "extractor to break (default: all that are installed here)")
    _golden_options(parser, "which pages --sample takes, and which layouts --search tries")
    parser.add_argument(
        "--operators",
        action="append",
        default=[],
        metavar="CODES",
        help="only these changes of the layout, such as T4,D18 (default: all but sizes)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--search", action="store_true", help="look for the worst layouts; write the smallest of each kind as findings"
    )
    what.add_argument("--limits", action="store_true", help="a fixed list of pages at the limits: depth, number, size")
    what.add_argument("--minimal", metavar="FINDING", help="print the page of a finding, for a bug report")
    what.add_argument("--accept", action="store_true", help="make the findings that are there no news")
    parser.add_argument(
        "--examples",
        type=_positive,
        default=300,
        metavar="N",
        help="layouts that --search looks at, for each extractor (default: 300)",
    )
    parser.add_argument(
        "--seconds", type=_seconds, metavar="N", help="end looking after so long; what is found then depends on the machine"
    )
    _findings_option(parser)
    parser.add_argument(
        "--accepted",
        type=Path,
        default=Path("reports/findings.accepted.yaml"),
        metavar="FILE",
        help="list of findings that are no news (default: reports/findings.accepted.yaml)",
    )
    _format_options(parser, FORMATS_BUT_CSV)
    _jobs_option(parser)
    _page_timeout_option(parser)
    _memory_option(parser)
    parser.set_defaults(shard=None)
    _environment_options(parser)
    _plugins_option(parser)
    _dumps_option(parser)


def _replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", metavar="FINDING", help="EXTRACTOR/KIND_ID, an ID, an extractor, or a file (default: all)"
    )
    parser.add_argument(
        "-e", "--extractor", metavar="EXTRACTOR", help="run this one instead of the extractor that the finding is about"
    )
    parser.add_argument("--keep", action="store_true", help="keep findings that are fixed")
    _findings_option(parser)
    _page_timeout_option(parser)
    _environment_options(parser)
    _plugins_option(parser)


def _findings_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--findings",
        type=Path,
        default=Path("reports/findings"),
        metavar="DIR",
        help="folder of findings (default: reports/findings)",
    )


def _page_timeout_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--timeout", type=_seconds, default=10.0, metavar="S", help="seconds for one page (default: 10)")


def _merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_names", nargs="+", metavar="RUN", help="id of a run, its file, or latest~N")


def _cache(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clear", action="store_true", help="forget all outputs")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders, sets or files (default: all sets)")
    _dumps_option(parser)


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=LISTS)
    _plugins_option(parser)
    _dumps_option(parser)


def _dataset(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    add = _command(what, "add", "bring a known dataset at its pinned commit with git, and verify it")
    add.add_argument("name", metavar="NAME", help="a dataset of `harness list datasets`")
    add.add_argument("--from", dest="source", metavar="URL-or-PATH", help="take it from a copy of its git repository")
    add.add_argument("--accept-licence", action="store_true", help="accept a licence that is not permissive, unasked")


def _new(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    golden = _command(kinds, "golden", "write a draft golden beside a page, every block listed and set to `drop`")
    golden.add_argument("page", nargs="?", type=Path, metavar="PAGE", help="a page: .html or .txt, UTF-8")
    golden.add_argument("--from", dest="finding", metavar="FINDING", help="the page of a finding of `fuzz`, with its labels")
    _findings_option(golden)
    extractor = _command(kinds, "extractor", "write NAME.py with an extractor that works")
    extractor.add_argument("name", metavar="NAME", help="its name, a Python identifier")


def _extractor_option(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("-e", "--extractor", action="append", default=[], metavar="EXTRACTOR", help=help)


def _run_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_name", nargs="?", metavar="RUN", help="id of a run, its file, or latest~N (default: latest)")


def _baseline_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="the baseline (default: reports/baseline.json)")


def _metric_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-m",
        "--metric",
        action="append",
        default=[],
        metavar="METRIC",
        help="metric to compute and show, or a benchmark whose metrics these are, such as `aeb`",
    )


def _by_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", choices=BY, metavar="KEY", help=f"also by {', '.join(BY)}")


def _format_options(parser: argparse.ArgumentParser, formats: Sequence[str] = FORMATS) -> None:
    parser.add_argument("--format", choices=formats, default="table", help="what to write (default: table)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file instead of standard output")


def _memory_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--memory",
        type=_bytes,
        default=2 * 1024**3,
        metavar="SIZE",
        help="memory of a worker, such as 500M or 4G (default: 2G)",
    )


def _jobs_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-j",
        "--jobs",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="worker processes (default: one a core)",
    )


def _environment_options(parser: argparse.ArgumentParser) -> None:
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


def _plugins_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plugins", type=Path, action="append", default=[], metavar="PATH", help="a file or folder of extractors"
    )


def _dumps_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dumps",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="folder of pages that goldens name by checksum only (also: HARNESS_DUMPS)",
    )


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return value


def _shard(text: str) -> str:
    match = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", text)
    if not match or int(match[1]) > int(match[2]):
        raise argparse.ArgumentTypeError(f"{text!r} is not a part such as 1/3")
    return text


def _bytes(text: str) -> int:
    units = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
    number, unit = (text[:-1], text[-1].lower()) if text[-1:].lower() in units and text[-1:] else (text, "")
    value = int(float(number) * units[unit])
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a size")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return value
