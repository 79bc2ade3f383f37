"""The leaderboard in the terminal, one table for each track, and the same as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.common.wording import plural
from harness.engine.answer import FAILURES
from harness.metrics import SHOWN_METRICS
from harness.report.kit.terminal import harmless
from harness.runs.summary import Summary, ranking_metric

TRACKS = {"text/html": "HTML pages", "text/plain": "Text dumps"}
COERCED, REFERENCE = "†", "‡"
LEGEND = {
    COERCED: f"{COERCED} made for the other track: its pages were converted for it",
    REFERENCE: f"{REFERENCE} reference row, does not compete",
}
_NAME = 40  # characters of a name that are shown
_EXPLAINED = 3  # rows whose mistakes are spelled out where the table has no room for them


@dataclass(frozen=True)
class _Column:
    """A column with its cells. Of columns that do not all fit, those with the smallest `rank` are shown."""

    name: str
    rank: float
    cells: list[Text]

    @property
    def justify(self) -> Literal["left", "right"]:
        return "left" if self.name in ("extractor", "version", "leaks most", "misses most") else "right"

    @property
    def width(self) -> int:
        return 2 + max(cell_len(self.name), *(cell.cell_len for cell in self.cells))


def print_leaderboards(
    tracks: Mapping[str, Sequence[Summary]],
    versions: Mapping[str, str | None],
    references: frozenset[str],
    metrics: Sequence[str],
    console: Console,
    notes: Sequence[str] = (),
) -> None:
    """Print one table for each track in the order given, what the marks mean, and notes."""
    marks = ""
    for media, summaries in tracks.items():
        pages = max(summary.pages for summary in summaries)
        columns = _fitting_columns(_columns(summaries, versions, references, metrics), console.width)
        table = plain_table(f"{TRACKS[media]} ({plural(pages, 'page')})")
        for column in columns:
            table.add_column(column.name, justify=column.justify, no_wrap=True)
        for index, summary in enumerate(summaries):
            table.add_row(*(column.cells[index] for column in columns), style="dim" if _marks(summary, references) else "")
        console.print(table)
        if not any(column.name == "leaks most" for column in columns):
            _explain([summary for summary in summaries if not _marks(summary, references)][:_EXPLAINED], console)
        console.print()
        marks += "".join(_marks(summary, references) for summary in summaries)
    for mark, meaning in LEGEND.items():
        if mark in marks:
            console.print(Text(meaning, style="dim"))
    for note in notes:
        console.print(Text(harmless(note), style="dim"))


def _columns(
    summaries: Sequence[Summary], versions: Mapping[str, str | None], references: frozenset[str], metrics: Sequence[str]
) -> list[_Column]:
    best = ranking_metric(metrics)

    def column(name: str, rank: float, cell: Callable[[Summary], str | Text]) -> _Column:
        cells = (cell(summary) for summary in summaries)
        return _Column(name, rank, [text if isinstance(text, Text) else Text(text) for text in cells])

    def name(summary: Summary) -> str:
        return f"{harmless(summary.extractor)[:_NAME]} {_marks(summary, references)}".rstrip()

    def failures(outcome: str) -> _Column:
        return column(outcome, 9, lambda s: Text(str(s.outcomes.get(outcome) or "–"), style="red"))

    costs = any(summary.cost.money is not None for summary in summaries)

    usual = set(SHOWN_METRICS) <= set(metrics)

    def score(metric: str) -> _Column:
        style = "bold" if metric == best else ""
        if metric == best:
            rank = 1.0
        elif usual:
            rank = 3 if metric in SHOWN_METRICS else 4 if metric.endswith(".F") else 8
        else:  # asked for one by one, and shown one by one as far as there is room
            rank = 1 + (1 + metrics.index(metric)) / (1 + len(metrics))
        return column(metric, rank, lambda s: Text(number(s.scores[metric]), style=style))

    return [
        column("extractor", 0, name),
        column("version", 7, lambda s: harmless(versions.get(s.extractor) or "–")[:_NAME]),
        column("pages", 5, lambda s: str(s.pages)),
        column("empty", 6, lambda s: str(s.empty or "–")),
        column("errors", 2, lambda s: Text(str(s.errors or "–"), style="bold red" if s.errors else "")),
        *map(failures, [name for name in FAILURES if any(s.outcomes.get(name) for s in summaries)]),
        *map(score, metrics),
        column(f"{best} median", 8, lambda s: number(s.medians[best])),
        column(f"{best} answered", 8, lambda s: number(s.answered_scores.get(best))),
        column("ms", 4, lambda s: milliseconds(s.cost.milliseconds)),
        column("ms 95%", 9, lambda s: milliseconds(s.cost.milliseconds_95)),
        column("first ms", 11, lambda s: milliseconds(s.cost.first_milliseconds)),
        column("MiB", 9, lambda s: "–" if s.cost.peak_memory is None else f"{s.cost.peak_memory / 2**20:.0f}"),
        *([column("cost", 4, lambda s: "–" if s.cost.money is None else f"{s.cost.money:.4g}")] if costs else []),
        column("leaks most", 10, lambda s: largest_kinds(s.leaks, 1)),
        column("misses most", 10, lambda s: largest_kinds(s.misses, 1)),
    ]


def _fitting_columns(columns: list[_Column], width: int) -> list[_Column]:
    """As many columns as fit, whole ranks at a time; the first rank always."""
    ranks = sorted({column.rank for column in columns})
    shown = [column for column in columns if column.rank == ranks[0]]
    for rank in ranks[1:]:
        wider = [column for column in columns if column in shown or column.rank == rank]
        if sum(column.width for column in wider) > width:
            break
        shown = wider
    return shown


def _explain(summaries: Sequence[Summary], console: Console) -> None:
    for summary in summaries:
        leaks, misses = largest_kinds(summary.leaks), largest_kinds(summary.misses)
        text = Text(f"  {harmless(summary.extractor)} leaks {leaks}; misses {misses}", style="dim")
        console.print(text, soft_wrap=True)


def print_by(order: Sequence[str], groups: Mapping[str, Sequence[Summary]], key: str, metric: str, console: Console) -> None:
    """Print one metric by extractor, in the order given, and by value of a key, with each value's number of pages."""
    width = min(max(map(len, order)), _NAME)
    for values in _fitting(list(groups), console.width - width - 1):
        table = plain_table(f"{metric} by {key}")
        table.add_column("extractor", no_wrap=True, min_width=width)
        for value in values:
            table.add_column(harmless(value), justify="right", overflow="fold")
        pages = (str(max(summary.pages for summary in groups[value])) for value in values)
        table.add_row("pages", *pages, style="dim")
        columns = [{summary.extractor: summary.scores[metric] for summary in groups[value]} for value in values]
        for name in order:
            table.add_row(harmless(name), *(number(column[name]) if name in column else "–" for column in columns))
        console.print(table)


def print_times_by(order: Sequence[str], groups: Mapping[str, Sequence[Summary]], key: str, console: Console) -> None:
    """Print the median and the 95th percentile of milliseconds by extractor and by value of a key."""
    table = plain_table(f"ms and ms 95% by {key}")
    table.add_column("extractor", no_wrap=True)
    for value in groups:
        table.add_column(harmless(value), justify="right", overflow="fold")
    columns = [{summary.extractor: summary.cost for summary in summaries} for summaries in groups.values()]
    for name in order:
        costs = (column.get(name) for column in columns)
        cells = (f"{milliseconds(c.milliseconds)} {milliseconds(c.milliseconds_95)}" if c else "–" for c in costs)
        table.add_row(harmless(name), *cells)
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
    notes: Sequence[str] = (),
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
                *(number(summary.scores[name]) for name in metrics),
                milliseconds(summary.cost.milliseconds),
                largest_kinds(summary.leaks),
                largest_kinds(summary.misses),
            ]
            for summary in summaries
        ]
        lines = [header, ["---"] + ["---:" if i else "---" for i in range(len(header) - 1)], *rows]
        table = "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines)
        parts.append(f"## {TRACKS[media]}\n\n{table}\n")
    legend = "\n".join(f"{meaning}  " for mark, meaning in LEGEND.items() if any(mark in part for part in parts))
    return "\n".join([*parts, legend, *(f"\n{cell(note)}" for note in notes)]).rstrip() + "\n"


def milliseconds(time: float | None) -> str:
    """A time in milliseconds, one decimal below ten; a dash for none."""
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


def cell(text: str) -> str:
    """Text as a cell of a Markdown table."""
    escaped = harmless(text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
    return escaped.replace("`", "\\`")
