"""What a search looked at and all that it found: a file for each extractor, beside its findings (docs/fuzzing.md).

Whoever judges findings, such as the gate, can tell from it whether the search was the one that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

import yaml

from harness.common.files import write_whole
from harness.common.places import FINDINGS, in_project
from harness.common.typed import NumberFrom0, Share, typed
from harness.fuzz.findings.finding import Finding, FindingError, folder_name, read_yaml
from harness.fuzz.measure.relations import KINDS, Level

SEARCH_FILE_FORMAT = 1

_SUFFIX = ".search.yaml"
_ID = re.compile(r"[\w.@+-]+/[\w.@+-]+")


@dataclass(frozen=True)
class FindingSummary:
    """A finding as its search tells it."""

    id: str
    """`EXTRACTOR/KIND_ID`."""

    kind: str
    """The kind of failure."""

    level: str
    """How much it matters: see measure.relations.Level."""

    severity: Share
    """How bad it is, 0…1."""

    operators: str
    """What was done to the page, as Python; `[]` for a page as it is."""

    kept: bool
    """Whether its page is among the findings, where it can be seen again."""


@dataclass(frozen=True)
class SearchRecord:
    """One search of one extractor."""

    extractor: str
    """The extractor's name."""

    identity: str
    """A hash of the extractor, as runs store it."""

    harness: str
    """The version of the harness."""

    definitions: Mapping[str, int]
    """The versions of the definitions, as runs store them."""

    goldens: str
    """A hash of the goldens: see harness.goldens.hashes."""

    seed: int
    """As it was given."""

    examples: int
    """As it was given."""

    operators: tuple[str, ...]
    """Codes of the operators that it was restricted to; empty for all."""

    seconds: NumberFrom0 | None
    """After how many seconds it ended looking, None if nothing stopped it."""

    timeout: NumberFrom0
    """Seconds for one page."""

    found: tuple[FindingSummary, ...]
    """All findings, new or not, by id."""


def summary_of(finding: Finding, kept: bool) -> FindingSummary:
    """What a search tells of a finding."""
    return FindingSummary(finding.id, finding.kind, finding.level, finding.severity, finding.python, kept)


def write_search(search: SearchRecord, folder: Path | None = None) -> None:
    """Write a search in place of the extractor's last one. Raises OSError."""
    values = {"search": SEARCH_FILE_FORMAT, **asdict(search), "operators": list(search.operators)}
    values["found"] = list(map(asdict, search.found))
    path = search_path(search.extractor, folder)
    write_whole(path, yaml.safe_dump(values, sort_keys=False, width=120).encode("ascii"))


def read_search(extractor: str, folder: Path | None = None) -> SearchRecord | None:
    """The last search of an extractor; None if there was none. Raises FindingError for a file that is none, OSError."""
    path = search_path(extractor, folder)
    if not path.exists():
        return None
    search = _read_file(path)
    return search if search.extractor == extractor else None  # two names can make one file's


def read_searches(folder: Path | None = None) -> list[SearchRecord]:
    """The last search of every extractor. Raises FindingError, OSError."""
    return [_read_file(path) for path in sorted((folder or in_project(FINDINGS)).glob(f"*{_SUFFIX}"))]


def search_path(extractor: str, folder: Path | None = None) -> Path:
    """The file of an extractor's last search."""
    return (folder or in_project(FINDINGS)) / f"{folder_name(extractor)}{_SUFFIX}"


def _read_file(path: Path) -> SearchRecord:
    values = read_yaml(path, "search again")
    if not isinstance(values, dict) or "search" not in values:
        raise FindingError(f"{path}: not the record of a search; search again")
    if values["search"] != SEARCH_FILE_FORMAT:
        raise FindingError(
            f"{path}: written in format {values['search']!r}, and this harness reads {SEARCH_FILE_FORMAT}; search again"
        )
    try:
        search = typed(SearchRecord, values)
    except ValueError as error:
        raise FindingError(f"{path}: damaged: {error}; search again") from None
    for row in search.found:
        if not _ID.fullmatch(row.id) or row.kind not in KINDS or row.level not in get_args(Level):
            raise FindingError(f"{path}: damaged: no finding is {row.id!r}, {row.kind!r}, {row.level!r}; search again")
    return search
