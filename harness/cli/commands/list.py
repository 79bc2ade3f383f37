"""`harness list`: what there is to run, to run on, and to look at.

Each list imports what it alone needs: a list is to be there at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any, get_args

from harness.cli.options import format_name, format_options, request_options
from harness.cli.writing import console_for, write_text
from harness.common import extensions
from harness.common.errors import OK
from harness.common.wording import command_line
from harness.goldens.vocabulary import FLAGS, TEXT_KINDS, VERDICTS
from harness.report.kit.terminal import stderr_console
from harness.report.listing import Listing, listing_csv, listing_json, print_listing

_FORMATS = ("table", "json", "csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("what", choices=tuple(LISTS))
    request_options(parser, ["goldens", "plugins", "dumps"])
    format_options(parser, _FORMATS)


def run(arguments: argparse.Namespace) -> int:
    """Write one list."""
    listing = LISTS[arguments.what](arguments)
    form = format_name(arguments, _FORMATS)
    if form == "table":
        with console_for(arguments.output) as console:
            print_listing(listing, console)
        return OK
    write_text(listing_json(listing) if form == "json" else listing_csv(listing), arguments.output)
    for note in listing.notes:
        stderr_console().print(note, soft_wrap=True)
    return OK


def _extractors(arguments: argparse.Namespace) -> Listing:
    from harness.plugins.ready import fits_here, missing_programs
    from harness.plugins.registry import Registry, Selection

    rows = []
    registry = Registry(arguments.plugins)
    extensions.note_failure(*map(str, registry.unloadable))
    plugins = registry.plugins.values()
    for plugin in plugins:
        about = {
            "media": plugin.declared.media,
            "here": fits_here(Selection(plugin)),
            "licence": plugin.declared.licence or None,
            "homepage": plugin.declared.homepage or None,
        }
        rows.append({"name": plugin.name, **about, "summary": plugin.summary})
        for variant, options in plugin.declared.variants.items():
            rows.append({"name": f"{plugin.name}/{variant}", **about, "summary": _spelled(options)})
    heads = {"name": "extractor", "media": "made for", "here": "here", "licence": "licence", "homepage": "homepage"}
    heads |= {"summary": "what it does"}
    missing = {plugin.name: missing_programs(plugin) for plugin in plugins}
    notes = [f"{name} cannot run: {programs[0]} is not on the path" for name, programs in missing.items() if programs]
    if any(not row["here"] and not missing[str(row["name"]).partition("/")[0]] for row in rows):
        notes.insert(0, "Those that are not here run in environments of their own.")
    named_only = [plugin.name for plugin in plugins if not plugin.by_default]
    notes.append(f"Recipes and services run only where they are named: {', '.join(named_only)}.")
    return Listing(heads, rows, notes, for_programs=["homepage"])


def _spelled(options: Mapping[str, Any]) -> str:
    """The options of a variant, as its author wrote them."""
    return ", ".join(f"{name}={value!r}" for name, value in options.items())


def _goldens(arguments: argparse.Namespace) -> Listing:
    from harness.datasets.entries import find_entries, load_each
    from harness.goldens.sets import dumps_from

    found = find_entries(arguments.goldens, dumps_from(arguments.dumps))
    mistakes = list(found.mistakes)
    rows = [
        {
            "id": golden.id,
            "kind": golden.kind,
            "lang": golden.lang,
            "media": golden.page.media,
            "site": golden.site,
            "flags": [*golden.flags, *golden.page.flags],
        }
        for golden in load_each(found.entries, mistakes.append)
    ]
    notes = [f"{missing.golden_id}: its page was not found (--dumps DIR)" for missing in found.skipped]
    broken = sorted({str(mistake.path) for mistake in mistakes})
    names = {"id": "golden", "kind": "kind", "lang": "lang", "media": "media", "site": "site", "flags": "known defects"}
    return Listing(names, rows, [*notes, *(f"{path}: broken, see `{command_line('check', path)}`" for path in broken)])


def _metrics(arguments: argparse.Namespace) -> Listing:
    from harness.metrics import METRICS

    heads = {"name": "metric", "best": "best", "worst": "a failure scores", "summary": "what it is"}
    rows = [
        {
            "name": metric.name,
            "best": "high" if metric.higher_is_better else "low",
            "worst": metric.worst,
            "summary": metric.summary,
        }
        for metric in METRICS.values()
    ]
    return Listing(heads, rows)


def _kinds(arguments: argparse.Namespace) -> Listing:
    return _named(TEXT_KINDS, "kind", "text that it names")


def _policies(arguments: argparse.Namespace) -> Listing:
    from harness.goldens.policy import built_in_policies, read_policy

    rows: list[dict[str, Any]] = []
    for name in built_in_policies():
        verdicts = read_policy(name).verdicts
        kinds = {str(verdict): [kind for kind in verdicts if verdicts[kind] == verdict] for verdict in VERDICTS}
        rows.append({"name": name, **kinds})
    heads: dict[str, str] = {"name": "policy", **{verdict: verdict for verdict in VERDICTS}}
    return Listing(heads, rows, ["kinds that a policy does not name keep the verdicts of the labels"])


def _flags(arguments: argparse.Namespace) -> Listing:
    return _named(FLAGS, "flag", "what is known of a page that has it")


def _named(summaries: Mapping[str, str], name: str, summary: str) -> Listing:
    rows = [{"name": key, "summary": text} for key, text in summaries.items()]
    return Listing({"name": name, "summary": summary}, rows)


def _datasets(arguments: argparse.Namespace) -> Listing:
    from harness.datasets import DATASET_FORMATS
    from harness.datasets.catalogue import CATALOGUE, known_datasets

    rows, notes = [], []
    for found in known_datasets():
        known = found.known
        if not known.commit:
            notes.append(f"{known.name}: {known.by_hand}")
        rows.append(
            {
                "name": known.name,
                "pages": known.pages,
                "here": f"{found.bytes / 1e6:,.0f} MB" if found.path else "no",
                "licence": known.licence,
                "how": f"here: -g {known.name}" if found.path else found.how if known.commit else "by hand, see below",
            }
        )
    of_known = {known.format for known in CATALOGUE.values()}
    for name, dataset_format in DATASET_FORMATS.items():
        if name not in of_known:
            notes.append(f"-g {name}:PATH ({DATASET_FORMATS.origin(name)}): {dataset_format.summary}")
    heads = {"name": "dataset", "pages": "pages", "here": "here", "licence": "licence", "how": "how to get it"}
    return Listing(heads, rows, notes)


def _operators(arguments: argparse.Namespace) -> Listing:
    from harness.fuzz.catalogue import operators_of
    from harness.pages.page import Media

    heads = {"name": "operator", "media": "made for", "nature": "nature", "summary": "what it does"}
    rows = [
        {
            "name": operator.code,
            "media": media,
            "nature": operator.nature,
            "summary": " ".join((operator.__doc__ or "").split()).split(". ")[0].rstrip("."),
        }
        for media in get_args(Media)
        for operator in operators_of(media)
    ]
    return Listing(heads, rows)


def _runs(arguments: argparse.Namespace) -> Listing:
    from harness.runs.file import RunError, read_run_file
    from harness.runs.find import list_runs

    rows: list[dict[str, Any]] = []
    for path in list_runs():
        try:
            stored = read_run_file(path, texts=False)
        except RunError as error:
            rows.append({**dict.fromkeys(_RUN), "id": path.stem, "state": str(error)})
            continue
        rows.append(
            {
                "id": stored.id,
                "harness": stored.header.harness or None,
                "shard": stored.header.request.choice.shard,
                "extractors": len({record.extractor for record in stored.records}),
                "pages": len({record.golden for record in stored.records}),
                "results": len(stored.records),
                "state": "finished" if stored.finished else "not finished",
            }
        )
    return Listing(_RUN, rows, [] if rows else ["no run yet; make one with `harness run`"])


def _schemas(arguments: argparse.Namespace) -> Listing:
    from harness.common.places import bundled
    from harness.schemas.catalogue import SCHEMAS

    folder = bundled("docs") / "schemas"
    rows = [{"name": name, "files": known.files, "path": str(folder / f"{name}.json")} for name, known in SCHEMAS.items()]
    heads = {"name": "schema", "files": "of", "path": "file"}
    return Listing(heads, rows)


_RUN = {name: name for name in ("id", "harness", "shard", "extractors", "pages", "results", "state")} | {"id": "run"}

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
    "schemas": _schemas,
}
