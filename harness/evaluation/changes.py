"""What of a run has changed since: its extractors and its goldens, as far as that is known without building or running
anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from harness.common import extensions
from harness.engine.cache import KEPT, OutputCache, Seen
from harness.evaluation.digests import Digest
from harness.evaluation.extractors import make_ready, select
from harness.evaluation.goldens import RunGoldens
from harness.goldens.policy import built_in_policies
from harness.plugins.ready import code_of, fits_here, tree_version
from harness.plugins.registry import Selection
from harness.plugins.runnable import Runnable
from harness.runs.header import GoldenFacts
from harness.runs.record import Run


@dataclass(frozen=True)
class Change:
    """Something is no longer what it was in a run."""

    message: str
    """What, in a sentence without a full stop."""
    goldens: tuple[str, ...] = ()
    """The goldens that it is about."""


def changes_since(run: Run, names: Collection[str]) -> Iterator[Change]:
    """What has changed since a run, of these extractors of it and of its goldens.

    Of an extractor that needs Node or an environment of its own, only its code is compared, and the tree that stands in for
    its package; of others also what they run with, and the modules that they import undeclared, where the cache knows those.
    Outputs that were made elsewhere, and goldens that are read from an address, are taken as they are.

    Raises HarnessError and OSError where what was asked for is not here, or can no longer be loaded.
    """
    if run.header.request.predictions:
        return
    known = [name for name, facts in run.header.extractors.items() if name in names and facts.code]
    if not known:
        return
    extensions.use_plugin_files(run.header.request.plugins)
    with closing(OutputCache(lambda message: None)) as cache:
        goldens = _goldens(run, cache)
        yield from _of_extractors(run, known, goldens, cache)
        yield from _of_goldens(run, goldens)


def _goldens(run: Run, cache: OutputCache) -> dict[str, Digest] | None:
    """The goldens that the request of a run names now; None where they are read from an address, or under a policy of which
    the file is gone: the run still knows it."""
    request = run.header.request
    lacks_policy = request.policy and request.policy not in built_in_policies() and not Path(request.policy).is_file()
    if lacks_policy or any("://" in name for name in request.goldens):
        return None
    return RunGoldens(replace(request, choice=replace(request.choice, shard=None)), cache).digests


def _of_extractors(
    run: Run, names: Collection[str], goldens: Mapping[str, Digest] | None, cache: OutputCache
) -> Iterator[Change]:
    request = run.header.request
    selections = [one for one in select(request.with_extractors(names))[0] if one.name in names]
    recoded = [one.name for one in selections if code_of(one.plugin) != run.header.extractor(one.name).code]
    recoded += [name for name in _with_other_trees(run) if name in names and name not in recoded]
    if recoded:
        yield Change(f"the code of {', '.join(recoded)} has changed since the run")
    if request.isolated or request.local_packages:
        return
    others = [one for one in selections if one.name not in recoded and _runs_as_it_is(one)]
    runnables, _ = make_ready(others, request, lambda message: None)
    changed = [one.name for one in runnables if one.identity != run.header.extractor(one.name).identity]
    if changed:
        what = "the options, the packages or the files"
        yield Change(f"{what} of {', '.join(changed)} have changed since the run")
    for runnable in runnables:
        page = _page_of(run, runnable, goldens or {})
        modules = cache.changed_modules(runnable, page, 0) if page and runnable.name not in changed else []
        if modules:
            yield Change(f"{', '.join(modules)}, which {runnable.name} imports, changed since the run")


def _page_of(run: Run, runnable: Runnable, goldens: Mapping[str, Digest]) -> Seen | None:
    """A page of which the cache may have the answer that the run has."""
    for record in run.records:
        if record.extractor == runnable.name and record.outcome in KEPT and not record.retried and record.golden in goldens:
            page = goldens[record.golden].page
            if page.is_all_of(runnable):
                return page
    return None


def _runs_as_it_is(selection: Selection) -> bool:
    return selection.plugin.runtime != "node" and fits_here(selection)


def _with_other_trees(run: Run) -> list[str]:
    """Extractors whose package was a source tree or a wheel that is no longer what it was."""
    places = [Path(asked) for asked in run.header.request.local_packages]
    if not places or not all(place.exists() for place in places):
        return []  # a commit stays what it is
    now = {tree_version(place) for place in places}
    trees = {
        name: version.rpartition("tree.")[2] for name, version in run.versions.items() if version and "tree." in version
    }
    return [name for name, tree in trees.items() if tree not in now]


def _of_goldens(run: Run, goldens: Mapping[str, Digest] | None) -> Iterator[Change]:
    if goldens is None:
        return
    header = run.header
    gone = [name for name in header.goldens if name not in goldens]
    if gone:
        yield Change("goldens of the run are gone, or are broken by now", tuple(gone))
    changed = [
        name for name, facts in header.goldens.items() if name in goldens and _told(facts) != _told(goldens[name].facts)
    ]
    if changed:
        yield Change("pages, labels or facts have changed since the run", tuple(changed))


def _told(golden: GoldenFacts) -> tuple[str, ...]:
    return *golden.hashes, golden.facts
