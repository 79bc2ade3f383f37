"""The leaderboard in the terminal, one table for each track, and the same as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.report.terminal import harmless
from harness.summary import Summary, ranking_metric

TRACKS = {"text/html": "HTML pages", "text/plain": "Text dumps"}
DEFAULT_METRICS = ("P", "R", "F", "MER")
COERCED, REFERENCE = "†", "‡"
LEGEND = {
    COERCED: f"{COERCED} made for the other track: its pages were converted for it",
    REFERENCE: f"{REFERENCE} reference row, does not compete",
}
_EXPLAINED = 3  # rows whose mistakes are spelled out where the table has no room for them
_NORMAL, _WIDE, _FULL = 76, 100, 140  # columns of the terminal from which on more columns are shown


def print_leaderboards(
    tracks: Mapping[str, Sequence[Summary]],
    versions: Mapping[str, str | None],
    references: frozenset[str],
    metrics: Sequence[str],
    console: Console,
) -> None:
    """Print one table for each track, best extractor first, and what the marks mean."""
    marks = ""
    for media, summaries in tracks.items():
        pages = max(summary.pages for summary in summaries)
        title = f"{TRACKS[media]} ({pages} page{'s' if pages != 1 else ''})"
        console.print(_leaderboard(title, summaries, versions, references, metrics, console.width))
        if console.width < _FULL:
            for summary in [summary for summary in summaries if not _marks(summary, references)][:_EXPLAINED]:
                leaks, misses = largest_kinds(summary.leaks), largest_kinds(summary.misses)
                console.print(f"  {harmless(summary.extractor)} leaks {leaks}; misses {misses}", style="dim", soft_wrap=True)
        console.print()
        marks += "".join(_marks(summary, references) for summary in summaries)
    for mark, meaning in LEGEND.items():
        if mark in marks:
            console.print(Text(meaning, style="dim"))


def _leaderboard(
    title: str,
    summaries: Sequence[Summary],
    versions: Mapping[str, str | None],
    references: frozenset[str],
    metrics: Sequence[str],
    width: int,
) -> Table:
    table = plain_table(title)
    table.add_column("extractor", no_wrap=True, min_width=_name_width(summaries))
    if width >= _WIDE:
        table.add_column("version", overflow="fold")
    best = ranking_metric(metrics)
    spread = [f"{best} median", f"{best} answered"] if width >= _WIDE else []
    counts = ["pages", "empty", "errors"] if width >= _NORMAL else ["errors"]
    for name in (*counts, *metrics, *spread, *(["ms"] if width >= _NORMAL else [])):
        table.add_column(name, justify="right", no_wrap=True)
    if width >= _FULL:
        table.add_column("leaks most")
        table.add_column("misses most")
    for summary in summaries:
        marks = _marks(summary, references)
        cells = [Text.assemble(harmless(summary.extractor), f" {marks}" if marks else "")]
        if width >= _WIDE:
            cells.append(Text(harmless(versions.get(summary.extractor) or "–")))
        if width >= _NORMAL:
            cells += [Text(str(summary.pages)), Text(str(summary.empty or "–"))]
        cells.append(Text(str(summary.errors or "–"), style="bold red" if summary.errors else ""))
        cells += [Text(number(summary.means[name]), style="bold" if name == best else "") for name in metrics]
        if spread:
            cells += [Text(number(summary.medians[best])), Text(number(summary.answered_means.get(best)))]
        if width >= _NORMAL:
            cells.append(Text(milliseconds(summary)))
        if width >= _FULL:
            cells += [Text(largest_kinds(summary.leaks, 1)), Text(largest_kinds(summary.misses, 1))]
        table.add_row(*cells, style="dim" if marks else "")
    return table


def _name_width(summaries: Sequence[Summary]) -> int:
    """Room for the longest name with its marks; names of strangers are cut."""
    return min(max(len(summary.extractor) for summary in summaries) + 3, 40)


def print_by(order: Sequence[str], groups: Mapping[str, Sequence[Summary]], key: str, metric: str, console: Console) -> None:
    """Print one metric by extractor, in the order given, and by value of a key, with each value's number of pages."""
    width = min(max(map(len, order)), 40)
    for values in _fitting(list(groups), console.width - width - 1):
        table = plain_table(f"{metric} by {key}")
        table.add_column("extractor", no_wrap=True, min_width=width)
        for value in values:
            table.add_column(harmless(value), justify="right", overflow="fold")
        pages = (str(max(summary.pages for summary in groups[value])) for value in values)
        table.add_row("pages", *pages, style="dim")
        columns = [{summary.extractor: summary.means[metric] for summary in groups[value]} for value in values]
        for name in order:
            table.add_row(harmless(name), *(number(column[name]) if name in column else "–" for column in columns))
        console.print(table)


def _fitting(values: list[str], width: int) -> Iterator[list[str]]:
    """The values in portions whose columns fit side by side."""
    portion: list[str] = []
    for value in values:
        if portion and sum(max(len(v), 5) + 1 for v in [*portion, value]) > width:
            yield portion
            portion = []
        portion.append(value)
    yield portion


def plain_table(title: str = "") -> Table:
    """A table with a line under its head and nothing else around it."""
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def leaderboards_markdown(
    tracks: Mapping[str, Sequence[Summary]],
    versions: Mapping[str, str | None],
    references: frozenset[str],
    metrics: Sequence[str],
) -> str:
    """The leaderboards as Markdown tables."""
    parts = []
    for media, summaries in tracks.items():
        header = ["extractor", "version", "pages", "empty", "errors", *metrics, "ms", "leaks most", "misses most"]
        rows = [
            [
                f"{summary.extractor} {_marks(summary, references)}".strip(),
                versions.get(summary.extractor) or "–",
                str(summary.pages),
                str(summary.empty),
                str(summary.errors),
                *(number(summary.means[name]) for name in metrics),
                milliseconds(summary),
                largest_kinds(summary.leaks),
                largest_kinds(summary.misses),
            ]
            for summary in summaries
        ]
        lines = [header, ["---"] + ["---:" if i else "---" for i in range(len(header) - 1)], *rows]
        table = "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)
        parts.append(f"## {TRACKS[media]}\n\n{table}\n")
    legend = "\n".join(f"{meaning}  " for mark, meaning in LEGEND.items() if any(mark in part for part in parts))
    return "\n".join([*parts, legend]).rstrip() + "\n"


def milliseconds(summary: Summary) -> str:
    """The median time of a page, one decimal below ten."""
    time = summary.milliseconds
    return "–" if time is None else f"{time:.1f}" if time < 10 else f"{time:.0f}"


def number(value: float | None) -> str:
    """A score as people read it: three decimals, no leading zero; a dash for none."""
    if value is None:
        return "–"
    return f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def largest_kinds(words: Mapping[str, int], most: int = 2) -> str:
    """`related 61%, comment 20%`: the kinds with most words and their shares."""
    total = sum(words.values())
    largest = sorted(words.items(), key=lambda item: (-item[1], item[0]))[:most]
    return ", ".join(f"{kind} {count / total:.0%}" for kind, count in largest if count) or "–"


def _marks(summary: Summary, references: frozenset[str]) -> str:
    return (COERCED if summary.coerced else "") + (REFERENCE if summary.extractor in references else "")


def _cell(text: str) -> str:
    escaped = harmless(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
    return escaped.replace("`", "\\`")
