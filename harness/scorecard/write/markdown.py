"""A scorecard as Markdown: tables that read well in a repository, without charts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from harness.common.wording import plural
from harness.report.fuzzing import NATURES, signed
from harness.report.leaderboard import COERCED, LEGEND, REFERENCE, milliseconds, number
from harness.scorecard.data import Changes, Grid, History, Line, Pages, Profile, Scorecard, Track
from harness.scorecard.robustness_data import LISTED_LOSSES, DoseCurve, DosePoint, Resistance, Robustness, RobustTrack
from harness.scorecard.write.charts import band_names, dose_name
from harness.scorecard.write.safe import safe

_SPECIAL = re.compile(r"([\\`*\[\]<>|&!~$#]|(?<!\w)_|_(?!\w))")
_MOST = 20  # pages that are listed

Row = Sequence[str]


def markdown(card: Scorecard) -> str:
    """The scorecard as a Markdown page."""
    return "\n".join([f"# {plain(card.title)}", "", *_parts(card)]).rstrip() + "\n"


def plain(text: str) -> str:
    """Text of strangers as it stands in Markdown: nothing in it is markup, a link or a new line."""
    return _SPECIAL.sub(r"\\\1", " ".join(safe(text).split()))


def _parts(card: Scorecard) -> Iterator[str]:
    for warning in card.warnings:
        yield f"**{plain(warning)}**\n"
    if card.profile:
        yield from _profile(card.profile)
    for track in card.tracks:
        yield from _track(track, card.times)
    for note in card.notes:
        yield f"{plain(note)}\n"
    if card.robustness:
        yield from _robustness(card.robustness)
    for changes in card.changes:
        yield from _changes(changes)
    for history in card.history:
        yield from _history(history)
    yield from _pages(card.pages)
    yield from _facts(card)


def _profile(profile: Profile) -> Iterator[str]:
    if profile.version:
        yield f"Version {plain(profile.version)}.\n"
    for title, sentences in (("Strengths", profile.strengths), ("Weaknesses", profile.weaknesses)):
        yield f"## {title}\n"
        yield from (f"- {plain(sentence)}" for sentence in sentences or ("none that stands out",))
        yield ""


def _track(track: Track, times: bool) -> Iterator[str]:
    yield f"## {plain(track.name)}\n"
    yield f"**{plain(track.headline)}** {plural(track.pages, 'page')} of {plural(track.sites, 'site')}.\n"
    yield from (f"- {plain(note)}" for note in track.notes)
    yield ""
    yield from _leaderboard(track, times)
    for grid in track.groups:
        if len(grid.columns) > 1:
            yield from _grid(f"{track.metric} by {grid.title}", grid, number)
    for grid in (track.leaks, track.misses):
        if len(grid.columns) > 1:
            yield from _grid(f"{grid.title}, for every 100 of the main content".capitalize(), grid, _words)
    if track.failures.rows:
        yield from _grid(track.failures.title.capitalize(), track.failures, lambda value: f"{value or 0:.0f}")
    yield f"### Pages by {plain(track.metric)}\n"
    rows = [[tail.extractor, *(f"{share:.0%}" for share in tail.shares)] for tail in track.tails]
    yield from _table(["extractor", *band_names()], rows)
    if track.disagreement:
        yield "### Place by each metric\n"
        places = zip(track.disagreement.extractors, track.disagreement.places)
        yield from _table(["extractor", *track.disagreement.metrics], [[name, *map(str, row)] for name, row in places])


def _leaderboard(track: Track, times: bool) -> Iterator[str]:
    shown = [name for name in ("P", "R", "F", "MER") if name != track.metric and name in track.lines[0].scores]
    header = ["rank", "extractor", "version", track.metric, "95 % interval", "median", *shown, "no text"]
    rows = [
        [
            str(line.rank or ""),
            f"{line.extractor} {marks(line)}".rstrip(),
            line.version or "–",
            number(line.value),
            f"{number(line.interval[0])} – {number(line.interval[1])}" if line.interval else "–",
            number(line.median),
            *(number(line.scores[name]) for name in shown),
            str(line.without_text or "–"),
            *([milliseconds(line.milliseconds)] if times else []),
        ]
        for line in track.lines
    ]
    yield from _table([*header, *(["ms"] if times else [])], rows)
    if track.no_interval:
        yield f"No intervals: {plain(track.no_interval)}.\n"
    if any(line.rank for line in track.lines):
        yield "Extractors that these pages cannot separate share a rank; the order is by rank, then by mean.\n"
    used = "".join(marks(line) for line in track.lines)
    yield from (f"{meaning}\n" for mark, meaning in LEGEND.items() if mark in used)


def marks(line: Line) -> str:
    """The signs of a row that does not compete."""
    return (COERCED if line.converted else "") + (REFERENCE if line.reference else "")


def _words(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _grid(title: str, grid: Grid, form: Callable[[float | None], str]) -> Iterator[str]:
    yield f"### {plain(title)}\n"
    rows = [[name, *(form(value) for value in values)] for name, values in grid.rows]
    pages = [["pages", *map(str, grid.pages)]] if grid.pages else []
    yield from _table(["extractor", *grid.columns], [*pages, *rows])


def _robustness(robustness: Robustness) -> Iterator[str]:
    yield "## Robustness\n"
    yield from (f"**{plain(warning)}**\n" for warning in robustness.warnings)
    yield f"The same pages with their layout changed, by `harness fuzz`. {overlap(robustness)}\n"
    for track in robustness.tracks:
        yield from _robust_track(track)


def overlap(robustness: Robustness) -> str:
    """Whether a matrix is of the pages of the run."""
    shared = "all" if robustness.shared == robustness.pages else robustness.shared or "none"
    return f"{plural(robustness.pages, 'page')}, {shared} of them in this run."


def _robust_track(track: RobustTrack) -> Iterator[str]:
    yield f"### {plain(track.name)}: change of F\n"
    rows = [
        [
            line.extractor,
            change(line.drop),
            _between(line.interval),
            _percent(line.violated),
            "–" if line.expected is None else f"{line.expected:+.4f}",
            worst(line),
        ]
        for line in track.resistances
    ]
    hostile = "hostile, by frequency", "hostile, at worst"
    yield from _table(["extractor", "noise", "95 % interval", "changed where it must not", *hostile], rows)
    names = [line.extractor for line in track.resistances]
    for heat in track.heats:
        yield f"#### {NATURES[heat.nature]}\n"
        rows = [[row.label, *map(change, row.changes), str(row.pages)] for row in heat.rows]
        yield from _table(["operator", *names, "pages"], rows)
    if track.doses:
        yield "#### Related stories by dose (inserted text for one of main content)\n"
        header = ["extractor", "stories", "dose", "pages", "pairs", "change of F", "95 % interval", "leaked"]
        yield from _table(header, [_dose(curve, point) for curve in track.doses for point in curve.points])
    if track.tails:
        yield "#### Pairs of page and noise operator that lose more F than\n"
        rows = [
            [tail.extractor, str(tail.pairs), *(f"{tail.share(loss):.1%}" for loss in LISTED_LOSSES)] for tail in track.tails
        ]
        yield from _table(["extractor", "pairs", *map(number, LISTED_LOSSES)], rows)
    if track.worst:
        yield "#### Worst pages by operator\n"
        rows = [[pair.extractor, pair.label, pair.golden, number(pair.before), number(pair.after)] for pair in track.worst]
        yield from _table(["extractor", "operator", "page", "F before", "F after"], rows)


def _dose(curve: DoseCurve, point: DosePoint) -> Row:
    counts = str(point.pages), str(point.pairs)
    figures = change(point.change), _between(point.interval), _percent(point.leaked)
    return curve.extractor, curve.markup, dose_name(point), *counts, *figures


def change(value: float | None) -> str:
    """A change of F: `-.123`, `0`, or a dash for none."""
    return "0" if value is not None and abs(value) < 0.0005 else signed(value)


def worst(line: Resistance) -> str:
    """The error of authors that costs an extractor most."""
    if line.worst is None or line.worst[0] > -0.0005:
        return "–" if line.worst is None else "0"
    return f"{change(line.worst[0])} {line.worst[1]}"


def _between(interval: tuple[float, float] | None) -> str:
    return f"{change(interval[0])} to {change(interval[1])}" if interval else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _changes(changes: Changes) -> Iterator[str]:
    yield f"## {plain(changes.extractor)} since the baseline\n"
    yield f"{plain(change_sentence(changes))}\n"
    rows = [
        [moved.golden, number(moved.before), number(moved.after), " → ".join(dict.fromkeys(moved.outcomes))]
        for moved in changes.moved
    ]
    if rows:
        yield from _table(["page", "before", "now", "outcome"], rows)


def change_sentence(changes: Changes) -> str:
    """What changed since the baseline, in a sentence or two."""
    before, now = changes.versions
    version = f"Version {before or 'unknown'} → {now or 'unknown'}. " if before != now else ""
    left_out = f" {plural(changes.incomparable, 'page')} cannot be compared." if changes.incomparable else ""
    if not changes.better + changes.worse + changes.newly_failing + changes.fixed:
        return f"{version}Nothing changed on {plural(changes.pages, 'page')}.{left_out}"
    interval = f" ({changes.interval[0]:+.3f} to {changes.interval[1]:+.3f})" if changes.interval else ""
    mean = f"{changes.metric} {changes.difference:+.4f}{interval}" if changes.difference is not None else "No score"
    counts = f"{changes.better} better, {changes.worse} worse, {changes.newly_failing} newly failing, {changes.fixed} fixed"
    return f"{version}{mean} over {plural(changes.pages, 'page')}: {counts}.{left_out}"


def _history(history: History) -> Iterator[str]:
    yield f"## Releases of {plain(history.extractor)}\n"
    rows = [
        [
            point.name,
            number(point.value),
            f"{number(point.interval[0])} – {number(point.interval[1])}" if point.interval else "–",
            str(point.without_text or "–"),
            "" if point.won is None else f"+{point.won}",
            "" if point.lost is None else f"−{point.lost}",
            milliseconds(point.milliseconds),
        ]
        for point in history.points
    ]
    yield from _table(["release", history.metric, "95 % interval", "no text", "won", "lost", "ms"], rows)


def _pages(pages: Pages) -> Iterator[str]:
    if not pages.results:
        return
    yield "## Worst pages\n"
    worst = sorted(pages.results, key=lambda result: (result.value, result.golden, result.extractor))[:_MOST]
    rows = [
        [
            result.golden,
            result.extractor,
            result.kind,
            "" if result.outcome == "ok" else result.outcome,
            number(result.value),
            *(str(result.counts.get(name, 0)) for name in ("kept", "missed", "leaked")),
        ]
        for result in worst
    ]
    metric = worst[0].metric
    yield from _table(["page", "extractor", "kind", "outcome", metric, "kept", "missed", "leaked"], rows)
    yield "`harness show --page ID -e EXTRACTOR` shows the words of one.\n"


def _facts(card: Scorecard) -> Iterator[str]:
    yield "## How these numbers came about\n"
    yield from _table(["", ""], [*card.facts.facts, ("digest of the goldens", card.facts.digest)])
    options = any(fact.options for fact in card.facts.extractors)
    rows = [[fact.name, fact.version or "–", *([fact.options] if options else [])] for fact in card.facts.extractors]
    yield from _table(["extractor", "version", *(["options"] if options else [])], rows)
    yield from (f"    {' '.join(safe(command).split())}" for command in card.facts.commands)


def _table(header: Row, rows: Sequence[Row]) -> Iterator[str]:
    aligned = ["---", *["---:"] * (len(header) - 1)]
    for line in (list(map(plain, header)), aligned, *(list(map(plain, row)) for row in rows)):
        yield f"| {' | '.join(line)} |"
    yield ""
