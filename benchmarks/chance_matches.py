"""How high F gets by chance: the main content of one golden scored as if it were the output for another.

    python benchmarks/chance_matches.py [GOLDENS…]     # all sets of the project; or such as wcxb:FOLDER

Pairs of one language and different sites; of a language with more goldens, 60 drawn at random. Pages that tell the same
story are no chance: those of a set are told apart by `-a`, `-b` and `-c` or by a number of three digits at the end of their
names, and only the first of them is taken. Names each pair whose F exceeds 0.003, with the longest text that both have;
pairs that share 10 words in a row are counted apart, since such text is not there by chance. Exits with 1 if there are
others.
"""

import random
import re
import statistics
import sys
from itertools import permutations

import numpy as np

import harness
from harness.alignment.align import Alignment, align
from harness.alignment.common_runs import runs_of_pairs
from harness.alignment.words import page_words
from harness.goldens.golden import Golden
from harness.goldens.sets import dumps_from, find_goldens, load_goldens

GOAL = 0.003
SHARED = 10  # words in a row
MOST = 60  # goldens of a language


def main() -> int:
    """Print the mean and the largest F of unrelated pairs, by language, and return 1 if the goal is missed."""
    own = load_goldens(find_goldens([]), dumps_from([])).goldens if len(sys.argv) < 2 else ()
    goldens = [*own, *(golden for spec in sys.argv[1:] for golden in harness.read_goldens(spec))]
    by_language: dict[str, dict[str, Golden]] = {}
    for golden in goldens:
        story = re.sub(r"-([abc]|\d{3})$", "", golden.id)
        if golden.kept_text.strip():
            by_language.setdefault(golden.lang.partition("-")[0], {}).setdefault(story, golden)
    missed = False
    for language, stories in sorted(by_language.items()):
        drawn = random.Random(1).sample([*stories.values()], min(MOST, len(stories)))
        pages = {golden.id: page_words(golden) for golden in drawn}
        scores: list[float] = []
        shared = 0
        for golden, other in permutations(drawn, 2):
            if golden.site == other.site:
                continue
            alignment = align(pages[golden.id], other.kept_text)
            f = alignment.counts.f
            text = _longest_shared(alignment) if f > GOAL else []
            if text:
                print(f"  {f:.4f} {golden.id} {other.id}: {len(text)} words, {' '.join(text[:SHARED])!r}")
            if len(text) >= SHARED:
                shared += 1
            else:
                scores.append(f)
        if scores:
            mean, most = statistics.fmean(scores), max(scores)
            print(f"{language}: {len(scores)} pairs, mean F {mean:.4f}, largest {most:.4f}; {shared} more share text")
            missed |= most > GOAL
    return 1 if missed else 0


def _longest_shared(alignment: Alignment) -> list[str]:
    """The most kept words in a row."""
    runs = runs_of_pairs(*alignment.kept, len(alignment.codes))
    longest = int(np.argmax(runs.lengths))
    start = int(runs.b[longest])
    return list(alignment.output.words[start : start + int(runs.lengths[longest])])


if __name__ == "__main__":
    sys.exit(main())
