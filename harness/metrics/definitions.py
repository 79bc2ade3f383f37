"""Versions of what scores are computed by. Scores of different versions are not compared.

Raise a number in the commit that changes what it stands for; tests/test_baseline.py notices when that is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable

_COMMON = {
    "text": 1,  # harness/pages/words.py: what a word is
    "words": 1,  # harness/alignment/align.py: which words count as kept, missed, leaked and free, and of which kind
}
_METRICS: dict[str, int] = {}  # metrics whose values changed since they were first defined


def definitions(metrics: Iterable[str]) -> dict[str, int]:
    """The version of the text rule (`text`), of the counts of words (`words`) and of each metric."""
    return {**_COMMON, **{name: _METRICS.get(name, 1) for name in metrics}}
