"""Robustness in the terminal, as Markdown and as one object: a table of operators by extractors, probes, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from harness.common.wording import command_line, plural
from harness.fuzz.findings.finding import Finding
from harness.fuzz.findings.replay import ReplayResult
from harness.fuzz.findings.searches import SearchRecord
from harness.fuzz.measure.limits import ProbeResult
from harness.fuzz.measure.matrix import MatrixCell, SkippedPage
from harness.fuzz.measure.robustness import FAILING_CHANGE, ExtractorTotal, OperatorRow, Reliance
from harness.report.kit import markdown
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import NONE, mebibytes, share, signed
from harness.report.kit.terminal import escape_controls
from harness.report.leaderboard import TRACKS
from harness.stats import Estimate

NATURES = {
    "same": "Meaning preserved: the output must not change",
    "noise": "What real pages do",
    "hostile": "Errors of authors (listed, in no mean)",
    "limit": "Limits (listed, in no mean)",
}
MATRIX_FORMAT = 2
"""Of the object of a matrix: what reads it reads no other."""
_STATES = {"FIXED": "green", "FAILED": "bold red", "CHANGED": "yellow", "ERROR": "bold yellow"}
_MEANS = ("noise", "changed where it must not", "hostile, by frequency")


def _change(estimate: Estimate | None) -> str:
    """A change of F, with its interval as far as there is one."""
    if estimate is None:
        return NONE
    bounds = estimate.interval
    return signed(estimate.value) + (f" [{signed(bounds.low)}, {signed(bounds.high)}]" if bounds else "")


def print_matrix(
    rows: Sequence[OperatorRow],
    totals: Sequence[ExtractorTotal],
    reliances: Sequence[Reliance],
    skipped: Sequence[SkippedPage],
    console: Console,
) -> None:
    """Print the totals, a table for each nature of operators, and how far extractors lean on markup."""
    _print_totals(totals, console)
    names = [total.extractor for total in totals]
    for nature, title in NATURES.items():
        own = [row for row in rows if row.nature == nature]
        if own:
            _print_rows(own, names, title, console)
    if reliances:
        _print_reliances(reliances, names, console)
    reasons = sorted({(skip.code, skip.reason) for skip in skipped if skip.operator})
    if reasons:
        cells = sum(bool(skip.operator) for skip in skipped)
        console.print(
            Text(f"left out: {plural(cells, 'pair')} of operator and page; --format json has the reasons", style="dim")
        )


def _print_totals(totals: Sequence[ExtractorTotal], console: Console) -> None:
    worst = [min(total.worst_operators.values(), key=lambda row: row.change.value or 0.0) for total in totals]
    means = zip(*((_change(total.noise_change), share(total.violation_rate), _expected(total)) for total in totals))
    columns = [
        Column("extractor", [total.extractor for total in totals], justify="left"),
        *(Column(name, cells) for name, cells in zip(_MEANS, means)),
        Column("worst", [f"{signed(row.change.value)} {row.label}" for row in worst], justify="left"),
    ]
    print_table(columns, console, "Robustness: change of F")
    console.print()


def _print_rows(rows: Sequence[OperatorRow], names: Sequence[str], title: str, console: Console) -> None:
    by_operator = _by_operator(rows)
    shown = [name for name in names if any(name in own for own in by_operator.values())]
    order = sorted(by_operator.values(), key=lambda own: min(row.change.value or 0.0 for row in own.values()))
    labels = [next(iter(own.values())).label for own in order]
    columns = [Column(name, [_cell(own.get(name)) for own in order]) for name in shown]
    print_table([Column("operator", labels, justify="left"), *columns], console, title)
    console.print(
        Text(
            f"mean change of F; f: share of pages whose F drops by more than {-FAILING_CHANGE:.2f}, "
            "l: share of pages that lose the body, L: share of the inserted text that leaked",
            "dim",
        )
    )
    console.print()


def _by_operator(rows: Iterable[OperatorRow]) -> dict[str, dict[str, OperatorRow]]:
    """The rows of each operator by extractor."""
    found: dict[str, dict[str, OperatorRow]] = {}
    for row in rows:
        found.setdefault(row.operator, {})[row.extractor] = row
    return found


def _expected(total: ExtractorTotal) -> str:
    return signed(total.expected_change, 4)


def _cell(row: OperatorRow | None) -> Text:
    if row is None:
        return Text(NONE)
    parts = [signed(row.change.value)]
    parts += [f"f{share(row.failing)}"] if row.failing else []
    parts += [f"l{share(row.lost)}"] if row.lost else []
    parts += [f"L{share(row.leaked)}"] if row.leaked else []
    bad = (row.change.value or 0.0) < FAILING_CHANGE
    return Text(" ".join(parts), style="red" if bad else "")


def _print_reliances(reliances: Sequence[Reliance], names: Sequence[str], console: Console) -> None:
    by_operator: dict[str, dict[str, Reliance]] = {}
    for item in reliances:
        by_operator.setdefault(item.label, {})[item.extractor] = item
    columns = [Column("operator", list(by_operator), justify="left")]
    for name in names:
        cells = [_change(own[name].value) if name in own else NONE for own in by_operator.values()]
        columns.append(Column(name, cells))
    print_table(columns, console, "Markup reliance: loss with neutral markup minus loss with telling markup")
    console.print()


def matrix_markdown(rows: Sequence[OperatorRow], totals: Sequence[ExtractorTotal]) -> str:
    """The totals and a table of all operators as Markdown."""
    names = [total.extractor for total in totals]
    means = [
        [total.extractor, _change(total.noise_change), share(total.violation_rate), _expected(total)] for total in totals
    ]
    parts: list[str] = [markdown.heading(2, "Robustness"), markdown.table(["extractor", *_MEANS], means)]
    for nature, title in NATURES.items():
        by_operator = _by_operator([row for row in rows if row.nature == nature])
        if by_operator:
            cells = [
                [next(iter(own.values())).label, *(_cell(own.get(name)).plain for name in names)]
                for own in by_operator.values()
            ]
            parts += [markdown.heading(3, title), markdown.table(["operator", *names], cells)]
    return "\n\n".join(parts) + "\n"


def matrix_object(
    cells: Sequence[MatrixCell],
    skipped: Sequence[SkippedPage],
    rows: Sequence[OperatorRow],
    totals: Sequence[ExtractorTotal],
    reliances: Sequence[Reliance],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """All of a matrix for programs: each pair of page and operator, too, from which tails and doses can be drawn, and the
    versions of the extractors.
    """
    return {
        "matrix": MATRIX_FORMAT,
        **about,
        "versions": {cell.extractor: cell.version for cell in cells},
        "totals": [
            asdict(total) | {"worst_operators": {nature: row.operator for nature, row in total.worst_operators.items()}}
            for total in totals
        ],
        "operators": list(map(asdict, rows)),
        "reliance": list(map(asdict, reliances)),
        "cells": [{name: value for name, value in asdict(cell).items() if name != "version"} for cell in cells],
        "left_out": list(map(asdict, skipped)),
    }


def print_probes(results: Iterable[ProbeResult], console: Console) -> None:
    """Print a table for each track: the result of each probe, with seconds and memory."""
    by_track: dict[str, list[ProbeResult]] = {}
    for result in results:
        by_track.setdefault(result.media, []).append(result)
    for media, own in by_track.items():
        names = list(dict.fromkeys(result.extractor for result in own))
        probes = list(dict.fromkeys(result.probe for result in own))
        found = {(result.extractor, result.probe): result for result in own}
        columns = [Column("probe", probes, justify="left")]
        for name in names:
            columns.append(Column(name, [_probe_cell(found.get((name, probe))) for probe in probes]))
        print_table(columns, console, f"Limits: {TRACKS[media]}")
        console.print(
            Text("seconds, peak memory in MiB, the outcome if it is not ok; lost: the answer lacks the story", style="dim")
        )
        console.print()


def _probe_cell(result: ProbeResult | None) -> Text:
    if result is None:
        return Text(NONE)
    seconds = "" if result.seconds is None else f"{result.seconds:.2g} s" if result.seconds >= 0.1 else ""
    memory = "" if result.memory is None else f"{mebibytes(result.memory)} M"
    shown = [result.conclusion if result.conclusion != "ok" else "", seconds, memory]
    return Text(" ".join(part for part in shown if part), style="" if result.conclusion == "ok" else "red")


def searches_object(done: Sequence[SearchRecord], states: Mapping[str, str]) -> list[dict[str, Any]]:
    """Searches as plain values; each finding with what is known of it, by its id."""
    return [
        {**asdict(search), "found": [{**asdict(one), "state": states[one.id]} for one in search.found]} for search in done
    ]


def print_findings(extractor: str, found: Sequence[tuple[Finding, str]], console: Console) -> None:
    """Print each finding of an extractor with its state: what fails, on which layout, and how to see it again."""
    if not found:
        console.print(f"{escape_controls(extractor)}: nothing found", soft_wrap=True)
    for finding, state in found:
        lines = len(finding.page.page.content.splitlines())
        head = f"{finding.level.upper():8} {finding.extractor}: {finding.kind} {finding.severity:.2f} ({state})"
        console.print(Text(escape_controls(head), style="bold red" if finding.level in ("critical", "high") else "bold"))
        console.print(f"  {finding.python} on {finding.source}, {plural(lines, 'line')}", soft_wrap=True)
        if finding.lost:
            console.print(f"  lost: {_cut(finding.lost)}", soft_wrap=True)
        if finding.leaked:
            console.print(f"  leaked: {_cut(finding.leaked)}", soft_wrap=True)
        if finding.error:
            console.print(f"  {_cut(finding.error)}", soft_wrap=True)
        console.print(f"  {command_line('replay', finding.id)}", style="dim", soft_wrap=True)


def print_replays(replayed: Sequence[tuple[str, ReplayResult | str]], console: Console) -> None:
    """Print a line for each finding: its state and why. A text in place of a state is why it could not be read."""
    for name, result in replayed:
        state, detail = ("ERROR", result) if isinstance(result, str) else (result.state, result.detail)
        line = Text(f"{state:8}", style=_STATES[state])
        line.append(escape_controls(f"{name}: {detail}"), style="default")
        console.print(line, soft_wrap=True)


def _cut(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
