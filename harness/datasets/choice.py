"""The choice among goldens that options make."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from harness.common.options import integer, one_of, option, part_of_whole, positive_integer
from harness.datasets import DatasetError, Entry
from harness.goldens.vocabulary import FLAGS, PAGE_KINDS, SUSPECT
from harness.pages.flags import PAGE_FLAGS


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
        help="leave out pages with this known defect (`harness list flags`)",
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
    """`I/N`: every N-th golden, from the I-th on, or as a format of datasets parts them; None for all."""

    def fits(self, kind: str, lang: str, site: str, flags: Collection[str]) -> bool:
        """Whether a golden has one of these kinds, languages and sites and none of the flags. `en` includes `en-GB`."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.langs or any(lang == name or lang.startswith(f"{name}-") for name in self.langs))
            and (not self.sites or site in self.sites)
            and not any(flag in self.without_flags for flag in flags)
        )

    @property
    def filters(self) -> bool:
        """Whether it asks for a kind, a language or a site, or for pages without a defect."""
        return bool(self.kinds or self.langs or self.sites or self.without_flags)

    @property
    def enough(self) -> int | None:
        """How many entries, by id, are enough to choose from; None where it takes all."""
        return None if self.filters or self.sample is not None else self.limit

    @property
    def part(self) -> tuple[int, int] | None:
        """The shard as two numbers, where it need not be known which entries there are to choose it; else None."""
        if self.shard is None or self.sample is not None or self.limit is not None:
            return None
        number, shards = map(int, self.shard.split("/"))
        return number, shards

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that are chosen, in their order."""
        chosen = [entry for entry in entries if self.fits(entry.kind, entry.lang, entry.site, entry.flags)]
        if unwanted := set(PAGE_FLAGS) & set(self.without_flags):
            chosen = [entry for entry in chosen if not unwanted & _page_flags(entry)]
        if SUSPECT in self.without_flags:
            chosen = [entry for entry in chosen if not (entry.may_be_suspect and SUSPECT in _flags(entry))]
        if self.sample is not None:
            chosen = _sample(chosen, self.sample, self.seed)
        chosen = chosen[: self.limit]
        if self.shard is not None:
            number, shards = map(int, self.shard.split("/"))
            chosen = chosen[number - 1 :: shards]
        return chosen


def _page_flags(entry: Entry) -> frozenset[str]:
    """What the bytes of an entry's page tell; nothing of one that cannot be read, which is reported when it is run."""
    try:
        return frozenset(entry.load().page.flags)
    except DatasetError:
        return frozenset()


def _flags(entry: Entry) -> tuple[str, ...]:
    """The flags of an entry's golden; none of one that cannot be read."""
    try:
        return entry.load().flags
    except DatasetError:
        return ()


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
