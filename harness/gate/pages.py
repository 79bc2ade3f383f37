"""One extractor on one page, before and after: what state that is, and which rules for single pages it breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from harness.baseline.model import Baseline, BaselineRow, Measurement, RowKey, fact_hash, why_not_page
from harness.engine.answer import FAILURES
from harness.gate.rules import Amounts, Limits, Rules
from harness.gate.verdict import JudgedPage, State
from harness.metrics import METRICS
from harness.metrics.base import Metric
from harness.metrics.own.fabrication import FABRICATED
from harness.runs.comparable import why_not
from harness.runs.record import Record

TOLERANCE = 2e-9  # scores have nine decimals, and the last one may be rounded either way


def judge_pages(
    before: Baseline,
    after: Baseline,
    metric: Metric,
    rules: Rules,
    errors: Mapping[RowKey, str],
    records: Mapping[RowKey, Record],
) -> list[JudgedPage]:
    """Every page of both sides, by extractor and golden, with the rules for single pages that it breaks.

    errors: what extractors said when they failed. records: those of the run's first repeat, which name facts that do not
    hold and passages that pages do not have.
    A new failure is judged as a failure and not by the page rules.
    """
    goldens = {**before.goldens, **after.goldens}
    watched = watched_metrics(before, after, metric, rules)
    sections = rules.sections()
    changed = {
        golden: why_not_page(before, after, golden, metric.name) for golden in before.goldens if golden in after.goldens
    }
    found = []
    for key in sorted({*before.rows, *after.rows}):
        extractor, golden = key
        old, new, record = before.rows.get(key), after.rows.get(key), records.get(key)
        about = goldens[golden]
        page = partial(
            JudgedPage,
            extractor=extractor,
            golden=golden,
            set=golden.rpartition("/")[0],
            kind=about.kind,
            lang=about.lang,
            media=about.media,
            site=about.site,
            before=old,
            after=new,
            error=errors.get(key, ""),
            failed_facts=_newly_failed(record.failed_facts, old) if record else {},
        )
        if new is None:
            found.append(page(state="missing"))
        elif old is None:
            found.append(page(state="new"))
        elif why := changed[golden] or _without_metric(old, new, metric.name):
            found.append(page(state="not comparable", why=why))
        else:
            section = rules.section(extractor=extractor, golden=golden, site=about.site, kind=about.kind)
            judged = _judged(page, old, new, metric, sections[section], watched)
            if record and FABRICATED in judged.fallen:
                judged = replace(judged, fabricated=record.fabricated)
            found.append(judged)
    return found


def _newly_failed(facts: Mapping[str, str], old: BaselineRow | None) -> dict[str, str]:
    """The facts, of which the baseline does not have that they failed before."""
    before = {fact for measured in old.each for fact in measured.failed_facts} if old else set()
    return {fact: reason for fact, reason in facts.items() if fact_hash(fact) not in before}


def section_of(page: JudgedPage, rules: Rules) -> str:
    """The name of the limits that a page falls under."""
    return rules.section(extractor=page.extractor, golden=page.golden, site=page.site, kind=page.kind)


def watched_metrics(before: Baseline, after: Baseline, metric: Metric, rules: Rules) -> list[Metric]:
    """The metrics that rules watch beside the one that pages are compared by, but for those defined anew."""
    names = [name for name in rules.watch if name != metric.name]
    return [METRICS[name] for name in names if not why_not(before, after, metric=name)]


def shift(before: Sequence[float], after: Sequence[float]) -> float:
    """How far the mean moved, 0 unless every value after lies on the same side of every value before."""
    if len(before) == len(after) == 1:  # nearly always, and the same in a fraction of the time
        old, new = before[0], after[0]
        return new - old if new > old + TOLERANCE or new < old - TOLERANCE else 0
    if min(after) > max(before) + TOLERANCE or max(after) < min(before) - TOLERANCE:
        return _mean(after) - _mean(before)
    return 0


def fails(measured: Measurement, metric: Metric) -> bool:
    """Whether a page has no text though it should: a failure, or an empty answer that is not the right one."""
    empty = measured.outcome == "empty" and measured.scores.get(metric.name) != metric.best
    return measured.outcome in FAILURES or empty


def main_words(row: BaselineRow) -> int:
    """Words of the page's main content; 0 where they were not counted."""
    return row.counts.get("kept", 0) + row.counts.get("missed", 0)


def answers(old: BaselineRow, new: BaselineRow, metric: Metric) -> tuple[Sequence[Measurement], Sequence[Measurement]]:
    """The repeats of both sides that scores and words are compared by: those that did not fail.

    Failures are counted apart (`new_failing`), since one among the repeats would be the least value of all, below which
    nothing can fall. Where a side did nothing but fail there is no other value of it, and all repeats count.
    """
    if not (old.repeats or new.repeats):
        return old.each, new.each
    before, after = ([each for each in row.each if not fails(each, metric)] for row in (old, new))
    return (before, after) if before and after else (old.each, new.each)


def new_failing(old: BaselineRow, new: BaselineRow, metric: Metric) -> int:
    """1 for a page that fails newly, -1 for one that fails no more, else 0.

    One side must be of one mind, and the other one not by half: all repeats fail now and fewer than half failed before, or
    most fail now and none failed before.
    """
    before, after = (sum(fails(each, metric) for each in row.each) / len(row.each) for row in (old, new))
    if (after == 1 and before < 0.5) or (before == 0 and after > 0.5):
        return 1
    return -1 if (before == 1 and after < 0.5) or (after == 0 and before > 0.5) else 0


def values(measured: Sequence[Measurement], metric: str) -> list[float]:
    """The metric's value of each repeat that has one."""
    return [value for each in measured if (value := each.scores.get(metric)) is not None]


def kinds_above(words: Mapping[str, float], allowed: Amounts, main: int) -> Iterator[tuple[str, float]]:
    """The kinds of which there are more words than allowed, most words first."""
    for kind, number in sorted(words.items(), key=lambda item: (-item[1], item[0])):
        if number > allowed.of(kind).of(main) + TOLERANCE:
            yield kind, number


def shift_by_kind(before: Sequence[Mapping[str, int]], after: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """How far the words of each kind moved, of the kinds that did."""
    found = {}
    for kind in sorted({kind for words in (*before, *after) for kind in words}):
        if number := shift([words.get(kind, 0) for words in before], [words.get(kind, 0) for words in after]):
            found[kind] = number
    return found


def _change(before: Sequence[Measurement], after: Sequence[Measurement], metric: Metric) -> float | None:
    """How far a metric moved, positive is better; None where a side has no value."""
    old, new = values(before, metric.name), values(after, metric.name)
    return (1 if metric.higher_is_better else -1) * shift(old, new) if old and new else None


def characters_growth(old: BaselineRow, new: BaselineRow) -> float:
    """How many times as many characters for each word as before an output has; 1 where it has not more, or nobody knows.

    Of repeats the least now against the most before.
    """
    before, after = characters_per_word(old), characters_per_word(new)
    return max(1.0, min(after) / max(before)) if before and after else 1.0


def characters_per_word(row: BaselineRow) -> list[float]:
    """The characters of the output for each of its words, of each repeat of which both are known."""
    counted = [(each.characters, each.counts) for each in row.each if each.characters and each.counts]
    words = [(size, counts["kept"] + counts["leaked"] + counts["free"]) for size, counts in counted]
    return [size / number for size, number in words if number]


def _mostly_worse(before: Sequence[float], after: Sequence[float], metric: Metric, allowed: float) -> bool:
    """Whether there is one value before, and most repeats now are worse than is allowed, but not all."""
    if len(before) != 1:
        return False
    sign = 1 if metric.higher_is_better else -1
    worse = sum(sign * (before[0] - value) > allowed + TOLERANCE for value in after)
    return len(after) / 2 < worse < len(after)


def _judged(
    page: Callable[..., JudgedPage],
    old: BaselineRow,
    new: BaselineRow,
    metric: Metric,
    limits: Limits,
    watched: Sequence[Metric],
) -> JudgedPage:
    """The page with its state and the rules that it breaks. page: makes it, of those."""
    before, after = answers(old, new, metric)
    scores = values(before, metric.name), values(after, metric.name)
    change = _change(before, after, metric)
    changes = {one.name: _change(*answers(old, new, one), one) or 0.0 for one in watched}
    fallen = {name: -moved for name, moved in changes.items() if moved < 0}
    counted = all(each.counts for each in (*before, *after))
    leaks = shift_by_kind([each.leaks for each in before], [each.leaks for each in after]) if counted else {}
    frees = shift_by_kind([each.frees for each in before], [each.frees for each in after]) if counted else {}
    failing = new_failing(old, new, metric)
    grown = {kind: number for kind, number in leaks.items() if number > 0}
    lost = {kind: -number for kind, number in frees.items() if number < 0}
    longer = characters_growth(old, new)
    swollen = longer > limits.characters_growth + TOLERANCE
    state: State
    if failing:
        state = "newly failing" if failing > 0 else "fixed"
    elif change:
        state = "better" if change > 0 else "worse"
    elif grown or lost or fallen or swollen:
        state = "worse"
    elif bool(scores[0]) != bool(scores[1]):
        state = "not comparable"
    else:
        state = "better" if leaks else "same"
    broken = []
    if state != "newly failing":
        main = main_words(new)
        if max(-(change or 0.0), *fallen.values(), 0.0) > limits.page_drop + TOLERANCE:
            broken.append("page_drop")
        # What had no text could not leak any.
        if state != "fixed" and any(kinds_above(grown, limits.page_leak_growth, main)):
            broken.append("page_leak_growth")
        if any(kinds_above(lost, limits.page_optional_loss, main)):
            broken.append("page_optional_loss")
        if swollen:
            broken.append("characters_growth")
    sides = " in the baseline" if scores[1] else " in the run" if scores[0] else ""
    why = "" if all(scores) else f"{metric.name} has no value{sides}"
    return page(
        state=state,
        change=change,
        rules=tuple(broken),
        why=why,
        grown=grown,
        lost=lost,
        fallen=fallen,
        characters_growth=longer if swollen else 1.0,
        unsteady=len(old.each) == 1 and _mostly_worse(*scores, metric, limits.page_drop),
    )


def _without_metric(old: BaselineRow, new: BaselineRow, metric: str) -> str:
    """Which side was not scored by the metric; empty if both were."""
    missing = [side for side, row in (("the baseline", old), ("the run", new)) if metric not in row.scores]
    return f"{' and '.join(missing)} {'was' if len(missing) == 1 else 'were'} not scored by {metric}" if missing else ""


def _mean(values: Sequence[float]) -> float:
    return values[0] if len(values) == 1 else sum(values) / len(values)
