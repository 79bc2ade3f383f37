"""Edit distance between the main content and the output, by jiwer.

Both sides are words joined by one space, since jiwer splits at spaces only. The output's words that `maybe` segments
account for are left out. WER and CER are rates of errors to reference length and pass 1 when more leaked than there was
to keep; MER stays in 0…1.
"""

from __future__ import annotations

import jiwer
from rapidfuzz.distance import Levenshtein

from harness.alignment.align import Alignment
from harness.metrics.base import Case, Family, Metric
from harness.pages.words import join_words

_MAX_CELLS = 2_000_000_000  # jiwer keeps a table of so many bits; beyond, the same rate is computed without a table


def edit_scores(case: Case) -> dict[str, float]:
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
        "CER": _character_error_rate(join_words(reference), join_words(hypothesis), _most_edits(alignment)),
        "MER": float(by_word.mer),
    }


def _most_edits(alignment: Alignment) -> int:
    """Edits of characters that suffice: all missed words deleted and all leaked ones inserted, each with a space."""
    kept = {i for i, _ in alignment.matched}
    missed = (alignment.page.words[i] for i in alignment.page.keep if i not in kept)
    leaked = (alignment.output.words[j] for j in alignment.leaks)
    return sum(len(word) + 1 for words in (missed, leaked) for word in words)


def _character_error_rate(reference: str, hypothesis: str, most_edits: int) -> float:
    """`most_edits` makes long texts faster and changes nothing else."""
    if len(reference) * len(hypothesis) <= _MAX_CELLS:
        return float(jiwer.cer(reference, hypothesis))
    return Levenshtein.distance(reference, hypothesis, score_hint=most_edits) / len(reference)


EDIT = Family(
    (
        Metric("WER", "word error rate: words substituted, deleted, inserted / words to keep (may pass 1)", False, 1.0),
        Metric("CER", "character error rate: the same over characters (may pass 1)", False, 1.0),
        Metric("MER", "match error rate: word errors / (word errors + hits)", False, 1.0),
    ),
    edit_scores,
    order=20,
    always=True,
)
