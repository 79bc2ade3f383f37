"""ROUGE-LSum of this project beside that of the package rouge-score, over published outputs of AEB: time and difference.

Usage: HARNESS_DATASETS=FOLDER python benchmarks/rouge_lsum.py [SYSTEM…]   (default: trafilatura readability_js goose3)

FOLDER holds the dataset AEB in `aeb`. Needs rouge-score, which takes about half a minute of CPU for each system. Both get
the same sentences. The ratio with splitting adds the time of our splitting on our side, and on the other that of NLTK, or
of ours again where NLTK's model punkt_tab is not installed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import nltk
from rouge_score import rouge_scorer

from harness.metrics.benchmarks.sentences import split_sentences
from harness.metrics.benchmarks.wceb import Sentences, rouge_lsum, sentence_tokens

T = TypeVar("T")

SYSTEMS = ("trafilatura", "readability_js", "goose3")
GOAL = 50


def main() -> None:
    """Measure each system; end with 1 if a value differs or the goal is missed."""
    if not (datasets := os.environ.get("HARNESS_DATASETS")):
        sys.exit("HARNESS_DATASETS names no folder; set it to the one that holds the dataset AEB in `aeb`")
    sys.exit(not all([measure(Path(datasets, "aeb"), system) for system in sys.argv[1:] or SYSTEMS]))


def measure(folder: Path, system: str) -> bool:
    """Print both times, their ratio and the largest difference; whether all values are equal and the goal is reached."""
    pairs = list(zip(texts(folder / "ground-truth.json"), texts(folder / "output" / f"{system}.json")))
    split, our_splitting = timed(lambda: [(sentence_tokens(gold), sentence_tokens(output)) for gold, output in pairs])
    ours, our_time = timed(lambda: [rouge_lsum(*pair) for pair in split])
    theirs, their_time = timed(lambda: [peer(*pair) for pair in split])
    split_there = splitter_of_nltk()
    _, their_splitting = timed(lambda: [split_there(text) for pair in pairs for text in pair])
    difference = max(abs(a - b) for page, other in zip(ours, theirs) for a, b in zip(page, other))
    ratio = their_time / our_time
    with_splitting = (their_time + their_splitting) / (our_time + our_splitting)
    print(
        f"{system}: {len(pairs)} pages, rouge-score {their_time:.2f} s, ours {our_time:.3f} s, "
        f"{ratio:.0f} times as fast ({with_splitting:.0f} with splitting), largest difference {difference:g}",
        flush=True,
    )
    return difference == 0 and ratio >= GOAL


def peer(gold: Sentences, predicted: Sentences) -> tuple[float, float, float]:
    """What rouge-score computes from sentences that are split already, with WCEB's values for an empty side."""
    if not any(gold) or not any(predicted):
        return rouge_lsum(gold, predicted)
    score = rouge_scorer._summary_level_lcs(gold, predicted)
    return score.precision, score.recall, score.fmeasure


def splitter_of_nltk() -> Callable[[str], list[str]]:
    """NLTK's splitting, or our own where its model is not installed."""
    try:
        nltk.sent_tokenize("Is it there?")
    except LookupError:
        return split_sentences
    return nltk.sent_tokenize


def texts(path: Path) -> list[str]:
    """The texts of AEB's pages, or of the output of a system, in the order of their ids."""
    pages = json.loads(path.read_bytes())
    return [page["articleBody"] or "" for _, page in sorted(pages.get("output", pages).items())]


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What some work returns, and the seconds of CPU that it took."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


main()
