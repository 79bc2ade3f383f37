"""Goldens that are probably wrong, as lists that `harness audit` writes: they get the flag `suspect`.

The harness has lists of public datasets. Other sets have one of their own, in the file `suspects.json` of their folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.common.files import content_of
from harness.common.typed import Count, Share, plain_json, typed
from harness.datasets.base import DatasetError, Entry
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import SUSPECT

SUSPECTS_FILE = "suspects.json"
"""The file of a folder of goldens, or of a dataset, that has its list."""
SUSPECTS_FILE_FORMAT = 1

Checksums = tuple[tuple[str, str], ...]
"""Of a page's bytes and of its main content."""


@dataclass(frozen=True)
class Suspect:
    """A golden that is probably wrong. It is suspected as long as its page and its main content are these."""

    name: str
    """Its id without that of the set, such as `4677`."""
    page: str
    """SHA-256 of the page's bytes."""
    main: str
    """SHA-256 of the main content as text, in UTF-8."""
    reason: str
    """A key of harness.analysis.audit.REASONS."""
    effect: Share
    """How much the mean F of extractors would rise if the golden said what they agree on."""
    words: Count
    """Words of the text in question."""


@dataclass(frozen=True)
class SuspectList:
    """What an audit of a set found."""

    pages: Count
    """Goldens that were looked at."""
    voters: tuple[str, ...]
    """The extractors whose outputs were known, `NAME VERSION`."""
    goldens: tuple[Suspect, ...]
    """Those that are probably wrong, by name."""


def main_checksum(golden: Golden) -> str:
    """The checksum of a golden's main content, as lists have it."""
    return hashlib.sha256(golden.main_content.encode("utf-8", "surrogatepass")).hexdigest()


def suspects_object(found: SuspectList) -> dict[str, Any]:
    """A list as JSON has it."""
    rows = [{**vars(one), "effect": round(one.effect, 3)} for one in sorted(found.goldens, key=lambda one: one.name)]
    return {"suspects": SUSPECTS_FILE_FORMAT, "pages": found.pages, "voters": list(found.voters), "goldens": rows}


def read_suspects(raw: bytes, where: str) -> SuspectList:
    """A list. Raises DatasetError."""
    try:
        value = plain_json(raw)
        if not isinstance(value, dict) or value.pop("suspects", None) != SUSPECTS_FILE_FORMAT:
            raise ValueError(f"not a list of suspects in format {SUSPECTS_FILE_FORMAT}")
        return typed(SuspectList, value)
    except ValueError as error:
        raise DatasetError(f"{where}: {error}; write it again: harness audit SET --format suspects -o {where}") from None


def suspects_of(dataset_format: str, path: Path) -> Mapping[str, Checksums]:
    """What is suspected in a dataset or a folder of goldens, by name: the checksums of its page and its main content.

    dataset_format: its format, which has lists in the harness; empty for golden files. Raises DatasetError.
    """
    suspects = [*shipped(dataset_format)] if dataset_format else []
    own = path / SUSPECTS_FILE
    if own.is_file():
        suspects += read_suspects(content_of(own), str(own)).goldens
    found: dict[str, Checksums] = {}
    for one in suspects:
        found[one.name] = (*found.get(one.name, ()), (one.page, one.main))
    return found


def with_suspicion(entry: Entry, suspects: Mapping[str, Checksums]) -> Entry:
    """The entry, whose golden has the flag `suspect` if it is one of these."""
    checksums = suspects.get(entry.id.rpartition("/")[2])
    if checksums is None:
        return entry
    return replace(entry, load=partial(_loaded, entry.load, checksums), may_be_suspect=True)


def flagged(golden: Golden, checksums: Checksums) -> Golden:
    """The golden, with the flag `suspect` if it has such checksums."""
    mains = {main for page, main in checksums if page == golden.page.sha256}
    if not mains or main_checksum(golden) not in mains:
        return golden
    return replace(golden, flags=(*golden.flags, SUSPECT))


def _loaded(load: Callable[[], Golden], checksums: Checksums) -> Golden:
    return flagged(load(), checksums)


@cache
def shipped(dataset_format: str) -> tuple[Suspect, ...]:
    """All that the lists of the harness have of datasets of a format; they are named `FORMAT.json` or `FORMAT-PART.json`."""
    folder = files("harness.datasets") / "suspects"
    lists = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    mine = [file for file in lists if f"{file.name.removesuffix('.json')}-".startswith(f"{dataset_format}-")]
    return tuple(one for file in mine for one in read_suspects(file.read_bytes(), file.name).goldens)
