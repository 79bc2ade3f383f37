"""`absent` facts that no output can fail, or that contradict the labels."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from goldens.builder.rules import Rule
from harness.goldens.golden import Segment
from harness.pages.page import Page
from harness.pages.words import words

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def reasons_against_facts(facts: Sequence[Rule], page: Page, segments: Sequence[Segment]) -> list[str]:
    """A sentence for each `absent` fact with a text that outputs may have by the labels, or that the page has nowhere: not
    in its text, nor in attributes, JSON and scripts. Texts are compared by their words, as facts are."""
    reasons = []
    for text in (str(fact["absent"]) for fact in facts if "absent" in fact):
        if _stands_in(text, _allowed(segments)):
            reasons.append(f"the fact absent {text!r} contradicts the labels: they do not drop this text")
        elif not _stands_in(text, _sources(page, segments)):
            reasons.append(f"the fact absent {text!r} cannot fail: the page does not have this text")
    return reasons


def _stands_in(text: str, sources: Iterable[str]) -> bool:
    wanted = _spaced(text)
    return any(wanted in _spaced(source) for source in sources)


def _spaced(text: str) -> str:
    return f" {' '.join(words(text))} "


def _allowed(segments: Sequence[Segment]) -> Iterator[str]:
    """Each stretch of text between two that are dropped."""
    for dropped, run in groupby(segments, key=lambda segment: segment.verdict == "drop"):
        if not dropped:
            yield _text(run)


def _sources(page: Page, segments: Sequence[Segment]) -> Iterator[str]:
    """What an output can take text from, the quickest to read first."""
    yield _text(segments)
    source = html.unescape(page.content)
    yield source
    yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", source)


def _text(segments: Iterable[Segment]) -> str:
    lines = groupby(segments, key=lambda segment: segment.line)
    return "\n".join("".join(segment.text for segment in line) for _, line in lines)
