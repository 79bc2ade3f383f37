"""Which goldens a command is about: names become entries, and options choose among them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from harness.common.extensions import error_line, prints_to_stderr
from harness.common.options import integer, one_of, option, part_of_whole, positive_integer
from harness.common.wording import did_you_mean
from harness.datasets import DATASET_FORMATS, DatasetError, DatasetFormat, Entry
from harness.datasets.catalogue import CATALOGUE, dataset_path, known_datasets
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps, Mistake, PageNotFound
from harness.goldens.sets import UnknownGoldens, find_goldens, load_goldens
from harness.goldens.vocabulary import FLAGS, PAGE_KINDS
from harness.pages.limits import Unreadable
from harness.pages.page import PAGE_FLAGS, Page


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


@dataclass(frozen=True)
class Choice:
    """Which entries to take, in this order: of these kinds, languages and sites, without these flags; then a sample of so
    many, stratified by kind, that the seed determines; then the first so many; then the part `I/N` of them.
    """

    kinds: tuple[str, ...] = option(
        "--kind", help="only pages of this kind of page", check=one_of("kind of page", PAGE_KINDS)
    )
    """Kinds of page; none for all."""
    langs: tuple[str, ...] = option("--lang", help="only pages of this language")
    """Language tags; `en` includes `en-GB`. None for all."""
    sites: tuple[str, ...] = option("--site", help="only pages of this site")
    """Sites, as goldens name them; none for all."""
    without_flags: tuple[str, ...] = option(
        "--without-flag",
        help="leave out pages with this known defect (harness list flags)",
        metavar="FLAG",
        check=one_of("flag", FLAGS),
    )
    """Known defects: goldens with any of them are left out."""
    sample: int | None = option(
        "--sample",
        help="a sample of N goldens, stratified by kind of page (see --seed)",
        default=None,
        parse=positive_integer,
        metavar="N",
    )
    """How many goldens a sample has; None for no sampling."""
    seed: int = option("--seed", help="which ones --sample takes (default: 0)", default=0, parse=integer, metavar="S")
    """Determines which goldens the sample has."""
    limit: int | None = option(
        "--limit", help="only the first N goldens, by id", default=None, parse=positive_integer, metavar="N"
    )
    """How many goldens are taken at most, in the order of their ids; None for all."""
    shard: str | None = option(
        "--shard", help="only the I-th of N parts of the goldens", default=None, parse=part_of_whole, metavar="I/N"
    )
    """`I/N`: every N-th golden, from the I-th on; None for all."""

    def fits(self, kind: str, lang: str, site: str, flags: Collection[str]) -> bool:
        """Whether a golden has one of these kinds, languages and sites and none of the flags. `en` includes `en-GB`."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.langs or any(lang == name or lang.startswith(f"{name}-") for name in self.langs))
            and (not self.sites or site in self.sites)
            and not any(flag in self.without_flags for flag in flags)
        )

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that are chosen, in their order."""
        chosen = [entry for entry in entries if self.fits(entry.kind, entry.lang, entry.site, entry.flags)]
        if unwanted := PAGE_FLAGS & set(self.without_flags):
            chosen = [entry for entry in chosen if not unwanted & _page_flags(entry)]
        if self.sample is not None:
            chosen = _sample(chosen, self.sample, self.seed)
        chosen = chosen[: self.limit]
        if self.shard is not None:
            number, shards = map(int, self.shard.split("/"))
            chosen = chosen[number - 1 :: shards]
        return chosen


def find_entries(names: Sequence[str], dumps: Dumps) -> Found:
    """The entries that names select: those of `find_goldens`, and `FORMAT:PATH` for a public dataset.

    Raises UnknownGoldens with every name that selects nothing, DatasetError for a dataset that cannot be read.
    """
    datasets = {name: parts for name in names if (parts := dataset_of(name))}
    others = [name for name in names if name not in datasets]
    unknown = [f"{name!r}: no such file or folder" for name, (_, path) in datasets.items() if not path.exists()]
    found = Found()
    if others or not names:
        try:
            loaded = load_goldens(find_goldens(others), dumps)
        except UnknownGoldens as error:
            unknown = [*error.reasons, *unknown]
        else:
            found = Found([_entry_of(golden) for golden in loaded.goldens], loaded.skipped, loaded.mistakes)
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
            entries = list(entries_of(dataset_format, path))
        for entry in entries:
            if entry.id in seen:
                found.mistakes.append(Mistake(path, 0, "", f"duplicate id {entry.id}"))
                continue
            seen.add(entry.id)
            found.entries.append(entry)
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


def entries_of(dataset_format: DatasetFormat, path: Path) -> Iterator[Entry]:
    """The entries of a dataset. Raises DatasetError, whatever the format raises."""
    if DATASET_FORMATS.is_built_in(dataset_format.name):
        yield from dataset_format.entries(path)
        return
    failed = f"{path}: the format {dataset_format.name} ({DATASET_FORMATS.origin(dataset_format.name)}) failed"
    try:
        for entry in dataset_format.entries(path):
            if not isinstance(entry, Entry):
                raise TypeError(f"it gave a {type(entry).__name__} where an Entry was expected")
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


def _page_flags(entry: Entry) -> frozenset[str]:
    """What the bytes of an entry's page tell; nothing of one that cannot be read, which is reported when it is run."""
    try:
        return frozenset(entry.load().page.flags)
    except DatasetError:
        return frozenset()


def _entry_of(golden: Golden) -> Entry:
    """The entry of a golden that had to be read to be validated. Hand-labelled sets are small enough to be kept."""
    return Entry(golden.id, golden.kind, golden.lang, golden.site, golden.flags, partial(_itself, golden))


def _itself(golden: Golden) -> Golden:
    return golden


def _sample(entries: Sequence[Entry], size: int, seed: int) -> list[Entry]:
    """So many entries, of each kind as near to its share as whole numbers allow (largest remainders), in their order.

    Which ones, a hash of the seed and the id decides: it is the same on every machine and for ever.
    """
    if size >= len(entries):
        return list(entries)
    kinds = Counter(entry.kind for entry in entries)
    shares = {kind: size * count / len(entries) for kind, count in kinds.items()}
    numbers = {kind: int(share) for kind, share in shares.items()}
    by_remainder = sorted(kinds, key=lambda kind: (numbers[kind] - shares[kind], kind))
    for kind in by_remainder[: size - sum(numbers.values())]:
        numbers[kind] += 1
    chosen: set[str] = set()
    for entry in sorted(entries, key=lambda entry: hashlib.sha256(f"{seed} {entry.id}".encode()).digest()):
        if numbers[entry.kind]:
            numbers[entry.kind] -= 1
            chosen.add(entry.id)
    return [entry for entry in entries if entry.id in chosen]
