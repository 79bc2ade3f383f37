"""The command line: arguments in, one command called, exit code out."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from harness import __version__
from harness.cli.options import (
    FORMATS_BUT_CSV,
    baseline_option,
    by_option,
    choice_options,
    dumps_option,
    engine_options,
    environment_options,
    extractor_option,
    findings_option,
    format_options,
    golden_options,
    jobs_option,
    memory_option,
    metric_option,
    page_timeout_option,
    plugins_option,
    positive,
    run_argument,
    seconds,
)
from harness.common import extensions
from harness.common.errors import IMPOSSIBLE, INTERRUPTED, OK, CannotTell, Impossible

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
    command = importlib.import_module(f"harness.cli.commands.{arguments.command}")
    try:
        with extensions.plugin_files(getattr(arguments, "plugins", ())):
            try:
                return int(command.run(arguments))
            finally:
                for problem in extensions.problems():
                    _warn(problem)
    except (Impossible, CannotTell) as error:
        return _complain(str(error), error.code)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except OSError as error:
        if error.filename is None:
            raise
        return _complain(f"{error.filename}: {error.strerror}", IMPOSSIBLE)


def _complain(message: str, code: int) -> int:
    from harness.report.kit.terminal import harmless

    print(f"harness: {harmless(message)}", file=sys.stderr)
    return code


def _warn(message: str) -> None:
    from harness.report.kit.terminal import harmless

    print(harmless(message), file=sys.stderr)


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
    _list(_command(commands, "list", "list extractors, goldens, metrics, operators, runs and more"))
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
    extractor_option(
        parser,
        "extractor to run: NAME, NAME/VARIANT, NAME@RELEASE, module:function, FILE.py:function, cmd:COMMAND, or `all`",
    )
    golden_options(parser)
    metric_option(parser)
    by_option(parser)
    format_options(parser)
    engine_options(parser)
    parser.set_defaults(default_of=parser.get_default)


def _history(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="extractor whose releases to run: NAME or NAME/VARIANT")
    parser.add_argument("releases", nargs="*", metavar="RELEASE", help="releases, oldest first (default: the last ones)")
    parser.add_argument("--last", type=positive, default=5, metavar="N", help="how many of the last releases (default: 5)")
    golden_options(parser)
    engine_options(parser)
    parser.set_defaults(default_of=parser.get_default, metric=[])


def _score(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "predictions",
        nargs="+",
        type=Path,
        metavar="PREDICTIONS",
        help="JSON or JSONL as AEB, WCXB, WCEB or WebMainBench publish it, or a folder of text files",
    )
    golden_options(parser)
    metric_option(parser)
    by_option(parser)
    format_options(parser)
    jobs_option(parser)
    plugins_option(parser)
    dumps_option(parser)


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
    extractor_option(parser, "extractor to run (default: those of the published table that are in the catalogue)")
    golden_options(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="Markdown page whose section to replace (default: standard output)"
    )
    engine_options(parser)
    parser.set_defaults(default_of=parser.get_default)


def _show(parser: argparse.ArgumentParser) -> None:
    run_argument(parser)
    parser.add_argument("--page", metavar="ID", help="one page: as a diff for each -e, or its labels without -e")
    parser.add_argument("--worst", type=positive, metavar="N", help="the N worst pages (of the extractors given by -e)")
    parser.add_argument("--ranks", action="store_true", help="where metrics rank the extractors differently")
    parser.add_argument("--agreement", action="store_true", help="how many of their words two extractors have in common")
    extractor_option(parser, "extractor to show")
    metric_option(parser)
    choice_options(parser)
    by_option(parser)
    format_options(parser)
    plugins_option(parser)
    dumps_option(parser)


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", metavar="A", help="an extractor of the run, a run (id, file or latest~N), or `baseline`")
    parser.add_argument("second", metavar="B", help="the same: another extractor of the run, or another run")
    parser.add_argument("--run", dest="run_name", metavar="RUN", help="whose extractors A and B are (default: latest)")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="the file of the baseline (default: reports/baseline.json)"
    )
    extractor_option(parser, "of two runs, compare only this extractor")
    parser.add_argument("-m", "--metric", metavar="METRIC", help="what to compare by (default: F, else a benchmark's F)")
    format_options(parser, FORMATS_BUT_CSV)


def _gate(parser: argparse.ArgumentParser) -> None:
    run_argument(parser)
    baseline_option(parser)
    parser.add_argument(
        "--rules", type=Path, metavar="FILE", help="TOML or YAML (default: [tool.harness.gate] of pyproject.toml)"
    )
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the verdict for a comment or summary")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the verdict for programs")


def _accept(parser: argparse.ArgumentParser) -> None:
    run_argument(parser)
    baseline_option(parser)
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
    extractor_option(parser, "extractor to show; one alone gets its strengths and weaknesses")
    baseline_option(parser)
    parser.add_argument(
        "--robustness", type=Path, metavar="FILE", help="also show a matrix that `harness fuzz --format json -o FILE` wrote"
    )
    parser.add_argument("--no-times", action="store_true", help="leave out all times")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the files would come out differently")
    dumps_option(parser)


def _fuzz(parser: argparse.ArgumentParser) -> None:
    extractor_option(parser, "extractor to break (default: all that are installed here)")
    golden_options(parser, "which pages --sample takes, and which layouts --search tries")
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
        type=positive,
        default=300,
        metavar="N",
        help="layouts that --search looks at, for each extractor (default: 300)",
    )
    parser.add_argument(
        "--seconds", type=seconds, metavar="N", help="end looking after so long; what is found then depends on the machine"
    )
    findings_option(parser)
    parser.add_argument(
        "--accepted",
        type=Path,
        default=Path("reports/findings.accepted.yaml"),
        metavar="FILE",
        help="list of findings that are no news (default: reports/findings.accepted.yaml)",
    )
    format_options(parser, FORMATS_BUT_CSV)
    jobs_option(parser)
    page_timeout_option(parser)
    memory_option(parser)
    parser.set_defaults(shard=None)
    environment_options(parser)
    plugins_option(parser)
    dumps_option(parser)


def _replay(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="*", metavar="FINDING", help="EXTRACTOR/KIND_ID, an ID, an extractor, or a file (default: all)"
    )
    parser.add_argument(
        "-e", "--extractor", metavar="EXTRACTOR", help="run this one instead of the extractor that the finding is about"
    )
    parser.add_argument("--keep", action="store_true", help="keep findings that are fixed")
    findings_option(parser)
    page_timeout_option(parser)
    memory_option(parser)
    environment_options(parser)
    plugins_option(parser)


def _merge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run_names", nargs="+", metavar="RUN", help="id of a run, its file, or latest~N")


def _cache(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clear", action="store_true", help="forget all outputs")


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders, sets or files (default: all sets)")
    dumps_option(parser)


def _list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=LISTS)
    plugins_option(parser)
    dumps_option(parser)


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
    findings_option(golden)
    extractor = _command(kinds, "extractor", "write NAME.py with an extractor that works")
    extractor.add_argument("name", metavar="NAME", help="its name, a Python identifier")
