"""Edit distance between the main content and the output, as jiwer defines its rates.

Both sides are words joined by one space, since jiwer splits at spaces only. The output's words that `maybe` segments
account for are left out. WER and CER are rates of errors to reference length and pass 1 when more leaked than there was
to keep; MER stays in 0…1.
"""

from __future__ import annotations

from rapidfuzz.distance import Levenshtein

from harness.alignment.align import Alignment
from harness.metrics.base import Case, Family, Metric
from harness.pages.words import join_words


def word_edits(case: Case) -> dict[str, float]:
    """WER and MER of one output, from 0 (equal) up.

    Of an empty main content both are 0 if nothing came out, else 1: jiwer would return the number of words.
    """
    alignment = case.alignment
    text = alignment.page.text
    reference = text.words[text.keep].tolist()
    # None of the words that the page does not have is equal to one of the reference.
    hypothesis = alignment.codes[~alignment.is_free].tolist()
    if not reference or not hypothesis:
        return dict.fromkeys(("WER", "MER"), float(bool(reference or hypothesis)))
    # The alignment that jiwer takes: of several with the same number of errors, MER depends on which it is.
    errors = inserted = 0
    for step in Levenshtein.opcodes(reference, hypothesis):
        if step.tag == "insert":
            inserted += step.dest_end - step.dest_start
        elif step.tag != "equal":
            errors += step.src_end - step.src_start
    hits = len(reference) - errors
    errors += inserted
    return {"WER": errors / len(reference), "MER": errors / (errors + hits)}


def character_edits(case: Case) -> dict[str, float]:
    """CER of one output, from 0 (equal) up; of an empty main content 0 if nothing came out, else 1."""
    alignment = case.alignment
    reference = [alignment.page.words[i] for i in alignment.page.keep]
    hypothesis = [word for j, word in enumerate(alignment.output.words) if j not in alignment.free]
    if not reference or not hypothesis:
        return {"CER": float(bool(reference or hypothesis))}
    characters = join_words(reference)
    # The rate of `jiwer.cer`, without its list of edits, which takes ten times as long.
    edits = Levenshtein.distance(characters, join_words(hypothesis), score_hint=_most_edits(alignment))
    return {"CER": edits / len(characters)}


def _most_edits(alignment: Alignment) -> int:
    """Edits of characters that suffice: all missed words deleted and all leaked ones inserted, each with a space."""
    missed = (alignment.page.words[i] for i in alignment.missed.tolist())
    leaked = (alignment.output.words[j] for j in alignment.leaks)
    return sum(len(word) + 1 for words in (missed, leaked) for word in words)


WORD_EDITS = Family(
    (
        Metric("WER", "word error rate: words substituted, deleted, inserted / words to keep (may pass 1)", False, 1.0),
        Metric("MER", "match error rate: word errors / (word errors + hits)", False, 1.0),
    ),
    word_edits,
    order=20,
    usual=True,
    of_words=True,
    citation="A. Morris, V. Maier, P. Green: From WER and RIL to MER and WIL: Improved Evaluation Measures for Connected "
    "Speech Recognition, Interspeech (2004)",
)

CHARACTER_EDITS = Family(
    (Metric("CER", "character error rate: WER over characters (may pass 1)", False, 1.0),),
    character_edits,
    order=21,
    of_words=True,
)
