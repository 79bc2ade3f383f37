"""Whether a run is worse than the baseline: rules in, verdict out (docs/gate.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timezone

from harness.baseline.model import Baseline, BaselineRow, Measurement, baseline_of
from harness.common.errors import Impossible
from harness.common.wording import did_you_mean, plural
from harness.engine.answer import FAILURES
from harness.gate.commands import Commands
from harness.gate.costs import broken_ratios
from harness.gate.doubts import doubts_of
from harness.gate.exposure import NO_EXPOSURES, Exposures, more_exposed
from harness.gate.findings import NO_SEARCHES, Searches, new_findings
from harness.gate.floors import judge_floors
from harness.gate.known_failures import excuse
from harness.gate.pages import (
    TOLERANCE,
    answers,
    fails,
    judge_pages,
    kinds_above,
    main_words,
    section_of,
    shift,
    shift_by_kind,
    values,
    watched_metrics,
)
from harness.gate.rules import Amounts, Limits, Rules
from harness.gate.unsteady import unsteady_doubts
from harness.gate.verdict import (
    STATES,
    BrokenRule,
    ExtractorChange,
    JudgedPage,
    TrackMean,
    Verdict,
    badness,
)
from harness.gate.wording import count, distinct_scores, drop, times
from harness.metrics import METRICS
from harness.metrics.base import Metric, ScoredPage
from harness.metrics.page_values import page_values, with_value
from harness.runs.record import Run
from harness.runs.summary import ranking_metric, total_words
from harness.stats import Estimate, estimates, resampled_means, sites_of

_KINDS = 4  # kinds of text that a message names


def judge(
    run: Run,
    baseline: Baseline,
    rules: Rules,
    *,
    run_name: str,
    baseline_name: str,
    searches: Searches = NO_SEARCHES,
    exposures: Exposures = NO_EXPOSURES,
    measured: Sequence[str] | None = None,
    today: date | None = None,
    commands: Commands | None = None,
) -> Verdict:
    """Compare a run with the baseline. The names are what the verdict calls them. searches: for a rule on findings.
    exposures: for a rule on exposure.
    measured: the extractors of the whole run, where run and baseline are only parts. today: for known failures.
    commands: what the verdict names as next steps, if those need more than the two names.

    Raises Impossible for a rule about a page, a site, an extractor or a set that neither side has."""
    commands = commands or Commands(run_name, baseline_name)
    after = baseline_of(run)
    if measured is None:
        require_named(rules, baseline, after)
    metric = METRICS[rules.metric or _usual_metric(baseline, after)]
    errors = {(record.extractor, record.golden): record.error for record in run.records if record.outcome in FAILURES}
    records = {(record.extractor, record.golden): record for record in reversed(run.records)}  # of the first repeat
    pages, passing, endless = excuse(
        judge_pages(baseline, after, metric, rules, errors, records),
        rules,
        metric,
        run.versions,
        today or datetime.now(timezone.utc).date(),
    )
    judged: dict[str, list[JudgedPage]] = {name: [] for name in baseline.extractors}
    for page in pages:
        if page.extractor in judged:
            judged[page.extractor].append(page)
    differences = _differences(judged, metric)
    watched = watched_metrics(baseline, after, metric, rules)
    broken = [
        rule
        for name, own in judged.items()
        for rule in _broken(name, [page for page in own if not page.known], metric, watched, rules)
    ]
    own = [name for name in judged if name in after.extractors]
    too_slow, untimed = broken_ratios(run, rules, own)
    new, unsearched = new_findings(run, rules.findings, own, searches)
    exposed, unexposed = more_exposed(run, rules.exposure, own, exposures)
    floors, too_low, unreached = judge_floors(run, after, rules.floors)
    failing = {(rule.extractor, golden) for rule in broken if rule.rule == "new_failures" for golden in rule.goldens}
    return Verdict(
        run=run_name,
        baseline=baseline_name if rules.uses_baseline else "",
        metric=metric.name,
        higher_is_better=metric.higher_is_better,
        extractors=tuple(_change(name, own, metric, differences, baseline, after) for name, own in judged.items()),
        unjudged=tuple(name for name in after.extractors if name not in judged and rules.uses_baseline),
        pages=tuple(
            replace(page, rules=("new_failures", *page.rules)) if (page.extractor, page.golden) in failing else page
            for page in pages
            if rules.uses_baseline
        ),
        broken=(*broken, *passing, *too_slow, *too_low, *exposed, *new),
        doubts=(
            *doubts_of(run, baseline, after, pages, metric.name, rules, commands, measured),
            *unsteady_doubts(run, [(page.extractor, page.golden) for page in pages if page.unsteady and not page.known]),
            *endless,
            *untimed,
            *unreached,
            *unsearched,
            *unexposed,
        ),
        started=run.header.started,
        measured=tuple(after.extractors if measured is None else measured),
        floors=tuple(floors),
        commands=commands,
        notes=(*_unwatched(baseline, after, rules), *_not_loaded(run, baseline)) if baseline.rows and after.rows else (),
    )


def _unwatched(before: Baseline, after: Baseline, rules: Rules) -> Iterator[str]:
    """The metrics that the usual rules watch and that neither side was scored by, in a line."""
    scored = {name for side in (before, after) for row in side.rows.values() for name in row.scores}
    names = [name for name in rules.watch if name not in scored]
    if names:
        yield f"not watched, since neither the baseline nor the run was scored by them: {', '.join(names)}"


def _not_loaded(run: Run, before: Baseline) -> Iterator[str]:
    """The extractors that could not be loaded and that the baseline does not have either, in a line each."""
    for name, reason in run.not_loaded.items():
        if name not in before.extractors:
            yield f"not judged, since it could not be loaded and is not in the baseline: {name} ({reason})"


def _usual_metric(before: Baseline, after: Baseline) -> str:
    """The metric that tables are ranked by, of those that the baseline has values of: a run that has none is not judged."""
    rows = before.rows or after.rows
    valued = {name: None for row in rows.values() for name, value in row.scores.items() if value is not None}
    return ranking_metric([name for name in valued if name in METRICS] or ["F"])


def require_named(rules: Rules, before: Baseline, after: Baseline) -> None:
    """Raise Impossible for a rule about a page, a site, an extractor or a set that neither side has."""
    goldens = {**before.goldens, **after.goldens}
    known = {
        "page": {*goldens},
        "site": {golden.site for golden in goldens.values()},
        "extractor": {*before.extractors, *after.extractors},
        "set": {golden.rpartition("/")[0] for golden in goldens},
    }
    named = {*rules.named(), *((key, getattr(one, key)) for one in rules.known_failures for key in ("page", "extractor"))}
    lines = [
        f"a rule is for the {key} {name!r}, which neither the baseline nor the run has{did_you_mean(name, known[key])}"
        for key, name in sorted(named)
        if goldens and name not in known[key]
    ]
    if lines:
        raise Impossible("\n".join(lines))


def _comparable(own: Iterable[JudgedPage]) -> list[tuple[JudgedPage, BaselineRow, BaselineRow]]:
    return [
        (page, page.before, page.after)
        for page in own
        if page.before is not None and page.after is not None and page.state != "not comparable"
    ]


def _means(own: Sequence[JudgedPage], metric: Metric) -> tuple[list[float], list[float]] | None:
    """The metric over the pages that both sides have a value of, before and after, once for each repeat; None if there is
    none, or the metric has no value over them."""
    pages = [(page.set, *answers(before, after, metric)) for page, before, after in _comparable(own)]
    pages = [page for page in pages if values(page[1], metric.name) and values(page[2], metric.name)]
    if not pages:
        return None
    means = _over([page[:2] for page in pages], metric), _over([(page[0], page[2]) for page in pages], metric)
    return means if all(means) else None


def _over(pages: Sequence[tuple[str, Sequence[Measurement]]], metric: Metric) -> list[float]:
    """The metric over pages, once for each repeat. pages: of each its set and its repeats."""
    found = []
    for number in range(max(len(repeats) for _, repeats in pages)):
        value = metric.over_pages([ScoredPage(repeats[number % len(repeats)].scores, name) for name, repeats in pages])
        found += [] if value is None else [value]
    return found


def _broken(
    name: str, own: Sequence[JudgedPage], metric: Metric, watched: Sequence[Metric], rules: Rules
) -> Iterator[BrokenRule]:
    sections: dict[str, list[JudgedPage]] = {}
    for page in own:
        sections.setdefault(section_of(page, rules), []).append(page)
    for section, limits in rules.sections().items():
        inside = sections.get(section, [])
        yield from _broken_failures(name, section, inside, metric, limits)
        for one in (metric, *watched):
            yield from _broken_drop(name, section, inside, one.name, limits, watched=one is not metric)
            yield from _broken_mean(name, "mean_drop", section, inside, one, limits.mean_drop)
        yield from _broken_characters(name, section, inside, limits)
        for leaks in (True, False):
            yield from _broken_words(name, leaks, section, inside, metric, limits)
    for key in rules.slices:
        for value in sorted({getattr(page, key) for page in own}):
            inside = [page for page in own if getattr(page, key) == value]
            yield from _broken_mean(name, "slice_drop", f"{key} {value}", inside, metric, rules.slice_drop)


def _broken_failures(
    name: str, section: str, own: Sequence[JudgedPage], metric: Metric, limits: Limits
) -> Iterator[BrokenRule]:
    failing = sorted((page for page in own if page.state == "newly failing"), key=badness)
    sides = [_failures(side, metric) for side in _sides(_comparable(own))]
    more = shift(*sides)
    if len(failing) <= limits.new_failures < more:
        # Each page fails now and then, so that none is a new failure; all together fail more often than before.
        counts = " → ".join(count(sum(side) / len(side)) for side in sides)
        message = f"more pages without text in every repeat ({counts}); {limits.new_failures:g} more allowed"
        yield BrokenRule(name, "new_failures", section, count(more), f"{limits.new_failures:g}", message)
    if len(failing) > limits.new_failures:
        outcomes = Counter(page.after.outcome for page in failing if page.after)
        kinds = ", ".join(f"{outcome} {number}" for outcome, number in sorted(outcomes.items()))
        message = f"{plural(len(failing), 'page')} newly without text ({kinds}); {limits.new_failures:g} allowed"
        goldens = tuple(page.golden for page in failing)
        yield BrokenRule(name, "new_failures", section, str(len(failing)), f"{limits.new_failures:g}", message, goldens)


def _failures(rows: Sequence[BaselineRow], metric: Metric) -> list[int]:
    """How many pages fail, once for each repeat."""
    repeats = range(max((len(row.each) for row in rows), default=1))
    return [sum(fails(row.each[number % len(row.each)], metric) for row in rows) for number in repeats]


def _broken_drop(
    name: str, section: str, own: Sequence[JudgedPage], metric: str, limits: Limits, *, watched: bool
) -> Iterator[BrokenRule]:
    drops = {
        page.golden: page.fallen.get(metric, 0.0) if watched else -(page.change or 0.0)
        for page in own
        if "page_drop" in page.rules
    }
    fallen = {golden: drop for golden, drop in drops.items() if drop > limits.page_drop + TOLERANCE}
    if fallen:
        goldens = tuple(sorted(fallen, key=lambda golden: (-fallen[golden], golden)))
        most = fallen[goldens[0]]
        pages = plural(len(fallen), "page")
        message = f"{metric} got worse on {pages}, by up to {drop(most)} ({goldens[0]}); {limits.page_drop:g} allowed"
        yield BrokenRule(name, "page_drop", section, drop(most), f"{limits.page_drop:g}", message, goldens)


def _broken_characters(name: str, section: str, own: Sequence[JudgedPage], limits: Limits) -> Iterator[BrokenRule]:
    longer = {page.golden: page.characters_growth for page in own if "characters_growth" in page.rules}
    if longer:
        goldens = tuple(sorted(longer, key=lambda golden: (-longer[golden], golden)))
        most = f"{times(longer[goldens[0]])} times"
        allowed = f"{limits.characters_growth:g} times"
        grew = f"characters for each word grew on {plural(len(longer), 'page')}, to up to {most} as many ({goldens[0]})"
        yield BrokenRule(name, "characters_growth", section, most, allowed, f"{grew}; {allowed} allowed", goldens)


def _broken_mean(
    name: str, rule: str, section: str, own: Sequence[JudgedPage], metric: Metric, allowed: float
) -> Iterator[BrokenRule]:
    """A rule on the metric over many pages, for each track alone."""
    tracks = _tracks(own)
    for media, inside in tracks.items():
        means = _means(inside, metric)
        if means is None:
            continue
        before, after = means
        fall = -shift(before, after) * (1 if metric.higher_is_better else -1)
        if fall > allowed + TOLERANCE:
            pages = " and ".join(filter(None, [section, f"media {media}" if len(tracks) > 1 else ""]))
            moved = " → ".join(distinct_scores(sum(before) / len(before), sum(after) / len(after)))
            message = f"{metric.name} over all pages{' of ' + pages if pages else ''} got worse by {drop(fall)} ({moved})"
            yield BrokenRule(name, rule, pages, drop(fall), f"{allowed:g}", f"{message}; {allowed:g} allowed")


def _tracks(own: Sequence[JudgedPage]) -> dict[str, list[JudgedPage]]:
    """Pages by media type, since one value over pages of several says nothing of either."""
    return {media: [page for page in own if page.media == media] for media in sorted({page.media for page in own})}


def _broken_words(
    name: str, leaks: bool, section: str, own: Sequence[JudgedPage], metric: Metric, limits: Limits
) -> Iterator[BrokenRule]:
    """The rules on leaked or optional words: on single pages, then on all. New failures are judged as failures, and what had
    no text before could not leak any."""
    on_page, over_all = ("page_leak_growth", "leak_growth") if leaks else ("page_optional_loss", "optional_loss")
    what = "leaked more" if leaks else "that may come out were lost"
    allowed: Amounts = getattr(limits, on_page)
    most: dict[str, tuple[float, str]] = {}  # of each kind
    pages: dict[str, float] = {}
    for page, _, after in _comparable(own):
        if on_page in page.rules:
            for kind, number in kinds_above(page.grown if leaks else page.lost, allowed, main_words(after)):
                most[kind] = max(most.get(kind, (0.0, "")), (number, page.golden))
                pages[page.golden] = pages.get(page.golden, 0.0) + number
    if most:
        kinds = sorted(most, key=lambda kind: (-most[kind][0], kind))
        shown = [f"{kind} up to {count(most[kind][0])} ({most[kind][1]})" for kind in kinds]
        message = f"words {what} on {plural(len(pages), 'page')}: {_listed(shown)}; {_allowed(allowed, kinds)} allowed"
        found = ", ".join(f"{kind} {count(most[kind][0])}" for kind in kinds)
        worst = tuple(sorted(pages, key=lambda golden: (-pages[golden], golden)))
        yield BrokenRule(name, on_page, section, found, _allowed(allowed, kinds), message, worst)
    rows = [
        (before, after)
        for page, before, after in _comparable(own)
        if page.state not in ("newly failing", "fixed") and before.counts and after.counts
    ]
    field = "leaks" if leaks else "frees"
    answered = [answers(before, after, metric) for before, after in rows]
    moved = shift_by_kind(*(_totals([sides[number] for sides in answered], field) for number in (0, 1)))
    main = sum(main_words(after) for _, after in rows)
    worse = {kind: abs(number) for kind, number in moved.items() if (number > 0) == leaks}
    allowed = getattr(limits, over_all)
    totals = [(kind, number) for kind, number in kinds_above(worse, allowed, main) if kind not in most]  # else it is said
    if totals:
        kinds = [kind for kind, _ in totals]
        shown = [f"{kind} {count(number)}" for kind, number in totals]
        message = f"words {what} over all pages: {_listed(shown)}; {_allowed(allowed, kinds)} allowed"
        yield BrokenRule(name, over_all, section, ", ".join(shown), _allowed(allowed, kinds), message)


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items[:_KINDS]) + (f" and {plural(len(items) - _KINDS, 'kind')} more" if len(items) > _KINDS else "")


def _allowed(amounts: Amounts, kinds: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(str(amounts.of(kind)) for kind in kinds))


def _totals(pages: Sequence[Sequence[Measurement]], field: str) -> list[dict[str, int]]:
    """Words by kind over pages, once for each repeat. pages: the repeats of each."""
    return [
        total_words(getattr(repeats[number % len(repeats)], field) for repeats in pages)
        for number in range(max(map(len, pages), default=1))
    ]


def _change(
    name: str,
    own: Sequence[JudgedPage],
    metric: Metric,
    differences: Mapping[tuple[str, str], Estimate],
    before: Baseline,
    after: Baseline,
) -> ExtractorChange:
    pairs = _comparable(own)
    now = after.extractors.get(name)
    states = Counter(page.state for page in own)
    failing = [sum(any(fails(each, metric) for each in row.each) for row in side) for side in _sides(pairs)]
    leaks = [_totals([row.each for row in side], "leaks")[0] for side in _sides(pairs)]
    return ExtractorChange(
        name=name,
        version_before=before.extractors[name].version,
        version_after=now.version if now else None,
        pages=len(pairs),
        means=tuple(
            mean
            for media, inside in _tracks(own).items()
            if (mean := _track_mean(media, inside, metric, differences[name, media]))
        ),
        states={state: states[state] for state in STATES},
        failures=(failing[0], failing[1]),
        leaks_before=leaks[0],
        leaks_after=leaks[1],
    )


def _track_mean(media: str, own: Sequence[JudgedPage], metric: Metric, estimate: Estimate) -> TrackMean | None:
    means = _means(own, metric)
    if means is None or not all(means):
        return None
    before, after = (sum(values) / len(values) for values in means)
    pages = sum(page.change is not None for page, _, _ in _comparable(own))
    return TrackMean(media, pages, before, after, with_value(estimate, after - before))


def _sides(pairs: Sequence[tuple[JudgedPage, BaselineRow, BaselineRow]]) -> tuple[list[BaselineRow], list[BaselineRow]]:
    return [before for _, before, _ in pairs], [after for _, _, after in pairs]


def _differences(judged: Mapping[str, Sequence[JudgedPage]], metric: Metric) -> dict[tuple[str, str], Estimate]:
    """For each extractor and track the metric after minus before, with its interval."""
    tracks: dict[str, dict[str, list[JudgedPage]]] = {}
    for name, all_of in judged.items():
        for media, own in _tracks(all_of).items():
            tracks.setdefault(media, {})[name] = own
    found: dict[tuple[str, str], Estimate] = {}
    for media, extractors in tracks.items():
        pages = sorted({(page.golden, page.site, page.set) for own in extractors.values() for page in own})
        sites = sites_of([site for _, site, _ in pages], [group for _, _, group in pages])
        columns = []
        for own in extractors.values():
            compared = [row for row in _comparable(own) if row[0].change is not None]
            answered = {page.golden: answers(before, after, metric) for page, before, after in compared}
            for number in (0, 1):
                by_golden = {golden: _average(sides[number], golden) for golden, sides in answered.items()}
                columns.append([by_golden.get(golden) for golden, _, _ in pages])
        columns_of_values = page_values(metric, columns, sites)
        differences = estimates(resampled_means(columns_of_values[:, 1::2] - columns_of_values[:, ::2], sites))
        found |= {(name, media): estimate for name, estimate in zip(extractors, differences)}
    return found


def _average(repeats: Sequence[Measurement], golden: str) -> ScoredPage:
    """The mean of the repeats of a page."""
    scores = [measured.scores for measured in repeats]
    if len(scores) == 1:
        return ScoredPage(scores[0], golden.rpartition("/")[0])
    known = {name: [value for each in scores if (value := each.get(name)) is not None] for name in scores[0]}
    means = {name: sum(values) / len(values) if values else None for name, values in known.items()}
    return ScoredPage(means, golden.rpartition("/")[0])
