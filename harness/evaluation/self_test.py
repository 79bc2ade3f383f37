"""Whether a golden's own main content scores 1. If not, the golden or the harness is wrong: no extractor can be right."""

from __future__ import annotations

from collections.abc import Iterable

from harness.alignment.words import page_words
from harness.common.wording import plural
from harness.evaluation.scoring import scores_of
from harness.goldens.golden import Golden
from harness.goldens.perfect import perfect_output
from harness.metrics import METRICS, Case
from harness.metrics.facts import judge_facts
from harness.pages.formats import as_html, as_text

_OF_WORDS = ("P", "R", "F", "LF")
_MOST_SHOWN = 12  # words in a message


def self_test(golden: Golden) -> list[str]:
    """Why a golden's own main content does not score 1: the scores, and the words that do not match; empty if it does. And
    the facts that it does not fulfil.

    P, R, F and LF are measured in text and in the HTML of labels, structure and facts in HTML.
    """
    formats: dict[str, list[str]] = {}
    if golden.has_main_content:
        for output_format in ("text", "html"):
            formats.setdefault(_reason(golden, output_format), []).append(output_format)
    reasons = [f"its own main content as {' and '.join(names)} has {reason}" for reason, names in formats.items() if reason]
    judged = judge_facts(_case(golden, "html")) if golden.has_main_content else ()
    return [*reasons, *(f"its own main content fails {one}: {one.reason}" for one in judged if one.reason)]


def _case(golden: Golden, output_format: str) -> Case:
    output = perfect_output(golden, output_format)
    return Case(golden, as_text(output, output_format), page_words(golden), as_html(output, output_format))


def _reason(golden: Golden, output_format: str) -> str:
    case = _case(golden, output_format)
    own_words = output_format == "text" or golden.markdown is None  # a dataset's Markdown may differ from its labels
    names = [name for name in METRICS if name.startswith("structure.") or (own_words and name in _OF_WORDS)]
    wrong = {name: score for name, score in scores_of(case, names).items() if score is not None and score < 1 - 1e-9}
    if not wrong:
        return ""
    return (
        ", ".join(f"{name} {score:.3f}" for name, score in wrong.items()) + ", not 1" + (_words(case) if own_words else "")
    )


def _words(case: Case) -> str:
    laid = case.alignment
    kept = {i for i, _ in laid.matched}
    missed = [laid.page.words[i] for i in laid.page.keep if i not in kept]
    leaked = [laid.output.words[j] for j in sorted(laid.leaks)]
    return _listed("not matched", missed) + _listed("counted as leaked", leaked)


def _listed(what: str, words: Iterable[str]) -> str:
    listed = list(words)
    if not listed:
        return ""
    shown = ", ".join(map(repr, listed[:_MOST_SHOWN])) + (", …" if len(listed) > _MOST_SHOWN else "")
    return f"; {plural(len(listed), 'word')} {what}: {shown}"
