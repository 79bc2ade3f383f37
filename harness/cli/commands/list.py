"""`harness list`: what there is to run, to run on, and to look at.

Each list imports what it alone needs: a list is to be there at once.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, get_args

from harness.cli.options import request_options
from harness.common.errors import OK
from harness.goldens.vocabulary import FLAGS, TEXT_KINDS, VERDICTS
from harness.report.kit.terminal import escape_controls, plain_table, stdout_console

if TYPE_CHECKING:
    from rich.table import Table


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("what", choices=tuple(LISTS))
    request_options(parser, ["goldens", "plugins", "dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Print one list."""
    console = stdout_console()
    for table in LISTS[arguments.what](arguments):
        console.print(table)
    return OK


def _extractors(arguments: argparse.Namespace) -> list[Table | str]:
    from harness.plugins.ready import fits_here
    from harness.plugins.registry import Registry, Selection

    registry = Registry(arguments.plugins)
    table = _table("extractor", "made for", "here", "licence", "what it does")
    for plugin in registry.plugins.values():
        here = "yes" if fits_here(Selection(plugin)) else "in an environment of its own"
        table.add_row("\n".join(plugin.names), plugin.declared.media, here, plugin.declared.licence or "–", plugin.summary)
    return [table]


def _goldens(arguments: argparse.Namespace) -> list[Table | str]:
    from harness.datasets.entries import find_entries, load_each
    from harness.goldens.sets import dumps_from

    found = find_entries(arguments.goldens, dumps_from(arguments.dumps))
    mistakes = list(found.mistakes)
    table = _table("golden", "kind", "lang", "media", "site", "known defects")
    for golden in load_each(found.entries, mistakes.append):
        flags = ", ".join((*golden.flags, *golden.page.flags))
        about = (golden.id, golden.kind, golden.lang, golden.page.media, golden.site, flags)
        table.add_row(*map(escape_controls, about))
    notes: list[Table | str] = [f"{missing.golden_id}: its page was not found (--dumps DIR)" for missing in found.skipped]
    broken = sorted({str(mistake.path) for mistake in mistakes})
    return [table, *notes, *(f"{path}: broken, see `harness check`" for path in broken)]


def _metrics(arguments: argparse.Namespace) -> list[Table | str]:
    from harness.metrics import METRICS

    table = _table("metric", "best", "a failure scores", "what it is")
    for metric in METRICS.values():
        best = "high" if metric.higher_is_better else "low"
        table.add_row(metric.name, best, "–" if metric.worst is None else f"{metric.worst:g}", metric.summary)
    return [table]


def _kinds(arguments: argparse.Namespace) -> list[Table | str]:
    table = _table("kind", "text that it names")
    for kind, summary in TEXT_KINDS.items():
        table.add_row(kind, summary)
    return [table]


def _policies(arguments: argparse.Namespace) -> list[Table | str]:
    from harness.goldens.policy import built_in_policies, read_policy

    table = _table("policy", "keep", "maybe", "drop")
    for name in built_in_policies():
        verdicts = read_policy(name).verdicts
        table.add_row(name, *(", ".join(kind for kind in verdicts if verdicts[kind] == verdict) for verdict in VERDICTS))
    return [table, "kinds that a policy does not name keep the verdicts of the labels"]


def _datasets(arguments: argparse.Namespace) -> list[Table | str]:
    from harness.datasets import DATASET_FORMATS
    from harness.datasets.catalogue import CATALOGUE, known_datasets

    table = _table("dataset", "pages", "here", "licence", "how to get it")
    notes: list[Table | str] = []
    for found in known_datasets():
        known = found.known
        here = f"{found.bytes / 1e6:,.0f} MB" if found.path else "no"
        if not known.commit:
            notes.append(f"{known.name}: {known.by_hand}")
        how = f"here: -g {known.name}" if found.path else found.how if known.commit else "by hand, see below"
        table.add_row(known.name, f"{known.pages:,}", here, known.licence, how)
    of_known = {known.format for known in CATALOGUE.values()}
    for name, dataset_format in DATASET_FORMATS.items():
        if name not in of_known:
            notes.append(f"-g {name}:PATH ({DATASET_FORMATS.origin(name)}): {dataset_format.summary}")
    return [table, *notes]


def _flags(arguments: argparse.Namespace) -> list[Table | str]:
    table = _table("flag", "what is known of a page that has it")
    for flag, summary in FLAGS.items():
        table.add_row(flag, summary)
    return [table]


def _operators(arguments: argparse.Namespace) -> list[Table | str]:
    from harness.fuzz.catalogue import operators_of
    from harness.pages.page import Media

    table = _table("operator", "made for", "nature", "what it does")
    for media in get_args(Media):
        for operator in operators_of(media):
            about = " ".join((operator.__doc__ or "").split()).split(". ")[0].rstrip(".")
            table.add_row(operator.code, media, operator.nature, about)
    return [table]


def _runs(arguments: argparse.Namespace) -> list[Table | str]:
    from rich.text import Text

    from harness.runs.file import RunError, list_runs, read_run_file

    table = _table("run", "harness", "shard", "extractors", "pages", "results", "state")
    table.columns[0].no_wrap = True  # an id, the time when the run began, is there to be copied
    for path in list_runs():
        try:
            stored = read_run_file(path, texts=False)
        except RunError as error:
            table.add_row(path.stem, *"–––––", Text(escape_controls(str(error)), style="red"))
            continue
        header = stored.header
        extractors = {record.extractor for record in stored.records}
        pages = {record.golden for record in stored.records}
        state = "finished" if stored.finished else "not finished"
        table.add_row(
            stored.id,
            header.harness or "–",
            header.request.choice.shard or "–",
            *(str(len(counted)) for counted in (extractors, pages, stored.records)),
            state,
        )
    return [table] if table.row_count else ["no run yet; make one with `harness run`"]


def _table(*columns: str) -> Table:
    table = plain_table()
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


LISTS = {
    "extractors": _extractors,
    "goldens": _goldens,
    "datasets": _datasets,
    "metrics": _metrics,
    "kinds": _kinds,
    "flags": _flags,
    "policies": _policies,
    "operators": _operators,
    "runs": _runs,
}
