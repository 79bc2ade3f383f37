"""Edit distance between the main content and the output, as jiwer defines its rates.

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
    characters = join_words(reference)
    # The rate of `jiwer.cer`, without its list of edits, which takes ten times as long.
    edits = Levenshtein.distance(characters, join_words(hypothesis), score_hint=_most_edits(alignment))
    return {"WER": float(by_word.wer), "CER": edits / len(characters), "MER": float(by_word.mer)}


def _most_edits(alignment: Alignment) -> int:
    """Edits of characters that suffice: all missed words deleted and all leaked ones inserted, each with a space."""
    kept = {i for i, _ in alignment.matched}
    missed = (alignment.page.words[i] for i in alignment.page.keep if i not in kept)
    leaked = (alignment.output.words[j] for j in alignment.leaks)
    return sum(len(word) + 1 for words in (missed, leaked) for word in words)


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
