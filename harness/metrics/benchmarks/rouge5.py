"""ROUGE-5 over jieba's tokens, as MinerU-HTML scores WebMainBench.

Source: `calc_rouge_n_score` in `eval_baselines/utils.py` of opendatalab/MinerU-HTML at 73cf266, and arXiv 2511.23119.
"""

from __future__ import annotations

import functools
import importlib
import logging
import re
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from harness.alignment.counts import f_score
from harness.datasets.catalogue import CATALOGUE
from harness.metrics.base import Case, Family, Metric

_N = 5
# jieba takes time in the square of a run of Chinese characters. No prose has runs of this length; they are cut.
_PIECE = re.compile(r"\S+|\r\n|\s")
_LONG_RUN = re.compile(r"[\u4e00-\u9fd5]{2000}")


def rouge5_scores(case: Case) -> dict[str, float]:
    """P, R and F of one output, each in 0…1: 1 if both texts are blank, else 0 where one has fewer than five tokens.

    Markdown is compared where the golden and the output both have it, else text.
    """
    gold, output = case.golden.main_content, case.text
    if case.golden.markdown is not None and case.markdown is not None:
        gold, output = case.golden.markdown, case.markdown
    if not gold.strip() and not output.strip():
        return {"rouge5.P": 1.0, "rouge5.R": 1.0, "rouge5.F": 1.0}
    wanted, found = _grams(_gold_tokens(gold)), _grams(_tokens(output))
    shared = (wanted & found).total()
    p = shared / max(1, found.total())
    r = shared / max(1, wanted.total())
    return {"rouge5.P": p, "rouge5.R": r, "rouge5.F": f_score(p, r)}


def _grams(tokens: Sequence[str]) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(tokens[start:] for start in range(_N))))


# As many as are in memory at a time; see harness.evaluation.evaluate.
@functools.lru_cache(maxsize=16)
def _gold_tokens(text: str) -> tuple[str, ...]:
    return tuple(_tokens(text))


def _tokens(text: str) -> list[str]:
    """The tokens of jieba. None of them has a space and another character, so what stands between spaces is cut alone."""
    return [token for piece in _PIECE.findall(text) for token in ([piece] if piece.isspace() else _tokens_of(piece))]


@functools.lru_cache(maxsize=50_000)  # words come back: most of jieba's time is spent on those that it has cut before
def _tokens_of(piece: str) -> list[str]:
    cuts = [0, *(run.end() for run in _LONG_RUN.finditer(piece)), len(piece)]
    return [token for start, end in pairwise(cuts) for token in _cut()(piece[start:end])]


@functools.cache
def _cut() -> Callable[[str], list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its code is older than some of Python's rules
        jieba = importlib.import_module("jieba")
        jieba.setLogLevel(logging.ERROR)
        jieba.initialize()
    cut: Callable[[str], list[str]] = jieba.lcut
    return cut


ROUGE5 = Family(
    (
        Metric("rouge5.P", "WebMainBench's ROUGE-5 precision over jieba tokens", True, 0.0),
        Metric("rouge5.R", "WebMainBench's ROUGE-5 recall over jieba tokens", True, 0.0),
        Metric("rouge5.F", "WebMainBench's ROUGE-5 F over jieba tokens", True, 0.0),
    ),
    rouge5_scores,
    requires=("jieba",),
    order=150,
    citation=CATALOGUE["webmainbench"].citation,
)
