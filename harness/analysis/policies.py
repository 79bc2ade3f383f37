"""What a policy changes: the scores of extractors under each, and the pairs whose order one turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from harness.analysis.compare import Difference, compare
from harness.runs.record import Run
from harness.runs.summary import summarise


@dataclass(frozen=True)
class Turn:
    """Two extractors whose order is another one under another policy."""

    first: str
    """The better one under `for_first`."""
    second: str
    """The better one under `for_second`."""
    for_first: tuple[str, Difference]
    """A policy, and how much the second one is better under it: a number below 0."""
    for_second: tuple[str, Difference]
    """Another policy, and the same under it: a number above 0."""

    @property
    def is_clear(self) -> bool:
        """Whether the intervals of both differences leave 0 out, so that chance in the choice of pages is no explanation."""
        below, above = self.for_first[1].estimate.interval, self.for_second[1].estimate.interval
        return below is not None and above is not None and below.high < 0 < above.low

    @property
    def size(self) -> float:
        """By how much the difference moves."""
        return _gain(self.for_second[1]) - _gain(self.for_first[1])


@dataclass(frozen=True)
class PolicyTrack:
    """Extractors on the pages of one track under several policies."""

    pages: int
    """Pages of the track."""
    scores: Mapping[str, Mapping[str, float | None]]
    """F by extractor and policy; the best under the first policy comes first."""
    turns: tuple[Turn, ...]
    """Pairs whose order turns, the clear ones and the largest moves first."""


def by_policy(runs: Mapping[str, Run]) -> dict[str, PolicyTrack]:
    """F of extractors under several policies, by media type of the pages. runs: one run as it is under each policy."""
    names = list(runs)
    first = runs[names[0]]
    found = {}
    for media in sorted({record.media for record in first.records}):
        scores: dict[str, dict[str, float | None]] = {}
        for name, run in runs.items():
            for summary in summarise([record for record in run.records if record.media == media]):
                scores.setdefault(summary.extractor, {})[name] = summary.scores.get("F")
        order = sorted(scores, key=lambda extractor: (-(scores[extractor][names[0]] or 0.0), extractor))
        pages = len({record.golden for record in first.records if record.media == media})
        competing = [name for name in order if name not in first.header.references]
        differences = {name: _differences(run, competing, media) for name, run in runs.items()}
        turns = [turn for pair in combinations(competing, 2) for turn in _turn(pair, differences)]
        turns.sort(key=lambda turn: (not turn.is_clear, -turn.size, turn.first, turn.second))
        found[media] = PolicyTrack(pages, {name: scores[name] for name in order}, tuple(turns))
    return found


def _differences(run: Run, names: list[str], media: str) -> dict[tuple[str, str], Difference]:
    """How much the second of each pair is better."""
    pairs = list(combinations(names, 2))
    compared = compare(run, run, pairs, "F")
    return {pair: one.tracks[media].whole for pair, one in zip(pairs, compared) if media in one.tracks}


def _turn(pair: tuple[str, str], differences: Mapping[str, Mapping[tuple[str, str], Difference]]) -> list[Turn]:
    """The turn of a pair by the two policies that part it furthest, if it turns."""
    known = [(name, found[pair]) for name, found in differences.items() if pair in found]
    if not known:
        return []
    lowest = min(known, key=lambda one: _gain(one[1]))
    highest = max(known, key=lambda one: _gain(one[1]))
    if not _gain(lowest[1]) < 0 < _gain(highest[1]):
        return []
    return [Turn(*pair, for_first=lowest, for_second=highest)]


def _gain(difference: Difference) -> float:
    """By how much the second one is better."""
    return difference.second - difference.first
