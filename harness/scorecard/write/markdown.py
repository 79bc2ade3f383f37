"""A scorecard as Markdown: tables that read well in a repository, without charts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest

from harness.common.wording import plural
from harness.report.fuzzing import NATURES
from harness.report.kit import markdown as kit
from harness.report.kit.markdown import Markdown
from harness.report.kit.numbers import NONE, count, milliseconds, number, share, signed
from harness.report.result_columns import LEGEND
from harness.scorecard.values.card import Profile, Scorecard
from harness.scorecard.values.changes import Changes, ReleaseHistory
from harness.scorecard.values.exposure import ExposureView
from harness.scorecard.values.models import ModelsView
from harness.scorecard.values.pages import WorstPages
from harness.scorecard.values.robustness import LISTED_LOSSES, DoseCurve, DosePoint, Robustness, RobustTrack
from harness.scorecard.values.track import NumberGrid, Track
from harness.scorecard.write.phrases import (
    band_names,
    change_sentence,
    dose_name,
    limit_of,
    limits_of_columns,
    marks,
    overlap,
    scores_beside,
    worst_error,
)
from harness.scorecard.write.sanitise import sanitise

_MOST = 20  # pages that are listed


def markdown(card: Scorecard) -> str:
    """The scorecard as a Markdown page."""
    return "\n".join([_heading(1, card.title), *_parts(card)]).rstrip() + "\n"


def escape(text: str) -> Markdown:
    """Text as it stands in Markdown, long words and texts cut: nothing in it is markup, a link or a new line."""
    return kit.escape(sanitise(text))


def _heading(level: int, text: str) -> str:
    """A heading and an empty line."""
    return f"{kit.heading(level, sanitise(text))}\n"


def _parts(card: Scorecard) -> Iterator[str]:
    for warning in card.warnings:
        yield f"{kit.strong(sanitise(warning))}\n"
    if card.profile:
        yield from _profile(card.profile)
    for track in card.tracks:
        yield from _track(track, card.times)
    for note in card.notes:
        yield f"{escape(note)}\n"
    if card.robustness:
        yield from _robustness(card.robustness)
    if card.exposure:
        yield from _exposure(card.exposure)
    if card.models:
        yield from _models(card.models)
    for changes in card.changes:
        yield from _changes(changes)
    for history in card.history:
        yield from _history(history)
    yield from _pages(card.pages)
    yield from _facts(card)


def _profile(profile: Profile) -> Iterator[str]:
    if profile.version:
        yield f"Version {escape(profile.version)}.\n"
    for title, sentences in (("Strengths", profile.strengths), ("Weaknesses", profile.weaknesses)):
        yield _heading(2, title)
        yield from (f"- {escape(sentence)}" for sentence in sentences or ("none that stands out",))
        yield ""


def _track(track: Track, times: bool) -> Iterator[str]:
    yield _heading(2, track.name)
    yield f"{kit.strong(sanitise(track.headline))} {plural(track.pages, 'page')} of {plural(track.sites, 'site')}.\n"
    yield from (f"- {escape(note)}" for note in track.notes)
    yield ""
    yield from _leaderboard(track, times)
    for grid in track.groups:
        if len(grid.columns) > 1:
            yield from _grid(f"{track.metric} by {grid.title}", grid, number, limits_of_columns(track, grid))
    for grid in (track.leaks, track.misses):
        if len(grid.columns) > 1:
            yield from _grid(f"{grid.title}, for every 100 of the main content".capitalize(), grid, _words)
    if track.failures.rows:
        yield from _grid(track.failures.title.capitalize(), track.failures, lambda value: f"{value or 0:.0f}")
    yield _heading(3, f"Pages by {track.metric}")
    rows = [[tail.extractor, *map(share, tail.shares)] for tail in track.tails]
    yield _table(["extractor", *band_names()], rows)
    if track.disagreement:
        yield _heading(3, "Place by each metric")
        places = zip(track.disagreement.extractors, track.disagreement.places)
        yield _table(["extractor", *track.disagreement.metrics], [[name, *map(str, row)] for name, row in places])


def _leaderboard(track: Track, times: bool) -> Iterator[str]:
    shown = scores_beside(track)
    scores = [f"{name} ({limit})" if (limit := limit_of(track, name)) else name for name in (track.metric, *shown)]
    header = ["rank", "extractor", "version", scores[0], "95 % interval", "median", *scores[1:], "no text"]
    rows = [
        [
            str(line.rank or ""),
            f"{line.extractor} {marks(line)}".rstrip(),
            line.version or NONE,
            number(line.value),
            f"{number(line.interval[0])} – {number(line.interval[1])}" if line.interval else NONE,
            number(line.median),
            *(number(line.scores[name]) for name in shown),
            count(line.without_text),
            *([milliseconds(line.milliseconds)] if times else []),
        ]
        for line in track.lines
    ]
    yield _table([*header, *(["ms"] if times else [])], rows)
    if track.no_interval:
        yield f"No intervals: {escape(track.no_interval)}.\n"
    if any(line.rank for line in track.lines):
        yield "Extractors that these pages cannot separate share a rank; the order is by rank, then by mean.\n"
    used = "".join(marks(line) for line in track.lines)
    yield from (f"{meaning}\n" for mark, meaning in LEGEND.items() if mark in used)


def _words(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def _grid(title: str, grid: NumberGrid, form: Callable[[float | None], str], limits: Sequence[str] = ()) -> Iterator[str]:
    yield _heading(3, title)
    rows = [[name, *(form(value) for value in values)] for name, values in grid.rows]
    pages = [["pages", *map(str, grid.pages)]] if grid.pages else []
    heads = [f"{name} ({limit})" if limit else name for name, limit in zip_longest(grid.columns, limits)]
    yield _table(["extractor", *heads], [*pages, *rows])


def _robustness(robustness: Robustness) -> Iterator[str]:
    yield _heading(2, "Robustness")
    yield from (f"{kit.strong(sanitise(warning))}\n" for warning in robustness.warnings)
    yield f"The same pages with their layout changed, by `harness fuzz`. {overlap(robustness)}\n"
    for track in robustness.tracks:
        yield from _robust_track(track)


def _exposure(exposure: ExposureView) -> Iterator[str]:
    yield _heading(2, "Exposure")
    yield from (f"{kit.strong(sanitise(warning))}\n" for warning in exposure.warnings)
    yield "Share of pages on which a sentence came out that was written in one way, by `harness exposure`.\n"
    for group in exposure.groups:
        yield _heading(3, f"{group.name}: {group.meaning}")
        rows = [[row.technique, *map(share, row.shares)] for row in (group.total, *group.rows)]
        yield _table(["technique", *exposure.extractors], rows)


def _models(models: ModelsView) -> Iterator[str]:
    yield _heading(2, "Language models")
    if models.fabrication:
        yield "Mean share of the output's words that the page has nowhere, not even in its source.\n"
        header = ["extractor", "fabricated", "pages with some", "worst passage"]
        yield _table(
            header,
            [
                [line.extractor, number(line.share), f"{line.with_some} of {line.pages}", *(line.passages[:1] or (NONE,))]
                for line in models.fabrication
            ],
        )
    if models.confidence:
        yield f"Confidence against {models.confidence[0].metric}.\n"
        rows = [
            [
                line.extractor,
                f"{line.told} of {line.pages}",
                *map(number, (line.mean, line.score, line.auroc, line.calibration_error, line.aurc)),
            ]
            for line in models.confidence
        ]
        yield _table(["extractor", "pages", "confidence", models.confidence[0].metric, "AUROC", "ECE", "AURC"], rows)


def _robust_track(track: RobustTrack) -> Iterator[str]:
    yield _heading(3, f"{track.name}: change of F")
    rows = [
        [
            line.extractor,
            signed(line.noise_change),
            _between(line.interval),
            share(line.violation_rate),
            signed(line.expected_change, 4),
            worst_error(line),
        ]
        for line in track.resistances
    ]
    hostile = "hostile, by frequency", "hostile, at worst"
    yield _table(["extractor", "noise", "95 % interval", "changed where it must not", *hostile], rows)
    names = [line.extractor for line in track.resistances]
    for heat in track.heats:
        yield _heading(4, NATURES[heat.nature])
        rows = [[row.label, *map(signed, row.changes), str(row.pages)] for row in heat.rows]
        yield _table(["operator", *names, "pages"], rows)
    if track.doses:
        yield _heading(4, "Related stories by dose (inserted text for one of main content)")
        header = ["extractor", "stories", "dose", "pages", "pairs", "change of F", "95 % interval", "leaked"]
        yield _table(header, [_dose(curve, point) for curve in track.doses for point in curve.points])
    if track.tails:
        yield _heading(4, "Pairs of page and noise operator that lose more F than")
        rows = [
            [tail.extractor, str(tail.pairs), *(share(tail.share(loss), 1) for loss in LISTED_LOSSES)]
            for tail in track.tails
        ]
        yield _table(["extractor", "pairs", *map(number, LISTED_LOSSES)], rows)
    if track.worst_pairs:
        yield _heading(4, "Worst pages by operator")
        rows = [
            [pair.extractor, pair.label, pair.golden, number(pair.before), number(pair.after)] for pair in track.worst_pairs
        ]
        yield _table(["extractor", "operator", "page", "F before", "F after"], rows)


def _dose(curve: DoseCurve, point: DosePoint) -> Sequence[str]:
    counts = str(point.pages), str(point.pairs)
    figures = signed(point.change), _between(point.interval), share(point.leaked)
    return curve.extractor, curve.markup, dose_name(point), *counts, *figures


def _between(interval: tuple[float, float] | None) -> str:
    return f"{signed(interval[0])} to {signed(interval[1])}" if interval else NONE


def _changes(changes: Changes) -> Iterator[str]:
    yield _heading(2, f"{changes.title} since the baseline")
    yield f"{escape(change_sentence(changes))}\n"
    rows = [
        [moved.golden, number(moved.before), number(moved.after), " → ".join(dict.fromkeys(moved.outcomes))]
        for moved in changes.moved
    ]
    if rows:
        yield _table(["page", "before", "now", "outcome"], rows)


def _history(history: ReleaseHistory) -> Iterator[str]:
    yield _heading(2, f"Releases of {history.title}")
    rows = [
        [
            point.name,
            number(point.value),
            f"{number(point.interval[0])} – {number(point.interval[1])}" if point.interval else NONE,
            count(point.without_text),
            "" if point.won is None else f"+{point.won}",
            "" if point.lost is None else f"−{point.lost}",
            milliseconds(point.milliseconds),
        ]
        for point in history.points
    ]
    yield _table(["release", history.metric, "95 % interval", "no text", "won", "lost", "ms"], rows)


def _pages(pages: WorstPages) -> Iterator[str]:
    if not pages.results:
        return
    yield _heading(2, "Worst pages")
    worst = sorted(pages.results, key=lambda result: (result.value, result.golden, result.extractor))[:_MOST]
    rows = [
        [
            result.golden,
            result.extractor,
            result.kind,
            "" if result.outcome == "ok" else result.outcome,
            number(result.value),
            *(str(result.counts.get(name, NONE)) for name in ("kept", "missed", "leaked")),
        ]
        for result in worst
    ]
    metric = worst[0].metric
    yield _table(["page", "extractor", "kind", "outcome", metric, "kept", "missed", "leaked"], rows)
    yield "`harness show --page ID -e EXTRACTOR` shows the words of one.\n"


def _facts(card: Scorecard) -> Iterator[str]:
    yield _heading(2, "How these numbers came about")
    yield _table(["", ""], [*card.facts.facts, ("digest of the goldens", card.facts.digest)])
    options = any(fact.options for fact in card.facts.extractors)
    rows = [[fact.name, fact.version or NONE, *([fact.options] if options else [])] for fact in card.facts.extractors]
    yield _table(["extractor", "version", *(["options"] if options else [])], rows)
    yield kit.code_block(map(sanitise, card.facts.commands))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table and an empty line, long words and texts cut."""
    return f"{kit.table(list(map(sanitise, header)), (list(map(sanitise, row)) for row in rows))}\n"
