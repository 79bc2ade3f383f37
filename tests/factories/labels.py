"""Labels and markup for Hypothesis, and what labels make of a page."""

from __future__ import annotations

import re
from itertools import count

from hypothesis import strategies as st

from harness.goldens.golden import resolve
from harness.goldens.labels import Label
from harness.pages.page import Page

VERDICTS = st.sampled_from(["keep", "maybe", "drop"])
KINDS = st.sampled_from(["body", "title", "related", "footer"])


def labelled(page: Page, *rules: tuple[str, str] | tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """(text, verdict, kind) of every segment with text."""
    labels = [Label(rule[0], (rule[1],), rule[2] if len(rule) > 2 else "other", row) for row, rule in enumerate(rules, 1)]
    segments, wrong = resolve(page, labels)
    assert wrong == []
    return [(segment.text.strip(), segment.verdict, segment.kind) for segment in segments if segment.text.strip()]


def without_effect(wrong: list[tuple[Label, str]]) -> set[int]:
    """Rows of the labels that are reported because no text is left to them."""
    return {label.row for label, reason in wrong if "no effect" in reason}


def contradicted(wrong: list[tuple[Label, str]]) -> set[int]:
    """Rows of the labels that a later one is said to contradict."""
    return {int(found[1]) for _, reason in wrong if (found := re.search(r"contradicts the label of line (\d+)", reason))}


BLOCKS = ("div", "section", "blockquote", "main")
INLINE = ("span", "cite", "kbd", "time")


@st.composite
def html_trees(draw: st.DrawFn) -> tuple[str, list[tuple[str, list[str]]], list[str]]:
    """A page, its words with the ids of the elements around each, and its lines as a browser breaks them."""
    words: list[tuple[str, list[str]]] = []
    lines = [""]
    numbers = count()

    def element(around: list[str], depth: int) -> str:
        tag = draw(st.sampled_from(BLOCKS + INLINE))
        around = [*around, f"e{next(numbers)}"]
        inside = ""
        if tag in BLOCKS:
            lines.append("")
        for _ in range(draw(st.integers(1, 4))):
            if depth < 4 and draw(st.booleans()):
                inside += element(around, depth + 1)
            else:
                text = f"w{len(words)}" + draw(st.sampled_from(["", " ", "\n\t", "\u00a0"]))
                words.append((text.strip(), around))
                lines[-1] += text
                inside += text
        if tag in BLOCKS:
            lines.append("")
        return f"<{tag} id={around[-1]}>{inside}</{tag}>"

    page = element([], 0)
    return page, words, [" ".join(line.split()) for line in lines if line.strip()]
