"""How high F gets by chance: the main content of one golden scored as if it were the output for another.

Usage: python benchmarks/chance_matches.py [GOLDENS…]   (default: all sets)

Exits with 1 if F exceeds 0.003 anywhere. Pages that tell the same story are no chance: those of a set are told apart by
`-a`, `-b` and `-c` or by a number of three digits at the end of their names, and only the first of them is taken.
"""

import re
import statistics
import sys
from itertools import permutations

from harness.alignment.words import page_words
from harness.goldens.golden import Golden
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.metrics.base import Case
from harness.metrics.own.words import word_scores

GOAL = 0.003


def main() -> int:
    """Print the mean and the largest F of unrelated pairs, by language, and return 1 if the goal is missed."""
    goldens = load_goldens(find_goldens(sys.argv[1:]), dumps_from([])).goldens
    by_language: dict[str, dict[str, Golden]] = {}
    for golden in goldens:
        story = re.sub(r"-([abc]|\d{3})$", "", golden.id)
        by_language.setdefault(golden.lang.partition("-")[0], {}).setdefault(story, golden)
    missed = False
    for language, stories in sorted(by_language.items()):
        if len(stories) < 2:
            continue
        texts = {golden.id: (page_words(golden), golden.kept_text) for golden in stories.values()}
        scores = [
            word_scores(Case(golden, texts[other.id][1], texts[golden.id][0]))["F"]
            for golden, other in permutations(stories.values(), 2)
        ]
        print(f"{language}: {len(scores)} pairs, mean F {statistics.fmean(scores):.4f}, largest {max(scores):.4f}")
        missed |= max(scores) > GOAL
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
