"""A comparison in the terminal, as Markdown, and as an object for programs."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from harness.analysis.compare import TESTABLE, Compared, Difference, KindCount, PageChange, TrackComparison
from harness.analysis.history import NOTICEABLE
from harness.common.wording import plural
from harness.metrics import METRICS
from harness.report.kit import markdown
from harness.report.kit.columns import Column, fit, markdown_table, print_table
from harness.report.kit.numbers import NONE, interval, number, p_value, signed
from harness.report.kit.terminal import escape_controls
from harness.report.leaderboard import TRACKS

_BASELINE = "baseline"
_STYLES = {"B better": "green", "A better": "red"}
_ROWS = 15  # of a table by kind, language …; JSON has all
_WIDEST = 28  # characters that a name may take before columns are left out for it
_TITLES = {"kind": "kind", "lang": "language", "set": "set"}


@dataclass(frozen=True)
class _Table:
    title: str
    columns: list[Column]
    note: str = ""

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to tabulate."""
        return bool(self.columns[0].cells)


def print_comparison(compared: Sequence[Compared], metric: str, notes: Sequence[str], console: Console) -> None:
    """Print who is better, where, and on which pages, for each track. Of several extractors those that changed are shown one
    by one."""
    for line in _heading(compared, metric):
        console.print(line, style="bold", soft_wrap=True)
    tracks = _by_track(compared)
    for media, items in tracks.items():
        if len(tracks) > 1:
            console.print(f"\n{TRACKS.get(media, media)}", style="bold", soft_wrap=True)
        if len(compared) > 1:
            _print_table(_differences(_rows(items), f"{metric} by extractor", "extractor"), console)
        for item, found in items:
            if len(compared) > 1 and not _changed(found):
                continue
            if len(compared) > 1:
                console.print(f"\n{item.second.extractor}", style="bold", soft_wrap=True)
            for line in _sentences(item, found):
                console.print(line, soft_wrap=False)
            for table in (*(_by(found, metric) if len(compared) == 1 else ()), *_words_tables(found)):
                _print_table(table, console)
            for title, changes in _changes(found):
                _print_changes(title, item, changes, console)
    console.print()
    for note in [*left_out_notes(compared), *notes]:
        console.print(note, style="dim", soft_wrap=True)


def comparison_markdown(compared: Sequence[Compared], metric: str, notes: Sequence[str]) -> str:
    """The same as Markdown, with every table of every extractor that changed."""
    title, *lines = _heading(compared, metric)
    parts: list[str] = [markdown.heading(2, title), *(f"{markdown.escape(line)}  " for line in lines)]
    tracks = _by_track(compared)
    for media, items in tracks.items():
        if len(tracks) > 1:
            parts.append(markdown.heading(3, TRACKS.get(media, media)))
        if len(compared) > 1:
            parts.append(_table_markdown(_differences(_rows(items), f"{metric} by extractor", "extractor")))
        for item, found in items:
            if len(compared) > 1 and not _changed(found):
                continue
            if len(compared) > 1:
                parts.append(markdown.heading(4 if len(tracks) > 1 else 3, item.second.extractor))
            parts.append("\n".join(f"- {markdown.escape(line)}" for line in _sentences(item, found)))
            parts += [_table_markdown(table) for table in (*_by(found, metric), *_words_tables(found))]
            for title, changes in _changes(found):
                rows = [[signed(c.gain), _value(c, 0), _value(c, 1), c.golden] for c in changes]
                pages = markdown.table(["gain", "A", "B", "page"], rows, ["right", "right", "right", "left"])
                parts += [markdown.strong(title), pages, markdown.code_block(show_commands(item, changes[0].golden))]
    parts += [markdown.escape(note) for note in [*left_out_notes(compared), *notes]]
    return "\n\n".join(parts) + "\n"


def comparison_object(compared: Sequence[Compared], metric: str, notes: Sequence[str]) -> dict[str, Any]:
    """Everything for programs, an entry for each pair and track. Differences are B minus A in the metric's own direction;
    `gain` is positive for better."""
    return {
        "metric": metric,
        "higher_is_better": METRICS[metric].higher_is_better,
        "comparisons": [
            {
                **{side: asdict(getattr(item, name)) for side, name in (("a", "first"), ("b", "second"))},
                **({"track": media, **_track_object(item, found)} if found else {"track": None, "all": None}),
                "left_out": {reason: list(ids) for reason, ids in item.left_out.items()},
            }
            for item in compared
            for media, found in (item.tracks.items() if item.tracks else [("", None)])
        ],
        "notes": list(notes),
    }


def _track_object(item: Compared, found: TrackComparison) -> dict[str, Any]:
    return {
        "all": _difference_object(found.whole),
        "by": {key: {row.name: _difference_object(row) for row in rows} for key, rows in found.by.items()},
        "leaks": {words.kind: {"a": words.first, "b": words.second} for words in found.leaks},
        "misses": {words.kind: {"a": words.first, "b": words.second} for words in found.misses},
        "without_text": {"a": found.failed[0], "b": found.failed[1]},
        "converted": {"a": found.converted[0], "b": found.converted[1]},
        "won": [_change_object(item, change) for change in found.won],
        "lost": [_change_object(item, change) for change in found.lost],
    }


def show_commands(item: Compared, golden: str) -> list[str]:
    """The commands that show what A and B made of a page: one for both where they are of one run."""
    a, b = (shlex.quote(escape_controls(side.extractor)) for side in (item.first, item.second))
    page = shlex.quote(escape_controls(golden))
    if item.first.run == item.second.run:
        return [f"harness show {shlex.quote(item.first.run)} --page {page} -e {a} -e {b}"]
    runs = [(side.run, name) for side, name in ((item.first, a), (item.second, b)) if side.run != _BASELINE]
    return [f"harness show {shlex.quote(run)} --page {page} -e {name}" for run, name in runs]


def _heading(compared: Sequence[Compared], metric: str) -> list[str]:
    first, second = compared[0].first, compared[0].second
    lower = "" if METRICS[metric].higher_is_better else " (lower is better)"
    if first.run == second.run:
        return [
            f"B {_named(second.extractor, second.version)} against A {_named(first.extractor, first.version)}",
            f"by {metric}{lower}, run {first.run}",
        ]
    what = second.extractor if len(compared) == 1 else f"{len(compared)} extractors"
    return [f"{what}: B {_run(second.run)} against A {_run(first.run)}", f"by {metric}{lower}"]


def _run(name: str) -> str:
    return "the baseline" if name == _BASELINE else f"run {name}"


def _named(extractor: str, version: str | None) -> str:
    return f"{extractor} {version}" if version else extractor


def _by_track(compared: Sequence[Compared]) -> dict[str, list[tuple[Compared, TrackComparison]]]:
    """What is compared of each track, HTML pages first."""
    tracks: dict[str, list[tuple[Compared, TrackComparison]]] = {}
    for media in sorted({media for item in compared for media in item.tracks}):
        tracks[media] = [(item, item.tracks[media]) for item in compared if media in item.tracks]
    return tracks


def _sentences(item: Compared, track: TrackComparison) -> list[str]:
    """What the comparison says in words."""
    found = track.whole
    lines = [
        f"A {number(found.first)}, B {number(found.second)} on {plural(found.pages, 'page')} of "
        f"{plural(found.estimate.sites, 'site')}",
        _verdict(found),
    ]
    if found.verdict != "same":
        interval = (
            f"95 % interval {_interval(found)}" if found.estimate.interval else f"no interval: {found.estimate.reason}"
        )
        lines.append(f"B − A {signed(found.second - found.first)}, p {p_value(found.adjusted)}, {interval}")
        tied = f"{found.tied} tied (less than {number(NOTICEABLE)} apart)"
        lines.append(f"B won {plural(found.won, 'page')}, lost {found.lost}; {tied}")
    if any(track.failed):
        lines.append(f"pages without text: A {track.failed[0]}, B {track.failed[1]}")
    if any(track.converted):
        a, b = track.converted
        lines.append(f"pages converted, since made for the other track: A {a}, B {b}")
    versions = item.first.version, item.second.version
    if item.first.extractor == item.second.extractor and versions[0] != versions[1]:
        lines.append(f"version {versions[0] or 'unknown'} in A, {versions[1] or 'unknown'} in B")
    return lines


def _verdict(found: Difference) -> str:
    if found.verdict == "same":
        return "the same on every page"
    if found.verdict in ("A better", "B better"):
        return f"{found.verdict[0]} is better, by more than chance explains"
    if found.verdict == "not told apart":
        return f"cannot be told apart: a true difference of {number(found.detectable)} or more would usually be found"
    if found.differing < TESTABLE:
        why = f"they differ on {plural(found.differing, 'site')}, and a test needs {TESTABLE}"
    elif found.detectable is None:
        why = f"they are of {plural(found.estimate.sites, 'site')}"
    else:
        why = f"a true difference below {number(found.detectable)} would often be missed"
    return f"too few pages to tell who is better: {why}"


def _changed(found: TrackComparison) -> bool:
    """Whether there is more to say of an extractor than its row."""
    moved = any(words.first != words.second for words in (*found.leaks, *found.misses))
    return found.whole.verdict != "same" or moved


def _by(found: TrackComparison, metric: str) -> list[_Table]:
    """A table for each key; the values with too few pages for a verdict are a line below it."""
    tables = []
    for key, rows in found.by.items():
        if all(row.verdict == "same" for row in rows):
            continue
        by_size = sorted(rows, key=lambda row: (-row.pages, row.name))
        few = [f"{row.name or 'unknown'} {row.pages}" for row in by_size if row.verdict == "too few pages"]
        same = [f"{row.name or 'unknown'} {row.pages}" for row in by_size if row.verdict == "same"]
        told = [row for row in by_size if row.verdict not in ("too few pages", "same")]
        shown = [(row.name or "unknown", row) for row in sorted(told[:_ROWS], key=lambda row: row.name)]
        notes = [f"the largest {_ROWS} of {len(told)}; --format json has all"] if len(told) > _ROWS else []
        notes += [f"too few pages: {', '.join(few)}"] if few else []
        notes += [f"the same on every page: {', '.join(same)}"] if same else []
        tables.append(_differences(shown, f"{metric} by {_TITLES[key]}", _TITLES[key], "\n".join(notes)))
    return tables


def _words_tables(item: TrackComparison) -> list[_Table]:
    tables = []
    for words, title in ((item.leaks, "Leaked words by kind"), (item.misses, "Missed words by kind")):
        if changed := [w for w in words if w.first != w.second][:_ROWS]:
            tables.append(_words_table(changed, f"{title}, where they changed"))
    return tables


def _rows(items: Sequence[tuple[Compared, TrackComparison]]) -> list[tuple[str, Difference]]:
    return [(item.second.extractor, found.whole) for item, found in items]


def _differences(rows: Sequence[tuple[str, Difference]], title: str, first: str, note: str = "") -> _Table:
    def column(name: str, rank: int, of: Callable[[Difference], str]) -> Column:
        return Column(name, [of(row) for _, row in rows], rank)

    verdicts = [Text(row.verdict, style=_STYLES.get(row.verdict, "")) for _, row in rows]

    return _Table(
        title,
        [
            Column(first, [name for name, _ in rows], justify="left", widest=_WIDEST),
            column("pages", 1, lambda row: str(row.pages)),
            column("A", 4, lambda row: number(row.first)),
            column("B", 4, lambda row: number(row.second)),
            column("B − A", 0, lambda row: signed(row.second - row.first)),
            column("95 % interval", 5, _interval),
            column("won", 2, lambda row: str(row.won)),
            column("tied", 2, lambda row: str(row.tied)),
            column("lost", 2, lambda row: str(row.lost)),
            column("p", 3, lambda row: p_value(row.adjusted)),
            column("detectable", 6, lambda row: number(row.detectable)),
            Column("verdict", verdicts, justify="left"),
        ],
        note,
    )


def _interval(row: Difference) -> str:
    found = row.estimate.interval
    return interval(found.low, found.high) if found else NONE


def _words_table(words: Sequence[KindCount], title: str) -> _Table:
    changes = [w.second - w.first for w in words]
    return _Table(
        title,
        [
            Column("kind", [w.kind for w in words], justify="left", widest=_WIDEST),
            Column("A", [str(w.first) for w in words]),
            Column("B", [str(w.second) for w in words]),
            Column("B − A", [f"{change:+d}".replace("-", "−") if change else "0" for change in changes]),
        ],
    )


def _print_table(table: _Table, console: Console) -> None:
    console.print()
    console.print(table.title, style="bold")
    if table.has_rows:
        print_table(fit(table.columns, console.width), console)
    if table.note:
        console.print(table.note, style="dim")


def _table_markdown(table: _Table) -> str:
    rows = [markdown_table(table.columns)] if table.has_rows else []
    return "\n\n".join([markdown.strong(table.title), *rows, *([markdown.escape(table.note)] if table.note else [])])


def _changes(item: TrackComparison) -> list[tuple[str, Sequence[PageChange]]]:
    lists = ("Pages on which B is better", item.won), ("Pages on which A is better", item.lost)
    return [(f"{title}, A → B, the largest change first", changes) for title, changes in lists if changes]


def _print_changes(title: str, item: Compared, changes: Sequence[PageChange], console: Console) -> None:
    console.print(f"\n{title}", style="bold", soft_wrap=True)
    for change in changes:
        values = f"{_value(change, 0)} → {_value(change, 1)}"
        console.print(f"  {signed(change.gain)}  {values}  {change.golden}", soft_wrap=True)
    for command in show_commands(item, changes[0].golden):
        console.print(f"  {command}", style="dim", soft_wrap=True)


def _value(change: PageChange, side: int) -> str:
    outcome = change.outcomes[side]
    return number((change.first, change.second)[side]) + ("" if outcome == "ok" else f" ({outcome})")


def left_out_notes(compared: Sequence[Compared]) -> list[str]:
    """How many pages are not compared and why; what holds for all extractors is said once."""
    counts: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for item in compared:
        for reason, ids in item.left_out.items():
            counts.setdefault((reason, ids), []).append(item.second.extractor)
    return [
        f"not compared: {plural(len(ids), 'page')}"
        + ("" if len(extractors) == len(compared) else f" of {', '.join(extractors)}")
        + f", {reason}, such as {ids[0]}"
        for (reason, ids), extractors in counts.items()
    ]


def _difference_object(row: Difference) -> dict[str, Any]:
    interval = row.estimate.interval
    return {
        "pages": row.pages,
        "sites": row.estimate.sites,
        "differing_sites": row.differing,
        "a": row.first,
        "b": row.second,
        "difference": row.estimate.value,
        "interval": [interval.low, interval.high] if interval else None,
        "no_interval": row.estimate.reason or None,
        "p": row.p,
        "p_holm": row.adjusted,
        "detectable": row.detectable,
        "won": row.won,
        "tied": row.tied,
        "lost": row.lost,
        "verdict": row.verdict,
    }


def _change_object(item: Compared, change: PageChange) -> dict[str, Any]:
    return {
        "golden": change.golden,
        "kind": change.kind,
        "a": change.first,
        "b": change.second,
        "gain": change.gain,
        "outcomes": list(change.outcomes),
        "commands": show_commands(item, change.golden),
    }
