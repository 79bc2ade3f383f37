"""Goldens that are probably wrong, by what extractors agree on and by what the golden itself says.

Extractors err in ways of their own. Where all of them return a passage that the golden drops, or none returns a passage
that it keeps, the golden is the likelier one to be wrong.
"""

from __future__ import annotations

import heapq
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, compress
from statistics import mean, median

import numpy as np
import numpy.typing as npt

from harness.analysis.votes import VotedLine, lines_with_votes, runs_of, share_in
from harness.goldens.golden import Golden
from harness.pages import visible
from harness.pages.words import words
from harness.runs.record import Run

REASONS: dict[str, str] = {
    "dropped": "extractors agree on text that the golden drops",
    "kept": "extractors agree, and none returns text that the golden keeps",
    "moved": "extractors agree on text that the golden drops, and none returns text that it keeps",
    "unlike": "extractors agree on some blocks of a selector that drops, and return no other block of it",
    "unnamed": "no label names text that an extractor returns, though labels name most of what they drop",
    "not-on-page": "the page does not have words of the golden's main content",
    "snippets": "a snippet contradicts the main content",
    "copy": "almost the same page has another main content",
}
"""Why a golden is suspected."""

FEWEST_EXTRACTORS = 3
"""With fewer outputs of a page, nothing is said of agreement."""
VOTERS = 5
"""How many extractors vote, at most: weak ones and those that return the whole page would hide what good ones agree on."""
PROSE = frozenset({"article", "documentation", "forum", "qa", "recipe"})
"""Kinds of page that extractors are made for. On other ones they agree in error, too: there, they are asked only where a
golden keeps nothing, or has labels."""

# Chosen on goldens with planted faults; see docs/labelling.md for what they find and how often they are wrong.
_DROPPED, _KEPT, _MOVED = 0.15, 0.08, 0.015
_DROPPED_UNNAMED = 0.04  # where labels name what is dropped, text that none names was forgotten
_ALIKE_ENOUGH, _AGREED = 0.6, 0.8  # F of two extractors, the median: to add text, and to take some away
_UNNAMED = 15  # words
_NOT_ON_PAGE = 0.2
_SKETCH, _ALIKE, _UNLIKE, _THERE = 64, 0.8, 0.5, 0.8

RunHashes = npt.NDArray[np.uint32]
"""Hashes of runs of words, each once, in order."""


@dataclass(frozen=True)
class Suspicion:
    """A golden that is probably wrong, and why."""

    golden: str
    """The id of the golden."""
    page: str
    """SHA-256 of the page's bytes."""
    reason: str
    """A key of REASONS."""
    effect: float
    """How much the mean F of extractors would rise if the golden said what they agree on; for `not-on-page` and `snippets`,
    how far below 1 the F of any extractor must be; for `unnamed`, the F that an extractor loses which returns the text. In
    0…1."""
    words: int
    """Words of the text in question."""
    passage: str
    """The longest passage of the text in question, or what contradicts."""


@dataclass(frozen=True)
class Audit:
    """What was found in a number of goldens."""

    pages: int
    """Goldens that were looked at."""
    voted: int
    """Those of which enough extractors had returned text, so that their agreement tells something."""
    suspicions: tuple[Suspicion, ...]
    """At most one for each golden, the largest effect first."""

    @property
    def share(self) -> float:
        """The share of the goldens that are suspected, in 0…1."""
        return len(self.suspicions) / self.pages if self.pages else 0.0


def audit(goldens: Iterable[Golden], outputs: Mapping[str, Mapping[str, str]]) -> Audit:
    """Look for goldens that are probably wrong.

    outputs: by golden and by extractor, what came out, as text. Of each track the VOTERS extractors vote that agree best
    with the goldens on average.
    """
    found: dict[str, list[Suspicion]] = {}
    sketches: list[_Sketch] = []
    ballots: dict[str, list[_Ballot]] = {}
    for golden in goldens:
        if not golden.has_main_content:
            continue
        found[golden.id] = [reason for reason in (_not_on_page(golden), _snippets(golden)) if reason]
        sketches.append(_sketch(golden))
        ballots.setdefault(golden.page.media, []).append(_ballot(golden, outputs.get(golden.id, {})))
    voted = 0
    for track in ballots.values():
        voters = _best(track)
        for ballot in track:
            each = [ballot.returned[name] for name in voters if name in ballot.returned]
            if len(each) >= FEWEST_EXTRACTORS:
                voted += 1
                found[ballot.golden] += _disagreement(ballot, each)
    for suspicion in _copies(sketches):
        found[suspicion.golden].append(suspicion)
    worst = [max(reasons, key=lambda suspicion: suspicion.effect) for reasons in found.values() if reasons]
    return Audit(len(found), voted, tuple(sorted(worst, key=lambda suspicion: (-suspicion.effect, suspicion.golden))))


def outputs_of(run: Run) -> dict[str, dict[str, str]]:
    """What extractors returned for each golden; without references, and without pages that were converted for them."""
    run.require_texts(run.records)
    outputs: dict[str, dict[str, str]] = {}
    for record in run.records:
        if record.repeat == 0 and not record.coerced and record.extractor not in run.header.references:
            outputs.setdefault(record.golden, {})[record.extractor] = run.text_of(record)
    return outputs


@dataclass(frozen=True)
class _Ballot:
    """The lines of a golden's page, and which of them each extractor returned that returned text."""

    golden: str
    page: str
    kind: str
    labelled: bool
    lines: tuple[VotedLine, ...]
    returned: Mapping[str, tuple[bool, ...]]

    @property
    def sizes(self) -> list[int]:
        return [line.words for line in self.lines]


def _ballot(golden: Golden, outputs: Mapping[str, str]) -> _Ballot:
    returned = {name: text for name, text in sorted(outputs.items()) if text.strip()}
    lines = lines_with_votes(golden, list(returned.values()))
    columns = list(zip(*(line.returned for line in lines))) or [()] * len(returned)
    return _Ballot(
        golden.id, golden.page.sha256, golden.kind, golden.labelled is not None, lines, dict(zip(returned, columns))
    )


def _best(ballots: Sequence[_Ballot]) -> list[str]:
    """The extractors that agree best with the goldens, most of which are right."""
    totals: dict[str, float] = {}
    for ballot in ballots:
        kept = [line.kept for line in ballot.lines]
        for name, returned in ballot.returned.items():
            totals[name] = totals.get(name, 0.0) + _f(returned, kept, ballot.sizes)
    return sorted(totals, key=lambda name: (-totals[name], name))[:VOTERS]


def _disagreement(ballot: _Ballot, each: Sequence[Sequence[bool]]) -> list[Suspicion]:
    """What extractors agree on and the golden does not say. each: for each extractor, which lines it returned."""
    lines, sizes = ballot.lines, ballot.sizes
    kept = [line.kept for line in lines]
    if not ballot.labelled and ballot.kind not in PROSE and any(kept):
        return []
    most = len(each) if len(each) == FEWEST_EXTRACTORS else len(each) - 1
    votes = [sum(one) for one in zip(*each)]
    extra = [vote >= most and not line.kept and not line.decided for vote, line in zip(votes, lines)]
    lacking = [vote == 0 and line.kept for vote, line in zip(votes, lines)]
    with_extra = [is_kept or more for is_kept, more in zip(kept, extra)]
    mended = [is_kept and not less for is_kept, less in zip(with_extra, lacking)]
    before, with_more, after = (mean(_f(one, gold, sizes) for one in each) for gold in (kept, with_extra, mended))
    agreement = median(_f(a, b, sizes) for a, b in combinations(each, 2))
    by_extra, by_lacking = with_more - before, after - with_more
    # Labels tell what somebody has decided; where nothing is kept, any text that most return is enough.
    agree = ballot.labelled or not any(kept) or agreement >= _ALIKE_ENOUGH
    if agree and min(by_extra, by_lacking) >= _MOVED:
        reason, effect, wrong = "moved", after - before, [more or less for more, less in zip(extra, lacking)]
    elif agree and by_extra >= (_DROPPED_UNNAMED if ballot.labelled else _DROPPED):
        reason, effect, wrong = "dropped", by_extra, extra
    elif by_lacking >= _KEPT and agreement >= _AGREED:
        reason, effect, wrong = "kept", by_lacking, lacking
    elif mixed := _unlike(ballot, each, votes):
        reason, wrong = "unlike", mixed
        effect = mean(_f(one, [a or b for a, b in zip(kept, mixed)], sizes) for one in each) - before
    elif unnamed := _unnamed(ballot, votes):
        reason, wrong = "unnamed", unnamed
        effect = 1 - _f([a or b for a, b in zip(kept, unnamed)], kept, sizes)
    else:
        return []
    number = sum(compress(sizes, wrong))
    return [Suspicion(ballot.golden, ballot.page, reason, effect, number, _longest(lines, wrong))]


def _unlike(ballot: _Ballot, each: Sequence[Sequence[bool]], votes: Sequence[int]) -> list[bool]:
    """Which lines that a selector drops all extractors return, though none returns its other lines: the selector may be too
    wide. Empty where there is no such selector."""
    places: dict[int, list[int]] = {}
    for index, line in enumerate(ballot.lines):
        if line.decided and line.place is not None:
            places.setdefault(line.place, []).append(index)
    found = [False] * len(ballot.lines)
    for lines in places.values():
        wanted = [index for index in lines if votes[index] == len(each)]
        others = [index for index in lines if not votes[index]]
        sizes = [sum(ballot.lines[index].words for index in some) for some in (wanted, others)]
        if len(wanted) + len(others) == len(lines) and min(sizes) >= _UNNAMED:
            for index in wanted:
                found[index] = True
    return found if any(found) else []


def _unnamed(ballot: _Ballot, votes: Sequence[int]) -> list[bool]:
    """Which lines an extractor returns that no label names, in a golden whose labels name most of what they drop; empty
    where these are a few words."""
    if not ballot.labelled:
        return []
    left = [not line.kept and not line.decided for line in ballot.lines]
    returned = [is_left and vote > 0 for is_left, vote in zip(left, votes)]
    decided = [line.decided for line in ballot.lines]
    number, forgotten, named = (sum(compress(ballot.sizes, some)) for some in (returned, left, decided))
    return returned if number >= _UNNAMED and forgotten <= named else []


def _f(one: Sequence[bool], other: Sequence[bool], sizes: Sequence[int]) -> float:
    """The F of words, by lines; 1 if both are empty."""
    both = sum(size for a, b, size in zip(one, other, sizes) if a and b)
    total = sum(size * (a + b) for a, b, size in zip(one, other, sizes))
    return 2 * both / total if total else 1.0


def _longest(lines: Sequence[VotedLine], wrong: Sequence[bool]) -> str:
    """The longest run of lines that are wrong."""
    passages: list[list[VotedLine]] = [[]]
    for line, is_wrong in zip(lines, wrong):
        if is_wrong:
            passages[-1].append(line)
        elif passages[-1]:
            passages.append([])
    longest = max(passages, key=lambda passage: sum(line.words for line in passage))
    return " ".join(line.text.strip() for line in longest)


def _not_on_page(golden: Golden) -> Suspicion | None:
    """Main content that the page does not have: whatever an extractor returns, its recall is less than 1."""
    if golden.labelled is not None:
        return None
    wanted = Counter(words(golden.main_content))
    if _share_missing(wanted, golden.page.text) < _NOT_ON_PAGE:
        return None
    if golden.page.media == "text/html":  # what is hidden can be shown by a script
        pieces = (piece for piece in visible.pieces(golden.page.tree(), ()) if not piece.is_beside)
        if _share_missing(wanted, "\n".join(piece.text for piece in pieces)) < _NOT_ON_PAGE:
            return None
    page = runs_of(golden.page.text)
    share = 1 - share_in(golden.main_content, page)
    missing = [line for line in golden.main_content.splitlines() if words(line) and share_in(line, page) < 0.5]
    passage = max(missing, key=len, default=golden.main_content)
    number = round(share * wanted.total())
    return Suspicion(golden.id, golden.page.sha256, "not-on-page", share / (2 - share), number, passage)


def _share_missing(wanted: Counter[str], text: str) -> float:
    """The share of words that a text does not have as often, in any order."""
    return (wanted - Counter(words(text))).total() / max(1, wanted.total())


def _snippets(golden: Golden) -> Suspicion | None:
    """Snippets that the main content itself does not satisfy."""
    if golden.snippets is None:
        return None
    main = " ".join(words(golden.main_content))
    required = [text for text in golden.snippets.required if " ".join(words(text)) not in main]
    forbidden = [text for text in golden.snippets.forbidden if words(text) and " ".join(words(text)) in main]
    wrong = [*(f"must come out, but is not kept: {text}" for text in required)]
    wrong += [f"must not come out, but is kept: {text}" for text in forbidden]
    if not wrong:
        return None
    number = sum(len(words(text)) for text in (*required, *forbidden))
    effect = min(1.0, number / max(1, len(main.split())))
    return Suspicion(golden.id, golden.page.sha256, "snippets", effect, number, "; ".join(wrong))


@dataclass(frozen=True, eq=False)
class _Sketch:
    """What is kept of a golden to find copies of its page: the hashes of all runs of words, in order."""

    golden: str
    page: str
    runs: RunHashes
    main: RunHashes
    words: int

    @cached_property
    def smallest(self) -> tuple[frozenset[int], frozenset[int]]:
        """The smallest hashes of the page and of the main content: the share of common ones estimates that of common runs
        (Broder 1997)."""
        return frozenset(self.runs[:_SKETCH].tolist()), frozenset(self.main[:_SKETCH].tolist())


def _sketch(golden: Golden) -> _Sketch:
    main = words(golden.main_content)
    return _Sketch(golden.id, golden.page.sha256, _hashes(words(golden.page.text)), _hashes(main), len(main))


def _hashes(found: Sequence[str], size: int = 5) -> RunHashes:
    runs = {" ".join(found[start : start + size]) for start in range(len(found) - size + 1)}
    return np.unique(np.array([zlib.crc32(run.encode("utf-8", "replace")) for run in runs], dtype=np.uint32))


def _copies(sketches: Sequence[_Sketch]) -> list[Suspicion]:
    """Goldens of almost the same page with unlike main content; of two, the shorter one is suspected, if its page has what
    the longer one keeps."""
    by_hash: dict[int, list[int]] = {}
    for number, sketch in enumerate(sketches):
        for value in sketch.smallest[0]:
            by_hash.setdefault(value, []).append(number)
    pairs: set[tuple[int, int]] = set()
    for numbers in by_hash.values():
        pairs.update(combinations(numbers[:50], 2))  # more pages share a run of boilerplate only
    found = []
    for a, b in sorted(pairs):
        shorter, longer = sorted((sketches[a], sketches[b]), key=lambda sketch: (sketch.words, sketch.golden))
        alike, main = (_resemblance(one, other) for one, other in zip(shorter.smallest, longer.smallest))
        if alike >= _ALIKE and main < _UNLIKE and np.isin(longer.main, shorter.runs).mean() >= _THERE:
            passage = f"{longer.golden} keeps {longer.words} words of almost the same page, this golden {shorter.words}"
            missing = longer.words - shorter.words
            found.append(Suspicion(shorter.golden, shorter.page, "copy", 1 - main, missing, passage))
    return found


def _resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of runs that two texts have in common, estimated from their sketches; 1 if both are empty."""
    smallest = heapq.nsmallest(_SKETCH, one | other)
    return sum(value in one and value in other for value in smallest) / len(smallest) if smallest else 1.0
