"""Reads one fact of a golden file, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from harness.common.wording import did_you_mean
from harness.goldens.facts import CATEGORIES, NEIGHBOURS, Fact
from harness.pages.words import words

_OPTIONS = {"times": ("repeat",), "max_diffs": ("present", "absent"), **dict.fromkeys(NEIGHBOURS, ("cell",))}
_NUMBERS = ("times", "max_diffs")


def fact_of_entries(entries: Mapping[str, Any], place: str) -> Fact:
    """The fact that a mapping of YAML nodes is, in which nothing is wrong."""
    category = next(name for name in CATEGORIES if name in entries)
    numbers = {name: int(entries[name].value) for name in _NUMBERS if name in entries}
    neighbours = tuple((name, str(entries[name].value)) for name in NEIGHBOURS if name in entries)
    times, max_diffs = numbers.get("times", 1), numbers.get("max_diffs", 0)
    return Fact(category, tuple(_texts(entries[category])), times, neighbours, max_diffs, place=place)


def reasons_against_fact(entries: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one fact."""
    known = (*CATEGORIES, *_OPTIONS)
    categories = [name for name in CATEGORIES if name in entries]
    for key in sorted(entries.keys() - set(known)):
        yield f"unknown key {key!r}{did_you_mean(key, known)}"
    if len(categories) != 1:
        yield f"a fact has exactly one of {', '.join(CATEGORIES)}"
        return
    (category,) = categories
    texts = _texts(entries[category])
    if category == "order" and len(texts) < 2:
        yield "`order` needs a list of two texts or more"
    if category != "order" and not isinstance(entries[category], yaml.ScalarNode):
        yield f"`{category}` needs one text"
    elif not all(words(text) for text in texts):
        yield f"`{category}` needs a text with words"
    for key in (key for key in _OPTIONS if key in entries):
        value = entries[key].value if isinstance(entries[key], yaml.ScalarNode) else ""
        if category not in _OPTIONS[key]:
            yield f"`{key}` goes with `{'` or `'.join(_OPTIONS[key])}`"
        elif key in _NUMBERS and not (value.isdecimal() and value.isascii() and len(value) < 6):
            yield f"`{key}` needs a number from 0 on"
        elif key not in _NUMBERS and not words(value):
            yield f"`{key}` needs a text with words"
    if category == "cell" and not any(name in entries for name in NEIGHBOURS):
        yield f"`cell` needs one of {', '.join(NEIGHBOURS)}; a text alone is `present`"


def _texts(node: Any) -> list[str]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return [str(item.value) for item in items if isinstance(item, yaml.ScalarNode)]
