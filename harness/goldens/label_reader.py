"""Reads one label of a golden file, and says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from harness.common.wording import did_you_mean
from harness.goldens.labels import Label, Quote
from harness.goldens.vocabulary import TEXT_KINDS, VERDICTS
from harness.pages.visible import ATTRIBUTES

LABEL_KEYS = ("as", "text", "prefix", "suffix", "characters", "attribute", "property")
"""The keys that a label can have besides its verdict."""

ONE_OF = "one_of"
"""The key that stands for a verdict where the page has several notations of one thing."""

_CHARACTERS = re.compile(r"(\d+):(\d+)")


def labels_of_entries(entries: Mapping[str, Any], row: int) -> list[Label]:
    """The labels that a mapping of YAML nodes is, in which nothing is wrong: one, or one for each notation."""
    if ONE_OF not in entries:
        return [_label_of(entries, row)]
    kind = entries["as"].value if "as" in entries else "other"
    places = enumerate(_scalars(entries[ONE_OF]))
    return [Label("maybe" if number else "keep", (place,), kind, row, notation=number) for number, place in places]


def _label_of(entries: Mapping[str, Any], row: int) -> Label:
    verdict = next(verdict for verdict in VERDICTS if verdict in entries)
    one = {key: entries[key].value for key in LABEL_KEYS if key in entries and isinstance(entries[key], yaml.ScalarNode)}
    texts = _scalars(entries["text"]) if "text" in entries else []
    characters = _CHARACTERS.fullmatch(one.get("characters", ""))
    return Label(
        verdict,
        tuple(_scalars(entries[verdict])),
        one.get("as", "other"),
        row,
        tuple(Quote(text, one.get("prefix", ""), one.get("suffix", "")) for text in texts),
        (int(characters[1]), int(characters[2])) if characters else None,
        one.get("attribute", ""),
        one.get("property", ""),
    )


def label_as_written(entries: Mapping[str, Any]) -> str:
    """A label as messages name it."""
    return ", ".join(f"{key}: {', '.join(_scalars(value)) or '?'}" for key, value in entries.items())


def reasons_against(entries: Mapping[str, Any], keys: Sequence[str]) -> Iterator[str]:
    """What is wrong with one label, its places aside. keys: those that are written, in order."""
    known = (*VERDICTS, ONE_OF, *LABEL_KEYS)
    verdicts = [verdict for verdict in (*VERDICTS, ONE_OF) if verdict in entries]
    if len(verdicts) > 1 or (not verdicts and set(keys) <= set(known)):
        yield f"a label has exactly one of {', '.join(VERDICTS)}, or {ONE_OF}"
    for key in sorted(set(keys)):
        if key not in known:
            yield f"unknown key {key!r}{did_you_mean(key, known)}"
        elif keys.count(key) > 1:
            yield f"key {key!r} stands here twice"
    kind = entries.get("as")
    if kind is not None and not isinstance(kind, yaml.ScalarNode):
        yield "`as` needs one kind"
    elif kind is not None and kind.value not in TEXT_KINDS:
        yield f"unknown kind {kind.value!r}{did_you_mean(kind.value, TEXT_KINDS)}; see `harness list kinds`"
    for verdict in verdicts:
        if not _has_texts(entries[verdict]):
            yield f"`{verdict}` needs a place or a list of places"
    if ONE_OF in entries and len(_scalars(entries[ONE_OF])) < 2:
        yield f"`{ONE_OF}` needs a list of two selectors or more"
    if ONE_OF in entries and (narrow := sorted(entries.keys() & {*LABEL_KEYS} - {"as"})):
        yield f"`{ONE_OF}` names elements: it does not go with `{narrow[0]}`"
    yield from _reasons_against_narrowing(entries)


def _reasons_against_narrowing(entries: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the keys that name something in elements."""
    if "text" in entries and not _has_texts(entries["text"]):
        yield "`text` needs a text or a list of texts"
    for key in ("prefix", "suffix", "characters", "attribute", "property"):
        if key in entries and not (isinstance(entries[key], yaml.ScalarNode) and _has_texts(entries[key])):
            yield f"`{key}` needs one value"
            return
    around = [key for key in ("prefix", "suffix") if key in entries]
    if around and not isinstance(entries.get("text"), yaml.ScalarNode):
        yield f"`{around[0]}` goes with one `text`"
    if "characters" in entries and not _CHARACTERS.fullmatch(entries["characters"].value):
        yield f"`characters` are two numbers, as 0:14, not {entries['characters'].value!r}"
    if "characters" in entries and "text" in entries:
        yield "a label has `text` or `characters`, not both"
    if "attribute" in entries and "property" in entries:
        yield "a label has `attribute` or `property`, not both"
    attribute = entries["attribute"].value if "attribute" in entries else ATTRIBUTES[0]
    if attribute not in ATTRIBUTES:
        yield f"attribute {attribute!r} is not read; known: {', '.join(ATTRIBUTES)}"


def _has_texts(node: Any) -> bool:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return bool(items) and all(isinstance(item, yaml.ScalarNode) and str(item.value).strip() for item in items)


def _scalars(node: Any) -> list[str]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return [str(item.value).strip() for item in items if isinstance(item, yaml.ScalarNode)]
