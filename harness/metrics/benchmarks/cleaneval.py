"""The metrics of `cleaneval.py` 1.0 (S. Evert 2008, shipped with CleanPortalEval 517726d), as its option `-u` computes them.

The script compares two texts whose segments begin with a tag and aligns their words by Python's difflib, which is no
longest common subsequence. A tag counts as a word; the tags alone are scored once more. Outputs and main contents are lines
of text here: each is a segment, and what is a heading or a list item is not asked, which is what `-u` is for. A golden of
the benchmark itself comes with its tags: text before the first one has none. The script also deletes lines that begin with
`URL`; a line that begins with its tag is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache, partial

from harness.alignment.counts import f_score
from harness.datasets.catalogue import CATALOGUE
from harness.goldens.golden import Golden
from harness.metrics.base import Case, Family, Metric, Scored
from harness.metrics.counts import ratio, totals

_TAG = "<p>"
_ANY_TAG = re.compile(r"<[phl]>", re.IGNORECASE)
# The script ran on bytes, where no space beyond ASCII is one. No-break spaces are, so that an extractor that keeps those of
# the page and one that replaces them have the same words.
_SPACES = re.compile(r"[\x00-\x20\xa0]+")

_VERSION = 2

_WORDS = ("cleaneval.tp", "cleaneval.fp", "cleaneval.fn")
_TAGS = ("cleaneval.tag.tp", "cleaneval.tag.fp", "cleaneval.tag.fn")

Counts = tuple[float, float, float]

_RATES: dict[str, Callable[[float, float, float], float]] = {
    "P": lambda tp, fp, fn: ratio(tp, tp + fp),
    "R": lambda tp, fp, fn: ratio(tp, tp + fn),
    "F": lambda tp, fp, fn: f_score(ratio(tp, tp + fp), ratio(tp, tp + fn)),
}


def cleaneval_scores(case: Case) -> dict[str, float]:
    """The counts of one output, of all words and of tags alone, and P, R and F of both, each in 0…1.

    The micro values of a page are those of its own counts. An empty output is one empty word, which any main content
    begins with: its P is 1.
    """
    gold = _gold_words(case.golden)
    output = _words(case.text)
    blocks = SequenceMatcher(None, output, gold).get_matching_blocks()
    same = [word for block in blocks for word in output[block.a : block.a + block.size]]
    return _values(
        (len(same), len(output) - len(same), len(gold) - len(same)),
        (same.count(_TAG), output.count(_TAG) - same.count(_TAG), gold.count(_TAG) - same.count(_TAG)),
    )


def cleaneval_failed(case: Case) -> dict[str, float]:
    """All is missed: the script skips a file that is not there but divides its sums by the number of all files."""
    gold = _gold_words(case.golden)
    return _values((0, 0, len(gold)), (0, 0, gold.count(_TAG)))


def _words(text: str) -> list[str]:
    """The script's words of a file that has a tagged segment for each line that is not blank."""
    return _words_of_tagged("".join(f"{_TAG}{line}\n" for line in text.splitlines() if line.strip()))


def _words_of_tagged(tagged: str) -> list[str]:
    """The script's words of a file, which it does not strip: one that is not empty begins and ends with an empty word."""
    return _SPACES.split(_ANY_TAG.sub(f" {_TAG} ", tagged))


_known_words = lru_cache(maxsize=16)(_words)
_known_words_of_tagged = lru_cache(maxsize=16)(_words_of_tagged)


def _gold_words(golden: Golden) -> list[str]:
    tagged = golden.published.get("cleaneval")
    return _known_words(golden.main_content) if tagged is None else _known_words_of_tagged(tagged)


def _values(words: Counts, tags: Counts) -> dict[str, float]:
    """The values of one page, by name."""
    values = dict(zip((*_WORDS, *_TAGS), (*words, *tags)))
    for rate, compute in _RATES.items():
        values[f"cleaneval.{rate}"] = values[f"cleaneval.{rate}.micro"] = compute(*words)
        values[f"cleaneval.tag{rate}"] = values[f"cleaneval.tag{rate}.micro"] = compute(*tags)
    return values


def _micro(rate: str, names: Sequence[str], pages: Sequence[Scored]) -> float | None:
    """A rate of the counts summed over pages; None if no page has them."""
    counts = totals(names, pages)
    return None if counts is None else _RATES[rate](*counts)


def _metrics() -> tuple[Metric, ...]:
    metrics = []
    for unit, counts, of_what in (("", _WORDS, "words and tags"), ("tag", _TAGS, "tags of segments alone")):
        for rate, what in (("P", "precision"), ("R", "recall"), ("F", "F-score")):
            name = f"cleaneval.{unit}{rate}"
            summary = f"CleanEval {what} of {of_what}"
            metrics.append(Metric(name, f"{summary}, mean over pages", True, 0.0, version=_VERSION))
            micro = partial(_micro, rate, counts)
            over_pages = f"{summary}, from counts summed over pages"
            metrics.append(Metric(f"{name}.micro", over_pages, True, 0.0, micro, version=_VERSION))
    return tuple(metrics)


CLEANEVAL = Family(
    _metrics(),
    cleaneval_scores,
    counts=(*_WORDS, *_TAGS),
    failed=cleaneval_failed,
    order=140,
    citation=CATALOGUE["cleaneval"].citation,
)
