"""The goldens of a run: found by name, chosen, read once for what the header says of them."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator
from dataclasses import replace

from harness.common import extensions
from harness.common.errors import CannotTell
from harness.datasets import Entry
from harness.datasets.choice import find_entries, load_each
from harness.goldens.golden import Golden
from harness.goldens.reader import Mistake, PageNotFound
from harness.goldens.sets import dumps_from
from harness.runs.header import GoldenFacts
from harness.runs.request import RunRequest


class RunGoldens:
    """The goldens of a run, which are loaded each time that they are iterated over."""

    def __init__(self, request: RunRequest) -> None:
        """Find them, choose among them and read each once. Raises UnknownGoldens and DatasetError."""
        found = find_entries(request.goldens, dumps_from(request.dumps))
        self._found = found
        self.skipped: list[PageNotFound] = found.skipped
        """Those whose page is not here."""
        self.mistakes: list[Mistake] = list(found.mistakes)
        """What is wrong with those that cannot be read."""
        self.unranked = found.unranked
        """Sets whose main content is the output of an extractor."""
        self.groups = found.metrics
        """Groups of metrics that the datasets define."""
        chosen = request.choice.of(found.entries)
        self._ruled_out = "" if chosen else shlex.join(request.choice_words())
        self.facts = {golden.id: facts_of(golden) for golden in load_each(chosen, self.mistakes.append)}
        """What the header says of each golden that can be read."""
        self.entries: list[Entry] = [entry for entry in chosen if entry.id in self.facts]
        """Those that can be read, in the order of their ids."""

    def __iter__(self) -> Iterator[Golden]:
        return load_each(self.entries, _raise)

    def require_pages(self) -> None:
        """Raise CannotTell if there is no page to run on."""
        if self.facts:
            return
        if self._ruled_out:
            raise CannotTell(f"no page to run on: none of {len(self._found.entries)} goldens fits {self._ruled_out}")
        raise CannotTell("no page to run on; see `harness check`")


def facts_of(golden: Golden) -> GoldenFacts:
    """What a run's header says of a golden as it is now."""
    return GoldenFacts(golden.page.sha256, labels_hash(golden), (*golden.flags, *golden.page.flags), facts_hash(golden))


def facts_hash(golden: Golden) -> str:
    """A hash of the facts that a golden states, wherever they are written; empty where it states none of its own."""
    written = [repr(replace(fact, place="")) for fact in golden.own_facts]
    return hashlib.sha256(json.dumps(written).encode("ascii")).hexdigest() if written else ""


def labels_hash(golden: Golden) -> str:
    """A hash of what a golden says of its page but for its own facts: scores and outputs depend on it as they do on the
    page's bytes."""
    labelled = golden.labelled and [[part.text, part.verdict, part.kind, part.line] for part in golden.labelled]
    snippets = golden.snippets and [golden.snippets.required, golden.snippets.forbidden]
    about = [golden.kind, golden.site, golden.page.media, golden.page.url, golden.page.lang]
    notations = [repr(part.notation) for part in golden.labelled or () if part.notation]
    rare = [*sorted(golden.published.items()), *filter(None, [golden.page.charset]), *notations]
    known = [about, labelled, golden.text, golden.markdown, snippets, *rare]
    return hashlib.sha256(json.dumps(known).encode("ascii")).hexdigest()


def golden_of(request: RunRequest, golden_id: str) -> Golden:
    """The golden with this id, of those that a request names. Raises CannotTell, UnknownGoldens and DatasetError."""
    extensions.use_plugin_files(path for path in request.plugins if path.exists())
    names = request.goldens or (golden_id,)
    found = find_entries(names, dumps_from(request.dumps))
    for entry in found.entries:
        if golden_id == entry.id or not request.goldens:
            return entry.load()
    if found.mistakes:
        raise CannotTell("\n".join(map(str, found.mistakes)))
    if found.skipped:
        raise CannotTell(f"{found.skipped[0]}: supply it with --dumps DIR")
    raise CannotTell(f"golden {golden_id!r} is not in {', '.join(names)} any more")


def _raise(mistake: Mistake) -> None:
    raise CannotTell(f"{mistake}; what was measured is kept: harness run --resume")
