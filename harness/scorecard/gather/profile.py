"""One extractor in a few sentences, from numbers that are elsewhere in the scorecard."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from harness.common.wording import plural
from harness.metrics import METRICS
from harness.report.kit.numbers import largest_kinds, number
from harness.report.leaderboard import TRACKS
from harness.runs.record import Record
from harness.runs.summary import summarise, summarise_by
from harness.scorecard.values.card import Profile
from harness.scorecard.values.track import LeaderboardRow, Track

_PAGES = 3  # of a kind, from which on it is worth a sentence
_CLEAR = 0.01  # difference of means that is worth a sentence
_MOST = 3  # kinds that are named on each side
_LOW = 0.5  # score below which a page is a bad one


def profile(
    extractor: str, records: Sequence[Record], tracks: Sequence[Track], versions: Mapping[str, str | None]
) -> Profile:
    """Strengths and weaknesses. records: of all extractors that it can be measured against, one for each page."""
    strengths: list[str] = []
    weaknesses: list[str] = []
    lines = [(track, line) for track in tracks for line in track.lines if line.extractor == extractor]
    own_tracks = [(track, line) for track, line in lines if not line.converted] or lines
    for track, line in own_tracks:
        prefix = f"{track.name}: " if len(own_tracks) > 1 else ""
        own = [record for record in records if record.extractor == extractor and _in(track, record)]
        good, bad = _by_kind(track, line, [record for record in records if _in(track, record)])
        strengths += [prefix + text for text in [*good, *_clean(line)]]
        weaknesses += [prefix + text for text in [*_failing(line), *bad, *_words(own), *_tail(track, own)]]
    shown = tuple(track.name for track, _ in own_tracks)
    return Profile(extractor, versions.get(extractor), shown, tuple(strengths), tuple(weaknesses))


def _in(track: Track, record: Record) -> bool:
    return TRACKS.get(record.media, record.media) == track.name


def _by_kind(track: Track, line: LeaderboardRow, records: Sequence[Record]) -> tuple[list[str], list[str]]:
    """Kinds of page on which it is better or worse than the median of the other competitors, or than it is on average."""
    others = {other.extractor for other in track.lines if other.competes} - {line.extractor}
    sign = 1 if track.higher_is_better else -1
    found = []
    for kind, summaries in summarise_by([r for r in records if r.extractor in {*others, line.extractor}], "kind").items():
        scores = {summary.extractor: summary.scores[track.metric] for summary in summaries}
        pages = next((summary.pages for summary in summaries if summary.extractor == line.extractor), 0)
        mine = scores.pop(line.extractor, None)
        theirs = [score for score in scores.values() if score is not None]
        usual = statistics.median(theirs) if theirs else line.value
        if mine is not None and usual is not None and pages >= _PAGES:
            found.append((sign * (mine - usual), kind, mine, pages))
    against = "the median of the others" if others else "its mean"

    def sentence(difference: float, kind: str, mine: float, pages: int) -> str:
        how = f"{number(abs(difference))} {'better' if difference > 0 else 'worse'} than {against}"
        return f"{kind} pages: {track.metric} {number(mine)}, {how} ({plural(pages, 'page')})"

    found.sort(key=lambda item: (-item[0], item[1]))
    good = [sentence(*item) for item in found if item[0] >= _CLEAR][:_MOST]
    bad = [sentence(*item) for item in reversed(found) if item[0] <= -_CLEAR][:_MOST]
    return good, bad


def _clean(line: LeaderboardRow) -> list[str]:
    found = [] if line.without_text else ["returned text for every page"]
    if line.pareto:
        found.append("no competitor is both better and faster")
    return found


def _failing(line: LeaderboardRow) -> list[str]:
    outcomes = ", ".join(f"{name} {pages}" for name, pages in line.outcomes.items() if name != "ok" and pages)
    return [f"{plural(line.without_text, 'page')} without text: {outcomes}"] if line.without_text else []


def _words(records: Sequence[Record]) -> list[str]:
    """How much leaks and is missed, and of which kinds."""
    if not records:
        return []
    summary = summarise(records)[0]
    content = sum(record.counts.get("kept", 0) + record.counts.get("missed", 0) for record in records)
    found = []
    for verb, words in (("leaks", summary.leaks), ("misses", summary.misses)):
        total = sum(words.values()) if words else 0
        if words and total and content:
            share = 100 * total / content
            found.append(f"{verb} {share:.3g} words for every 100 of the main content: {largest_kinds(words, 3)}")
    return found


def _tail(track: Track, records: Sequence[Record]) -> list[str]:
    metric = METRICS[track.metric]
    scores = [score for record in records if (score := record.scores[metric.name]) is not None]
    low = sum((score if metric.higher_is_better else 1 - score) < _LOW for score in scores)
    return [f"{low} of {plural(len(scores), 'page')} {'scores' if low == 1 else 'score'} worse than .500"] if low else []
