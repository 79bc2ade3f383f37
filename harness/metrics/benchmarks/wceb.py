"""The metrics of WCEB, the web content extraction benchmark of Bevendorff et al. (SIGIR 2023, doi 10.1145/3539618.3591920).

ROUGE-LSum as the package rouge-score 0.1.2 computes it (Lin 2004, ROUGE: a package for automatic evaluation of summaries,
section 3.2, with hits clipped by how often a token occurs), and the indel ratio of the two lists of tokens, which WCEB calls
Levenshtein. Tokens are what stands between spaces, case and punctuation kept. Sentences are those of
harness.metrics.benchmarks.sentences, whatever the language. Values equal those of WCEB's own script to the last bit.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from rapidfuzz.distance import Indel

from harness.alignment.counts import f_score
from harness.datasets.catalogue import CATALOGUE
from harness.metrics.base import Case, Family, Metric, Scored
from harness.metrics.benchmarks.sentences import split_sentences

Sentences = Sequence[Sequence[str]]

_BLOCK = 4096  # tokens of a predicted sentence whose rows are in memory at a time
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def wceb_scores(case: Case) -> dict[str, float]:
    """ROUGE-LSum and the indel ratio of one output, each in 0…1."""
    gold = case.golden.main_content_for("wceb")
    p, r, f = rouge_lsum(sentence_tokens(gold), sentence_tokens(case.text))
    ratio = Indel.normalized_similarity(gold.split(), case.text.split())
    return {
        "wceb.rouge.P": p,
        "wceb.rouge.R": r,
        "wceb.rouge.F": f,
        "wceb.rouge.F.macro": f,
        "wceb.levenshtein": ratio,
        "wceb.levenshtein.macro": ratio,
    }


def sentence_tokens(text: str) -> list[list[str]]:
    """The tokens of each sentence of a text."""
    return [sentence.split() for sentence in split_sentences(text)]


def rouge_lsum(gold: Sentences, predicted: Sentences) -> tuple[float, float, float]:
    """Precision, recall and F of predicted sentences, each in 0…1.

    Of an empty main content R is 1; P and F are 1 if nothing came out either, else 0.
    """
    gold_size, predicted_size = sum(map(len, gold)), sum(map(len, predicted))
    if not gold_size:
        return (0.0, 1.0, 0.0) if predicted_size else (1.0, 1.0, 1.0)
    if not predicted_size:
        return 0.0, 0.0, 0.0
    hits = _hits(gold, predicted)
    p, r = hits / predicted_size, hits / gold_size
    return p, r, f_score(p, r)


def _hits(gold: Sentences, predicted: Sentences) -> int:
    """How many tokens of the gold sentences are hits.

    Of each gold sentence count the positions that its longest common subsequence with any predicted sentence takes. Of
    all those positions with the same token as many are hits as the prediction has of it.
    """
    available = Counter(chain.from_iterable(predicted))
    whole = {tuple(sentence) for sentence in predicted}
    taken: Counter[str] = Counter()
    others = []
    for sentence in gold:
        if tuple(sentence) in whole:
            taken.update(sentence)
        elif shared := [token for token in sentence if token in available]:
            others.append(shared)
    if others:
        taken.update(_taken(_side_by_side(others), predicted))
    return sum(min(number, available[token]) for token, number in taken.items())


@dataclass(frozen=True)
class _Board:
    """Gold sentences side by side in the bits of one number, a bit for each token.

    The tables of the longest common subsequences of all of them with a predicted sentence are then computed together, in
    one step for each predicted token (bit-parallel, Hyyrö 2004), and are read backwards together. A carry runs from low
    bits to high ones; so the way back, which looks for the next lower bit, goes over the mirror image. Guard bits before
    and behind every sentence stop the carry.
    """

    width: int
    """Number of bits."""
    tokens: int
    """All bits but the guards."""
    places: Mapping[str, int]
    """The bits of each token."""
    mirrored_tokens: int
    """`tokens`, mirrored."""
    mirrored_places: Mapping[str, int]
    """`places`, mirrored."""
    mirrored_guards: int
    """The guards above every sentence, mirrored."""
    mirrored_lasts: int
    """The lowest bit of every sentence, which is its last token, mirrored."""


def _side_by_side(sentences: Sentences) -> _Board:
    places: dict[str, int] = {}
    guards = lasts = 0
    position = 0
    for sentence in sentences:
        guards |= 1 << position
        for token in sentence:
            position += 1
            places[token] = places.get(token, 0) | 1 << position
        lasts |= 1 << position
        position += 1
    width = (position + 7) // 8 * 8
    tokens = sum(places.values())
    mirror = partial(_mirror, width=width)
    mirrored_places = {token: mirror(bits) for token, bits in places.items()}
    return _Board(width, tokens, places, mirror(tokens), mirrored_places, mirror(guards), mirror(lasts))


def _mirror(bits: int, width: int) -> int:
    return int.from_bytes(bits.to_bytes(width // 8, "little").translate(_MIRRORED), "big")


def _taken(board: _Board, predicted: Sentences) -> dict[str, int]:
    """How many positions of each token are in the longest common subsequences with any predicted sentence."""
    union = 0
    for columns in {_columns(board, sentence) for sentence in predicted}:
        union |= _common_subsequences(board, columns)
    return {token: (union & bits).bit_count() for token, bits in board.mirrored_places.items()}


def _columns(board: _Board, sentence: Sequence[str]) -> tuple[str, ...]:
    """The tokens of a predicted sentence that the board has, with an empty one for every run of others between them.

    Such a run makes nothing longer, so that one step stands for all of it. The way back can leave out gold tokens there,
    though, so that the step is needed, unless the sentence begins with the run.
    """
    columns: list[str] = []
    for token in sentence:
        if token in board.places:
            columns.append(token)
        elif columns and columns[-1]:
            columns.append("")
    return tuple(columns)


def _common_subsequences(board: _Board, columns: Sequence[str]) -> int:
    """The bits, mirrored, of a longest common subsequence of every gold sentence with a predicted one.

    Several can be longest, and hits depend on which is taken. As in rouge-score the way back begins at the ends of both
    sentences and takes equal tokens. Where they differ it leaves the gold token out if that costs nothing, else the
    predicted one.
    """
    blocks = [columns[start : start + _BLOCK] for start in range(0, len(columns), _BLOCK)]
    above = [0]
    for block in blocks[:-1]:
        above.append(_rows(board, above[-1], block)[-1])
    taken = 0
    ahead = board.mirrored_tokens  # what the way back has not passed yet
    for block, row in zip(reversed(blocks), reversed(above)):
        for token, steps in zip(reversed(block), reversed(_rows(board, row, block))):
            equal = board.mirrored_places.get(token, 0)
            stops = (_mirror(steps, board.width) | equal) & ahead
            nearest = stops & ~((stops | board.mirrored_guards) - board.mirrored_lasts)
            taken |= nearest & equal
            ahead = (board.mirrored_guards - nearest - (nearest & equal)) & board.mirrored_tokens
            if not ahead:
                return taken
    return taken


def _rows(board: _Board, row: int, columns: Sequence[str]) -> list[int]:
    """A row for each predicted token: the bits at which the common subsequence grows by a token. `row` is the one before."""
    rows = []
    level = board.tokens & ~row
    for token in columns:
        equal = level & board.places.get(token, 0)
        level = ((level + equal) | (level - equal)) & board.tokens
        rows.append(board.tokens & ~level)
    return rows


def _mean_of_sets(name: str, pages: Sequence[Scored]) -> float | None:
    """The mean of the means of the sets; None if no page has a value."""
    sets: dict[str, list[float]] = {}
    for page in pages:
        if (value := page.scores[name]) is not None:
            sets.setdefault(page.set, []).append(value)
    return statistics.fmean(map(statistics.fmean, sets.values())) if sets else None


def _macro(name: str, summary: str) -> Metric:
    return Metric(name, summary, True, 0.0, partial(_mean_of_sets, name))


WCEB = Family(
    (
        Metric("wceb.rouge.P", "WCEB: precision by ROUGE-LSum over tokens between spaces", True, 0.0),
        Metric("wceb.rouge.R", "WCEB: recall by ROUGE-LSum over tokens between spaces", True, 0.0),
        Metric("wceb.rouge.F", "WCEB: harmonic mean of wceb.rouge.P and wceb.rouge.R on each page", True, 0.0),
        _macro("wceb.rouge.F.macro", "WCEB: wceb.rouge.F as the mean of the means of the sets"),
        Metric("wceb.levenshtein", "WCEB: similarity, 1 - (insertions + deletions) / tokens of both sides", True, 0.0),
        _macro("wceb.levenshtein.macro", "WCEB: wceb.levenshtein as the mean of the means of the sets"),
    ),
    wceb_scores,
    order=120,
    citation=CATALOGUE["wceb"].citation,
)
