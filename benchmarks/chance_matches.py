"""How high F gets by chance: the main content of one golden scored as if it were the output for another.

Usage: python benchmarks/chance_matches.py [GOLDENS…]   (default: all sets)

Exits with 1 if F exceeds 0.003 anywhere. Pages that tell the same story are no chance: those of a set are told apart by
`-a`, `-b` and `-c` at the end of their names.
"""

import statistics
import sys
from itertools import permutations

from harness.alignment.words import page_words
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.metrics.base import Case
from harness.metrics.own.words import word_scores

GOAL = 0.003


def main() -> int:
    """Print the mean and the largest F of unrelated pairs, by language, and return 1 if the goal is missed."""
    goldens = load_goldens(find_goldens(sys.argv[1:]), dumps_from([])).goldens
    by_language: dict[str, dict[str, str]] = {}
    for golden in goldens:
        text = "\n".join(segment.text for segment in golden.segments if segment.verdict == "keep")
        story = golden.id.removesuffix("-a").removesuffix("-b").removesuffix("-c")
        by_language.setdefault(golden.lang.partition("-")[0], {}).setdefault(story, text)
    pages = {golden.id: (golden, page_words(golden)) for golden in goldens}
    missed = False
    for language, texts in sorted(by_language.items()):
        if len(texts) < 2:
            continue
        scores = [
            word_scores(Case(golden, texts[other], words))["F"]
            for story, other in permutations(texts, 2)
            for golden_id, (golden, words) in pages.items()
            if golden_id in (story, f"{story}-a")
        ]
        print(f"{language}: {len(scores)} pairs, mean F {statistics.fmean(scores):.4f}, largest {max(scores):.4f}")
        missed |= max(scores) > GOAL
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
