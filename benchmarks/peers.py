"""Scripts that compute the metrics of two public benchmarks and nothing else, as their definitions say: the least that
scoring can cost in plain Python.

    python -m benchmarks.peers wcxb FOLDER PREDICTIONS [PAGES]    means of P, R and F over the first pages
    python -m benchmarks.peers aeb FOLDER PREDICTIONS…            P, R and F of each system, with 1,000 bootstrap samples

FOLDER holds the dataset. The benchmarks' own scripts are in no package that could be installed.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

_WORD = re.compile(r"\w+")
_RESAMPLES = 1_000

Shares = tuple[float, float, float]


def main(words: list[str]) -> int:
    """Do what the words ask for."""
    if len(words) < 3 or words[0] not in ("wcxb", "aeb"):
        print(__doc__, file=sys.stderr)
        return 2
    benchmark, folder, *rest = words
    if benchmark == "wcxb":
        print(*wcxb(Path(folder), Path(rest[0]), int(rest[1]) if rest[1:] else None))
    else:
        for name in rest:
            print(name, *aeb(Path(folder), Path(name)))
    return 0


def wcxb(folder: Path, predictions: Path, pages: int | None) -> list[float]:
    """Means over pages: P, R and F of bags of words in lower case, and the shares of snippets that came out."""
    outputs = json.loads(predictions.read_text("utf-8"))
    found = []
    for file in sorted((folder / "ground-truth").glob("*.json"))[:pages]:
        truth = json.loads(file.read_text("utf-8"))["ground_truth"]
        output = outputs.get(file.stem, "").lower()
        gold, own = Counter(_WORD.findall((truth.get("main_content") or "").lower())), Counter(_WORD.findall(output))
        both = sum((gold & own).values())
        p, r = both / (sum(own.values()) or 1), both / (sum(gold.values()) or 1)
        snippets = [truth.get(name) or [] for name in ("with", "without")]
        rates = [sum(one.lower() in output for one in some) / len(some) if some else 1.0 for some in snippets]
        found.append((p, r, 2 * p * r / (p + r) if both else 0.0, *rates))
    return [statistics.mean(column) for column in zip(*found)]


def aeb(folder: Path, predictions: Path) -> list[float]:
    """P, R, F and exactness over pages, by shingles of four words, and the standard deviation of each over resamples."""
    golds = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    content = json.loads(predictions.read_text("utf-8"))
    outputs = content["output"] if content.keys() == {"version", "output"} else content
    pages = []
    for name, gold in golds.items():
        tokens, own = (_WORD.findall(side.get("articleBody") or "") for side in (gold, outputs[name]))
        pages.append((_shares(_shingles(tokens), _shingles(own)), tokens == own))
    resamples = [_over(random.choices(pages, k=len(pages))) for _ in range(_RESAMPLES)]
    return [*_over(pages), *(statistics.stdev(column) for column in zip(*resamples))]


def _shingles(tokens: Sequence[str]) -> Counter[tuple[str, ...]]:
    size = min(4, len(tokens))
    return Counter(tuple(tokens[start : start + size]) for start in range(len(tokens) - size + 1) if size)


def _shares(gold: Counter[tuple[str, ...]], own: Counter[tuple[str, ...]]) -> Shares:
    both, wrong, missed = (sum(side.values()) for side in (gold & own, own - gold, gold - own))
    total = (both + wrong + missed) or 1
    return both / total, wrong / total, missed / total


def _over(pages: Sequence[tuple[Shares, bool]]) -> tuple[float, float, float, float]:
    p = statistics.mean(both / (both + wrong) for (both, wrong, _), _ in pages if both + wrong)
    r = statistics.mean(both / (both + missed) for (both, _, missed), _ in pages if both + missed)
    return p, r, 2 * p * r / (p + r), statistics.mean(same for _, same in pages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
