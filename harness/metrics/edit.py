"""Edit distance between the main content and the output, by jiwer.

Both sides are words joined by one space, since jiwer splits at spaces only. The output's words that `maybe` segments
account for are left out. WER and CER are rates of errors to reference length and pass 1 when more leaked than there was
to keep; MER stays in 0…1.
"""

from __future__ import annotations

import jiwer
from rapidfuzz.distance import Levenshtein

from harness.metrics.base import Case, Family, Metric
from harness.text import join_words

_MAX_CELLS = 2_000_000_000  # jiwer keeps a table of so many bits; beyond, the same rate is computed without a table


def score(case: Case) -> dict[str, float]:
    """WER, CER and MER of one output, from 0 (equal) up.

    Of an empty main content all three are 0 if nothing came out, else 1: jiwer would return the number of words.
    """
    alignment = case.alignment
    reference = [alignment.page.words[i] for i in alignment.page.keep]
    hypothesis = [word for j, word in enumerate(alignment.output.words) if j not in alignment.free]
    if not reference or not hypothesis:
        rate = 0.0 if reference == hypothesis else 1.0
        return {"WER": rate, "CER": rate, "MER": rate}
    by_word = jiwer.process_words(" ".join(reference), " ".join(hypothesis))
    return {
        "WER": float(by_word.wer),
        "CER": _character_error_rate(join_words(reference), join_words(hypothesis)),
        "MER": float(by_word.mer),
    }


def _character_error_rate(reference: str, hypothesis: str) -> float:
    if len(reference) * len(hypothesis) <= _MAX_CELLS:
        return float(jiwer.cer(reference, hypothesis))
    return Levenshtein.distance(reference, hypothesis) / len(reference)


FAMILY = Family(
    (
        Metric("WER", "word error rate: words substituted, deleted, inserted / words to keep (may pass 1)", False, 1.0),
        Metric("CER", "character error rate: the same over characters (may pass 1)", False, 1.0),
        Metric("MER", "match error rate: word errors / (word errors + hits)", False, 1.0),
    ),
    score,
)
