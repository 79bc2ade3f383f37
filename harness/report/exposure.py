"""Exposure in the terminal, as Markdown and as one object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from harness.common.wording import plural
from harness.exposure.measure import Exposed
from harness.exposure.record import FORMAT, ExposureRecord
from harness.exposure.techniques import GROUPS, Group
from harness.report.kit import markdown
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import NONE, share
from harness.report.kit.terminal import escape_controls


def print_exposure(records: Sequence[ExposureRecord], console: Console) -> None:
    """Print the share of each group that came out of each extractor, with Wilson's 95 % interval; then each technique."""
    ordered = sorted(records, key=lambda one: (_order(one), one.extractor))
    columns = [Column("extractor", [record.extractor for record in ordered], justify="left")]
    for group in GROUPS:
        columns.append(Column(group, [_with_interval(record.of_group(group)) for record in ordered]))
    print_table(columns, console, "Sentences that came out, by how they were written")
    for group, meaning in GROUPS.items():
        console.print(Text(f"{group}: {meaning}", "dim"), soft_wrap=True)
    for record in records:
        if record.unmeasured:
            console.print(Text(f"{escape_controls(record.extractor)}: {_unmeasured(record)}", "yellow"), soft_wrap=True)
    for group in GROUPS:
        console.print()
        _print_techniques(group, records, console)


def _print_techniques(group: Group, records: Sequence[ExposureRecord], console: Console) -> None:
    found = by_technique(group, records)
    columns = [Column("technique", list(found), justify="left")]
    for at, record in enumerate(records):
        columns.append(Column(record.extractor, [_cell(rows[at], group) for rows in found.values()]))
    print_table(columns, console, f"{group.capitalize()}: share of pages with the sentence")


def by_technique(group: Group, records: Sequence[ExposureRecord]) -> dict[str, list[Exposed | None]]:
    """The rows of each technique of a group, one for each record; those that come out most often first."""
    by_name = [{row.technique: row for row in record.rows() if row.group == group} for record in records]
    names = dict.fromkeys(name for rows in by_name for name in rows)
    found = {name: [rows.get(name) for rows in by_name] for name in names}

    def often(name: str) -> float:
        return sum((row.share or 0.0) for row in found[name] if row)

    return {name: found[name] for name in sorted(found, key=lambda name: -often(name))}


def _cell(row: Exposed | None, group: Group) -> Text:
    if row is None or row.share is None:
        return Text(NONE)
    bad = row.share < 0.5 if group == "lookalike" else row.share > 0.5
    return Text(share(row.share), style="red" if bad else "")


def _order(record: ExposureRecord) -> float:
    return record.of_group("hidden").share or 0.0


def _with_interval(row: Exposed) -> str:
    bounds = row.interval
    return share(row.share) + (f" [{100 * bounds.low:.0f}–{100 * bounds.high:.0f}]" if bounds else "")


def _unmeasured(record: ExposureRecord) -> str:
    return f"on {plural(record.unmeasured, 'page')} the story did not come out, so that nothing was measured"


def exposure_markdown(records: Sequence[ExposureRecord]) -> str:
    """The same as Markdown."""
    rows = [
        [record.extractor, *(_with_interval(record.of_group(group)) for group in GROUPS)]
        for record in sorted(records, key=lambda one: (_order(one), one.extractor))
    ]
    parts: list[str] = [markdown.heading(2, "Exposure"), markdown.table(["extractor", *GROUPS], rows)]
    for group, meaning in GROUPS.items():
        parts.append(markdown.heading(3, f"{group.capitalize()}: {meaning}"))
        cells = [
            [technique, *(NONE if row is None else share(row.share) for row in found)]
            for technique, found in by_technique(group, records).items()
        ]
        parts.append(markdown.table(["technique", *(record.extractor for record in records)], cells))
    return "\n\n".join(parts) + "\n"


def exposure_object(records: Sequence[ExposureRecord]) -> dict[str, Any]:
    """The same for programs: each record as it is stored, and Wilson's 95 % intervals."""
    found = []
    for record in records:
        intervals = {row.technique: row.interval for row in record.rows()}
        bounds = {name: [found.low, found.high] if found else None for name, found in intervals.items()}
        found.append({**asdict(record), "intervals": bounds})
    return {"exposure": FORMAT, "extractors": found}
