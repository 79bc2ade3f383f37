"""The goldens of a run: found by name, chosen, read once for what the header says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from harness.common import extensions
from harness.common.errors import CannotTell
from harness.common.options import asked_for
from harness.common.wording import command_line, plural
from harness.datasets import Entry
from harness.datasets.entries import are_parted, find_entries, load_each
from harness.engine.cache import OutputCache
from harness.evaluation.digests import Digest, KeptDigests, digest_of
from harness.goldens.golden import Golden
from harness.goldens.policy import Policy, golden_under, read_policy
from harness.goldens.reader import Mistake, PageNotFound
from harness.goldens.sets import dumps_from
from harness.runs.request import RunRequest


class RunGoldens:
    """The goldens of a run, which are loaded each time that they are iterated over."""

    def __init__(self, request: RunRequest, cache: OutputCache | None = None) -> None:
        """Find them, choose among them and read each once, but for those of which the cache has a digest.

        Raises UnknownGoldens and DatasetError.
        """
        self.names = request.goldens
        """What was asked for."""
        choice = request.choice
        part = choice.part if are_parted(request.goldens) else None
        found = find_entries(request.goldens, dumps_from(request.dumps), choice.enough, part)
        self._found = found
        self.skipped: list[PageNotFound] = found.skipped
        """Those whose page is not here."""
        self.mistakes: list[Mistake] = list(found.mistakes)
        """What is wrong with those that cannot be read."""
        self.unranked = found.unranked
        """Sets whose main content is the output of an extractor."""
        self.groups = found.metrics
        """Groups of metrics that the datasets define."""
        self.policy = read_policy(request.policy) if request.policy else None
        """What they are read under."""
        chosen = under_policy((replace(choice, shard=None) if part else choice).of(found.entries), self.policy)
        self._ruled_out = "" if chosen else asked_for(choice)
        self.digests = {digest.golden: digest for digest in self._digests(chosen, cache)}
        """The digest of each golden that can be read."""
        self.facts = {golden_id: digest.facts for golden_id, digest in self.digests.items()}
        """What the header says of each golden that can be read."""
        self.entries: list[Entry] = [entry for entry in chosen if entry.id in self.facts]
        """Those that can be read, in the order of their ids."""

    def _digests(self, chosen: Iterable[Entry], cache: OutputCache | None) -> Iterator[Digest]:
        def read(entry: Entry) -> Iterator[Golden]:
            return load_each([entry], self.mistakes.append)

        kept = KeptDigests(cache) if cache else None
        for entry in chosen:
            yield from kept.digests(entry, read) if kept else map(digest_of, read(entry))

    def __iter__(self) -> Iterator[Golden]:
        return map(load, self.entries)

    def require_pages(self) -> None:
        """Raise CannotTell if there is no page to run on."""
        if self.facts:
            return
        if self._ruled_out:
            number = plural(len(self._found.entries), "golden")
            raise CannotTell(f"no page to run on: of {number}, none fits {self._ruled_out}")
        raise CannotTell(f"no page to run on; see `{command_line('check', *self.names)}`")


def under_policy(entries: Sequence[Entry], policy: Policy | None) -> list[Entry]:
    """Entries whose goldens have the verdicts of a policy; without one as they are."""
    if policy is None:
        return list(entries)
    return [replace(entry, load=partial(_load_under, policy, entry)) for entry in entries]


def _load_under(policy: Policy, entry: Entry) -> Golden:
    return golden_under(policy, entry.load())


def golden_of(request: RunRequest, golden_id: str, policy: Policy | None = None) -> Golden:
    """The golden with this id, of those that a request names, under a policy. Raises CannotTell, UnknownGoldens and
    DatasetError."""
    extensions.use_plugin_files(path for path in request.plugins if path.exists())
    names = request.goldens or (golden_id,)
    found = find_entries(names, dumps_from(request.dumps))
    for entry in under_policy(found.entries, policy):
        if golden_id == entry.id or not request.goldens:
            return entry.load()
    if found.mistakes:
        raise CannotTell("\n".join(map(str, found.mistakes)))
    if found.skipped:
        raise CannotTell(f"{found.skipped[0]}: supply it with --dumps DIR")
    raise CannotTell(f"golden {golden_id!r} is not in {', '.join(names)} any more")


def load(entry: Entry) -> Golden:
    """The golden of an entry that could be read before. Raises CannotTell if that has changed."""
    (golden,) = load_each([entry], _raise)
    return golden


def _raise(mistake: Mistake) -> None:
    raise CannotTell(f"{mistake}; what was measured is kept; `harness run --resume` goes on")
