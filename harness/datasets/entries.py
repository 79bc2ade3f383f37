"""Names become entries: those of golden files and sets, and those of public datasets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from harness.common.extensions import error_line, prints_to_stderr
from harness.common.wording import did_you_mean
from harness.datasets import DATASET_FORMATS, DatasetError, DatasetFormat, Entry
from harness.datasets.catalogue import CATALOGUE, dataset_path, known_datasets
from harness.datasets.kept import kept_entries
from harness.datasets.suspected import flagged, suspects_of, with_suspicion
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps, Mistake, PageNotFound
from harness.goldens.sets import GoldenFile, UnknownGoldens, find_goldens, load_goldens
from harness.goldens.vocabulary import PAGE_KINDS
from harness.pages.limits import Unreadable
from harness.pages.page import Page


@dataclass(frozen=True)
class Found:
    """The goldens that names select."""

    entries: list[Entry] = field(default_factory=list)
    """Sorted by id."""
    skipped: list[PageNotFound] = field(default_factory=list)
    """Goldens whose page is not here."""
    mistakes: list[Mistake] = field(default_factory=list)
    """What is broken."""
    metrics: tuple[str, ...] = ()
    """The groups of metrics that the datasets define."""
    unranked: frozenset[str] = frozenset()
    """Sets whose main content is the output of a tool."""


def are_parted(names: Sequence[str]) -> bool:
    """Whether a part of what names select can be found without a list of all."""
    datasets = [dataset_of(name) for name in names]
    return bool(datasets) and all(
        found and found[0].part and DATASET_FORMATS.is_built_in(found[0].name) for found in datasets
    )


def find_entries(
    names: Sequence[str], dumps: Dumps, enough: int | None = None, part: tuple[int, int] | None = None
) -> Found:
    """The entries that names select: those of `find_goldens`, and `FORMAT:PATH` for a public dataset.

    enough: how many, by id, are needed; of a dataset, others may be left out. part: the I-th of N parts only, of names that
    `are_parted`.

    Raises UnknownGoldens with every name that selects nothing, DatasetError for a dataset that cannot be read.
    """
    datasets = {name: parts for name in names if (parts := dataset_of(name))}
    others = [name for name in names if name not in datasets]
    unknown = [
        f"{name!r}: no such file or folder"
        for name, (known, path) in datasets.items()
        if not (path.exists() or known.finds_files)
    ]
    found = Found()
    if others or not names:
        try:
            files = find_goldens(others)
            loaded = load_goldens(files, dumps)
        except UnknownGoldens as error:
            unknown = [*error.reasons, *unknown]
        else:
            entries = _entries_of(files, loaded.goldens)
            found = Found(entries, loaded.skipped, loaded.mistakes)
    if unknown:
        formats = [
            f"{name!r}: no such format of datasets{did_you_mean(name.partition(':')[0], DATASET_FORMATS)}"
            for name in others
            if ":" in name
        ]
        here = {item.known.name: item for item in known_datasets()}
        absent = [f"{name} is a known dataset but not installed: {here[name].how}" for name in others if name in here]
        raise UnknownGoldens([*unknown, *formats, *absent])
    seen = {entry.id for entry in found.entries}
    metrics: list[str] = []
    unranked: set[str] = set()
    for dataset_format, path in datasets.values():
        metrics += dataset_format.metrics
        with prints_to_stderr():
            if part and dataset_format.part:
                entries = list(dataset_format.part(path, *part))
            else:
                entries = list(_first(dataset_format, path, enough) if enough else entries_of(dataset_format, path))
        suspects = suspects_of(dataset_format.name, path)
        for entry in entries:
            if entry.id in seen:
                found.mistakes.append(Mistake(path, 0, "", f"duplicate id {entry.id}"))
                continue
            seen.add(entry.id)
            found.entries.append(with_suspicion(entry, suspects))
            if "extractor-generated" in entry.flags:
                unranked.add(entry.id.rpartition("/")[0])
    found.entries.sort(key=lambda entry: entry.id)
    return Found(found.entries, found.skipped, found.mistakes, tuple(dict.fromkeys(metrics)), frozenset(unranked))


def dataset_of(name: str) -> tuple[DatasetFormat, Path] | None:
    """The format and the path that `FORMAT:PATH` names, or a known dataset that is here; None for any other name."""
    if here := dataset_path(name):
        return DATASET_FORMATS[CATALOGUE[name].format], here
    dataset_format, colon, path = name.partition(":")
    return (DATASET_FORMATS[dataset_format], Path(path)) if colon and dataset_format in DATASET_FORMATS else None


def _first(dataset_format: DatasetFormat, path: Path, number: int) -> Iterator[Entry]:
    """The first entries of a dataset by id, or all of one of a format from outside, which may have them in another order."""
    if DATASET_FORMATS.is_built_in(dataset_format.name):
        return islice(dataset_format.entries(path), number)
    return entries_of(dataset_format, path)


def entries_of(dataset_format: DatasetFormat, path: Path) -> Iterator[Entry]:
    """The entries of a dataset. Raises DatasetError, whatever the format raises."""
    if DATASET_FORMATS.is_built_in(dataset_format.name):
        yield from kept_entries(dataset_format, path)
        return
    failed = f"{path}: the format {dataset_format.name} ({DATASET_FORMATS.origin(dataset_format.name)}) failed"
    try:
        for entry in dataset_format.entries(path):
            if not isinstance(entry, Entry):
                raise TypeError(f"it gave an object of type {type(entry).__name__} where an Entry was expected")
            if not isinstance(entry.id, str) or not entry.id.isprintable() or entry.kind not in PAGE_KINDS:
                raise ValueError(f"the entry {entry.id!r} of kind {entry.kind!r} has no such id or kind as goldens have")
            yield replace(entry, load=partial(_loaded, entry, failed))
    except DatasetError:
        raise
    except (Exception, SystemExit) as error:
        raise DatasetError(f"{failed}: {error_line(error)}") from error


def _loaded(entry: Entry, failed: str) -> Golden:
    try:
        golden = entry.load()
        if not isinstance(golden, Golden) or not isinstance(golden.page, Page) or golden.id != entry.id:
            raise TypeError(f"it gave {golden!r:.100} where the golden {entry.id} was expected")
        return golden
    except DatasetError:
        raise
    except (Exception, SystemExit) as error:
        raise DatasetError(f"{failed} on {entry.id}: {error_line(error)}") from error


def load_each(entries: Iterable[Entry], broken: Callable[[Mistake], None]) -> Iterator[Golden]:
    """The goldens of entries, one in memory at a time; `broken` gets the mistake of each that cannot be read."""
    for entry in entries:
        try:
            with prints_to_stderr():
                golden = entry.load()
            yield golden
        except (DatasetError, Unreadable) as error:
            broken(Mistake(Path(entry.id), 0, "", str(error)))


def _entries_of(files: Sequence[GoldenFile], goldens: Sequence[Golden]) -> list[Entry]:
    """The entries of goldens that had to be read to be validated. Hand-labelled sets are small enough to be kept."""
    folders = {file.id: file.path.parent for file in files}
    suspects = {folder: suspects_of("", folder) for folder in dict.fromkeys(folders.values())}
    checksums = (suspects[folders[golden.id]].get(golden.id.rpartition("/")[2], ()) for golden in goldens)
    return [_entry_of(flagged(golden, sums)) for golden, sums in zip(goldens, checksums)]


def _entry_of(golden: Golden) -> Entry:
    return Entry(golden.id, golden.kind, golden.lang, golden.site, golden.flags, partial(_itself, golden))


def _itself(golden: Golden) -> Golden:
    return golden
