"""Who labelled a page, when, in how much time, and whether they saw what extractors return: `labelled:` of a golden file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from harness.common.wording import did_you_mean

_KEYS = ("labeller", "date", "seconds", "blind", "from")


@dataclass(frozen=True)
class Labelling:
    """How the labels of a page came to be."""

    labeller: str
    """Who labelled the page; of a golden made from several people's labels, who decided what they disputed."""
    date: date
    """The day on which the labels were confirmed."""
    seconds: int | None = None
    """How long the labeller worked on the page, in whole seconds; None where nobody has measured it."""
    blind: bool | None = None
    """Whether the labeller saw no output of an extractor; None where that is not known."""
    sources: tuple[str, ...] = ()
    """The labellers whose labels it was made from (`from` in the file), if it was made from several people's."""

    def __str__(self) -> str:
        values: dict[str, Any] = {"labeller": self.labeller, "date": self.date}
        values |= {} if self.seconds is None else {"seconds": self.seconds}
        values |= {} if self.blind is None else {"blind": self.blind}
        values |= {"from": list(self.sources)} if self.sources else {}
        return yaml.safe_dump(values, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1_000_000).strip()


def labelling_of_entries(entries: Mapping[str, Any]) -> Labelling:
    """What a mapping of YAML nodes says, in which nothing is wrong."""
    seconds = int(entries["seconds"].value) if "seconds" in entries else None
    blind = entries["blind"].value == "true" if "blind" in entries else None
    sources = tuple(str(item.value) for item in entries["from"].value) if "from" in entries else ()
    return Labelling(entries["labeller"].value, date.fromisoformat(entries["date"].value), seconds, blind, sources)


def reasons_against_labelling(entries: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with `labelled`."""
    for key in sorted(entries.keys() - set(_KEYS)):
        yield f"unknown key {key!r}{did_you_mean(key, _KEYS)}"
    for key in ("labeller", "date"):
        if key not in entries:
            yield f"key {key!r} is missing"
    for key in (key for key in _KEYS if key in entries):
        node = entries[key]
        value = str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
        if key == "from":
            names = node.value if isinstance(node, yaml.SequenceNode) else ()
            if len(names) < 2 or not all(isinstance(name, yaml.ScalarNode) and str(name.value).strip() for name in names):
                yield "`from` needs a list of two labellers or more"
        elif not value:
            yield f"`{key}` needs one value"
        elif key == "date" and not _is_date(value):
            yield f"`date` is a day such as 2026-11-30, not {value!r}"
        elif key == "seconds" and not (value.isdecimal() and value.isascii() and len(value) < 8):
            yield f"`seconds` needs a whole number from 0 on, not {value!r}"
        elif key == "blind" and value not in ("true", "false"):
            yield f"`blind` is true or false, not {value!r}"


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
