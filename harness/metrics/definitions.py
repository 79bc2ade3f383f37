"""Versions of what scores are computed by. Scores of different versions are not compared.

A metric has its version in its own file. Raise a number in the commit that changes what it stands for;
tests/metrics/test_definitions.py notices when that is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable

from harness.metrics import METRICS

_COMMON = {
    "text": 2,  # harness/pages/words.py: what a word is
    "words": 6,  # harness/alignment/align.py: which words count as kept, missed, leaked and free, and of which kind
}


def definitions(names: Iterable[str]) -> dict[str, int]:
    """The version of the text rule (`text`), of the counts of words (`words`) and of each metric or count; 1 for a name
    that is not known here."""
    return {**_COMMON, **{name: METRICS[name].version if name in METRICS else 1 for name in names}}
