"""How long scoring takes: all metrics over the published outputs of AEB, growth with pages, and texts of 100,000 words.

    HARNESS_DATASETS=FOLDER python benchmarks/scoring.py

FOLDER holds `aeb`. Goals: all metrics of ten systems (1,810 outputs) in under 30 seconds on two cores; time that grows no
faster than the number of pages, memory that does not; two texts of 100,000 words aligned and measured in under 5 seconds
and 1 GB. Exits with 1 if one is missed.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.datasets import Entry
from harness.datasets.formats import aeb
from harness.evaluation.predictions import Predictions, read_predictions
from harness.evaluation.score_predictions import score_predictions
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import LabelVerdict
from harness.metrics import METRICS, USUAL_METRICS, Case
from harness.metrics.choice import metric_names
from harness.metrics.own import edit, words
from harness.pages.page import Page

WORDS = 100_000


def main() -> int:
    """Measure, print, and return 1 if a goal is missed."""
    folder = Path(os.environ["HARNESS_DATASETS"], "aeb")
    entries = list(aeb.aeb_entries(folder))
    systems = read_predictions([folder / "output"])
    print("pages  systems  metrics  seconds  ms an output  MB of this process")
    seconds = {}
    for pages in (45, 90, len(entries)):
        start = time.perf_counter()
        records = sum(1 for _ in score_predictions(entries[:pages], systems, metrics=tuple(METRICS), jobs=2))
        seconds[pages] = time.perf_counter() - start
        each = 1000 * seconds[pages] / records
        print(f"{pages:5}  {len(systems):7}  {len(METRICS):7}  {seconds[pages]:7.1f}  {each:12.1f}  {_memory():18.0f}")
    spent, memory = _long_texts()
    print(f"two texts of {WORDS:,} words: {spent:.1f} s, {memory:.0f} MB")
    _print_cpu(entries, systems)
    half, whole = seconds[90] / 90, seconds[len(entries)] / len(entries)
    aligned = _long_texts_with_maybe()
    print(f"the same with 1,000 `maybe` texts, which come out in another order, aligned: {aligned:.1f} s")
    met = [seconds[len(entries)] < 30, whole < 1.2 * half, spent < 5, memory < 1000, aligned < 5]
    print("goals met" if all(met) else f"goals missed: {met}")
    return 0 if all(met) else 1


def _print_cpu(entries: Sequence[Entry], systems: Sequence[Predictions]) -> None:
    """Print the CPU time of this process for an output, of one system and of each further one, by what is computed."""
    print("metrics  ms CPU an output  ms CPU of each further one")
    for name, metrics in (("usual", USUAL_METRICS), ("F", ("P", "R", "F")), ("aeb", tuple(metric_names(["aeb"])))):
        spent = []
        for some in (systems[:1], systems):
            start = time.process_time()
            records = sum(1 for _ in score_predictions(entries, some, metrics=metrics, jobs=1))
            spent.append(1000 * (time.process_time() - start) / (records / len(some)))
        print(f"{name:7}  {spent[0]:16.2f}  {(spent[1] - spent[0]) / (len(systems) - 1):26.2f}")


def _long_texts() -> tuple[float, float]:
    """Seconds and megabytes for a text and an output of which a tenth is lost and a tenth is other words."""
    chance = random.Random(1)
    gold = [f"w{int(chance.paretovariate(1))}" for _ in range(WORDS)]
    output = [word if chance.random() > 0.1 else f"x{chance.randrange(1000)}" for word in gold if chance.random() > 0.1]
    output += [f"y{number}" for number in range(WORDS - len(output))]
    golden = Golden("long/text", Page(b"", "text/html"), "article", "long.example", text=_lines(gold))
    start = time.perf_counter()
    case = Case(golden, _lines(output), page_words(golden))
    words.word_scores(case)
    edit.word_edits(case)
    edit.character_edits(case)
    return time.perf_counter() - start, _memory()


def _long_texts_with_maybe() -> float:
    """Seconds for aligning where a longest common subsequence would prefer some `maybe` texts to the main content."""
    chance = random.Random(2)
    pieces = [[f"w{chance.randrange(5000)}" for _ in range(WORDS // 4000)] for _ in range(4000)]
    verdicts: list[LabelVerdict] = ["maybe" if number % 4 == 1 else "keep" for number in range(4000)]
    segments = [Segment(" ".join(piece), verdict, "body", n) for n, (piece, verdict) in enumerate(zip(pieces, verdicts))]
    golden = Golden("long/maybe", Page(b"", "text/html"), "article", "long.example", tuple(segments))
    pieces[:200] = pieces[1:200:4] + [piece for number, piece in enumerate(pieces[:200]) if number % 4 != 1]
    output = [word for piece in pieces for word in piece if chance.random() > 0.1]
    start = time.perf_counter()
    align(page_words(golden), _lines(output))
    return time.perf_counter() - start


def _lines(text: list[str]) -> str:
    return "\n".join(" ".join(text[start : start + 50]) for start in range(0, len(text), 50))


def _memory() -> float:
    """The most memory that this process had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
