"""How long the alignment of a page with an output takes, and in how much memory, on long and on coined texts.

    python benchmarks/alignment.py [CASE…]

Each case runs in a process of its own. Goals: 0.3 s and 150 MB beyond the texts for 100,000 words against 64,000; 2 s for
30,000 words ten times over in other orders; 5 s for the worst texts that could be coined; 3 s for a million words of
output. Exits with 1 if one is missed.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Callable

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import LabelVerdict
from harness.pages.page import Page

Texts = tuple[list[str], list[str]]  # the words of a page and of an output, in lines of 50 words
Lines = tuple[list[str], list[str]]  # their lines


def _typical(size: int, output: int) -> Texts:
    chance = random.Random(1)
    page = [f"w{int(20_000 ** chance.random())}" for _ in range(size)]
    kept = [word for word in page[:output] if chance.random() > 0.05]
    return page, kept + [f"x{chance.randrange(1000)}" for _ in range(output - len(kept))]


def _thai() -> Texts:
    chance = random.Random(2)
    page = [chr(0x0E01 + int(44 * chance.random() ** 1.5)) for _ in range(100_000)]
    return page, [letter for letter in page[:70_000] if chance.random() > 0.05]


def _reordered(size: int) -> Texts:
    """A page ten times over, each time with its pieces of so many words in another order."""
    chance = random.Random(3)
    page = [f"w{int(20_000 ** chance.random())}" for _ in range(30_000)]
    pieces = [page[start : start + size] for start in range(0, len(page), size)]
    output = [word for _ in range(10) for piece in chance.sample(pieces, len(pieces)) for word in piece]
    return page, output


def _random_words(kinds: int, size: int) -> Texts:
    chance = random.Random(4)
    return [f"w{chance.randrange(kinds)}" for _ in range(size)], [f"w{chance.randrange(kinds)}" for _ in range(size)]


def _short_lines(kinds: int, words: int, size: int) -> Lines:
    """Lines of so many words, of so few kinds that nearly every line stands in many places."""
    chance = random.Random(6)
    page, output = (
        [" ".join(f"w{chance.randrange(kinds)}" for _ in range(words)) for _ in range(size)] for _ in ("page", "output")
    )
    return page, output


def _third_replaced() -> Texts:
    page = [f"w{number % 4001}" for number in range(100_000)]
    return page, [f"x{k}" if k % 3 == 0 else word for k, word in enumerate(page)]


def _ligatures() -> Texts:
    return _typical(30_000, 1)[0], [f"ﬁ{n % 9999}" for n in range(300_000)]


LINES: dict[str, tuple[Callable[[], Lines], float]] = {
    "a million lines of one word": (lambda: (["one"] * 50_000, ["one"] * 1_000_000), 3),
    "500,000 lines of two words": (
        lambda: ([f"w{n % 10} x" for n in range(4000)], [f"w{n % 10} x" for n in range(500_000)]),
        5,
    ),
    "60,000 cells of 4 kinds": (lambda: (_short_lines(4, 1, 60_000)[0],) * 2, 5),
    "60,000 cells of 300 kinds, other order": (lambda: _short_lines(300, 1, 60_000), 5),
    "50,000 lines of 3 words of 10 kinds": (lambda: _short_lines(10, 3, 50_000), 5),
    "the same on one line": (lambda: (_short_lines(10, 3, 50_000)[0], [" ".join(_short_lines(10, 3, 50_000)[1])]), 5),
    "500,000 lines of new words": (
        lambda: ([f"text of the page {n}" for n in range(8000)], [f"y{n % 9999} z" for n in range(500_000)]),
        3,
    ),
}
CASES: dict[str, tuple[Callable[[], Texts], float]] = {
    "1,000 x 640": (lambda: _typical(1000, 640), 0.3),
    "10,000 x 6,400": (lambda: _typical(10_000, 6400), 0.3),
    "100,000 x 64,000": (lambda: _typical(100_000, 64_000), 0.3),
    "Thai, 100,000 characters": (_thai, 0.3),
    "30,000 ten times, lines in other orders": (lambda: _reordered(50), 2),
    "30,000 ten times, eights in other orders": (lambda: _reordered(8), 2),
    "30,000 ten times, words in other orders": (lambda: _reordered(1), 2),
    "one word, 10,000 x 9,950": (lambda: (["a"] * 10_000, ["a"] * 9950), 5),
    "one word, 100,000 x 99,950": (lambda: (["a"] * 100_000, ["a"] * 99_950), 5),
    "two words at random, 10,000": (lambda: _random_words(2, 10_000), 5),
    "two words at random, 30,000": (lambda: _random_words(2, 30_000), 5),
    "two words at random, 100,000": (lambda: _random_words(2, 100_000), 5),
    "8 words at random, 100,000": (lambda: _random_words(8, 100_000), 5),
    "16 words at random, 100,000": (lambda: _random_words(16, 100_000), 5),
    "every third word replaced, 100,000": (_third_replaced, 5),
    "30,000 x 300,000 with ligatures": (_ligatures, 3),
    "three words in turn, 100,000": (lambda: (["a", "b", "c"] * 33_333, ["b", "c", "a"] * 33_000), 5),
    "30,000 x 1,000,000 unrelated": (lambda: (_typical(30_000, 1)[0], [f"y{n % 9999}" for n in range(1_000_000)]), 3),
    "30,000 x 1,000,000 of one word": (lambda: (["one"] * 30_000, ["one"] * 1_000_000), 3),
    "30,000 x 990,000, 33 times the page": (lambda: (_typical(30_000, 1)[0], _typical(30_000, 1)[0] * 33), 3),
}


def main() -> int:
    """Measure, print, and return 1 if a goal is missed."""
    missed = False
    print(f"{'page x output words':44} {'CPU s':>6} {'goal':>5} {'MB':>5} {'kept':>8}")
    for name in sys.argv[1:] or [*CASES, *LINES]:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, memory, kept = pool.apply(_measure, (name,))
        goal = {**CASES, **LINES}[name][1]
        missed |= seconds > goal
        print(f"{name:44} {seconds:6.2f} {goal:5.1f} {memory:5.0f} {kept:8,}", flush=True)
    return 1 if missed else 0


def _measure(name: str) -> tuple[float, float, int]:
    """CPU seconds of the alignment, megabytes that it added to the process, and words kept."""
    page, output = LINES[name][0]() if name in LINES else map(_lines, CASES[name][0]())
    verdicts: list[LabelVerdict] = ["keep", "drop", "keep", "maybe"]
    segments = [Segment(line, verdicts[number % 4], "body", number) for number, line in enumerate(page)]
    golden = Golden("long/page", Page(b"", "text/plain"), "article", "long.example", tuple(segments))
    words, text = page_words(golden), "\n".join(output)
    before, start = _memory(), time.process_time()
    kept = align(words, text).counts.kept
    return time.process_time() - start, _memory() - before, kept


def _lines(words: list[str]) -> list[str]:
    return [" ".join(words[start : start + 50]) for start in range(0, len(words), 50)]


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
