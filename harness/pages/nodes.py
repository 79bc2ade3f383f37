"""The elements of a page that an extractor has chosen by their numbers, as HTML."""

from __future__ import annotations

import re

import regex
from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.pages.page import Page
from harness.pages.visible import parse
from harness.worker.nodes import ATTRIBUTE, number_elements

# Possessive, since what an extractor returns can be long and can be anything: no character is read twice.
_NUMBERS = regex.compile(r"\[?+\s*+(\d{1,9}+(?:[\s,]++\d{1,9}+)*+)?+\s*+,?+\s*+\]?+")
_LABELLED = regex.compile(r'\{?+\s*+(?:"?+\d{1,9}+(?:"?+\s*+:\s*+")?+(?:main|other)"?+[\s,]*+)++\}?+')
_LONGEST_QUOTE = 60  # characters of what is no list of numbers, in a message


def chosen_html(page: Page, numbers: str) -> str:
    """What is left of a page's body where only these elements are kept, with all in them and the tags around them.

    numbers: those of `harness.worker.nodes.number_elements`, with spaces or commas between them, maybe in brackets, or each
    with its label, as `1main2other` or in JSON as `{"1": "main", "2": "other"}`; empty for no element. Raises ValueError for
    anything else, and for a number that no element has.
    """
    chosen = _chosen(numbers.strip())
    if not chosen:
        return ""
    tree = parse(number_elements(page.html))
    kept = {number: node for node in tree.css(f"[{ATTRIBUTE}]") if (number := node.attributes[ATTRIBUTE]) in chosen}
    if missing := sorted(chosen - kept.keys(), key=int):
        raise ValueError(f"chose element {missing[0]}, which the page does not have")
    return _pruned(tree, list(kept.values()))


def _chosen(numbers: str) -> set[str]:
    if listed := _NUMBERS.fullmatch(numbers):
        return set(re.findall(r"\d+", listed[1] or ""))
    if _LABELLED.fullmatch(numbers):
        return set(re.findall(r"(\d+)\W*main", numbers))
    raise ValueError(f"returned {numbers[:_LONGEST_QUOTE]!r} and no numbers of elements")


def _pruned(tree: LexborHTMLParser, chosen: list[LexborNode]) -> str:
    whole = {node.mem_id for node in chosen}
    around: set[int] = set()
    for node in chosen:
        above = node.parent
        while above is not None and above.mem_id not in around:
            around.add(above.mem_id)
            above = above.parent
    if tree.body is None or (tree.root is not None and tree.root.mem_id in whole):
        return tree.html or ""
    stack = [] if tree.body.mem_id in whole else [tree.body]
    while stack:
        for child in list(stack.pop().iter(include_text=True)):
            if child.mem_id in whole:
                continue
            if child.mem_id in around:
                stack.append(child)
            else:
                child.decompose()
    return tree.body.html or ""
