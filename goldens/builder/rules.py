"""Rules as sources write them: what is wrong with one, and which of them hold on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from selectolax.lexbor import LexborHTMLParser

from harness.goldens.golden import Segment, resolve
from harness.goldens.label_reader import ONE_OF, labels_of_entries, reasons_against
from harness.goldens.labels import Label
from harness.goldens.vocabulary import VERDICTS
from harness.pages import visible
from harness.pages.page import Page
from harness.pages.words import words

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Rule = Mapping[str, Any]
"""A label as a source has it: `{keep: "article p", as: body}`."""
_NOTHING = visible.parse("<p>")


@dataclass(frozen=True)
class PageRules:
    """The rules of a page."""

    rules: tuple[Rule, ...]
    """Those that hold on it: shared ones, each with the places that the page has, and behind them its own."""
    shared: frozenset[int]
    """The numbers of the shared ones among them."""
    segments: tuple[Segment, ...]
    """The page's text with its labels."""
    wrong: tuple[str, ...]
    """What is wrong with its own rules. Where two name the same text, the later one wins."""


def rules_on(page: Page, shared: Sequence[Rule], own: Sequence[Rule]) -> PageRules:
    """Which rules hold on a page. shared: those for several pages; one that has no effect on this page is left out."""
    tree = page.tree()
    found = [(number, _on_page(rule, tree)) for number, rule in enumerate(shared)]
    rows = [(number, rule) for number, rule in found if rule] + [(-1, rule) for rule in own]
    labels = [label for place, (_, rule) in enumerate(rows) for label in _labels_of(rule, place)]
    segments, mistakes = resolve(page, labels)
    idle = {label.row for label, reason in mistakes if reason.startswith("has no effect") and rows[label.row][0] >= 0}
    used = [(number, rule) for place, (number, rule) in enumerate(rows) if place not in idle]
    wrong = [
        f"the label {dict(rows[label.row][1])} {reason}"
        for label, reason in mistakes
        if label.row not in idle and not reason.startswith("contradicts")
    ]
    numbers = frozenset(number for number, _ in used if number >= 0)
    return PageRules(tuple(rule for _, rule in used), numbers, segments, tuple(wrong))


def idle_rules(shared: Sequence[Rule], pages: Sequence[PageRules]) -> list[str]:
    """A sentence for each shared rule that holds on none of the pages."""
    used = {number for page in pages for number in page.shared}
    return [f"the label {dict(rule)} has an effect on no page" for number, rule in enumerate(shared) if number not in used]


def reasons_against_rule(rule: object) -> list[str]:
    """What is wrong with a rule, whatever the page."""
    if not isinstance(rule, Mapping):
        return [f"a label is a mapping such as {{keep: main, as: body}}, not {rule!r}"]
    entries = _entries(rule)
    if reasons := list(reasons_against(entries, [*entries])):
        return reasons
    return [str(error) for place in _places(rule)[1] if (error := _refusal(place))]


def unnamed(segments: Sequence[Segment]) -> list[str]:
    """The texts of a page that no rule names."""
    return [segment.text.strip() for segment in segments if segment.kind == "other" and words(segment.text)]


def flow(value: Rule) -> str:
    """A rule in one line of YAML."""
    return as_yaml(value, flow=True)


def as_yaml(value: Mapping[str, Any], *, flow: bool) -> str:
    """A mapping as YAML with its keys in their order."""
    text: str = yaml.safe_dump(dict(value), default_flow_style=flow, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text.strip()


def _on_page(rule: Rule, tree: LexborHTMLParser) -> Rule:
    """A rule with those of its places that the page has; empty if it has none."""
    verdict, places = _places(rule)
    found = [place for place in places if visible.select(tree, place)]
    return {**rule, verdict: found[0] if len(found) == 1 else found} if found else {}


def _places(rule: Rule) -> tuple[str, list[str]]:
    verdict = next(key for key in (*VERDICTS, ONE_OF) if key in rule)
    return verdict, [rule[verdict]] if isinstance(rule[verdict], str) else list(rule[verdict])


def _refusal(selector: str) -> visible.SelectorError | None:
    try:
        visible.select(_NOTHING, selector)
    except visible.SelectorError as error:
        return error
    return None


def _labels_of(rule: Rule, number: int) -> Iterator[Label]:
    yield from labels_of_entries(_entries(rule), number)


def _entries(rule: Rule) -> dict[str, yaml.Node]:
    node: Any = yaml.compose(flow(rule), Loader=LOADER)
    return {key.value: value for key, value in node.value}
