"""What of a run has changed since: its extractors and its goldens, as far as that is known without building or running
anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from harness.common import extensions
from harness.engine.cache import OutputCache
from harness.evaluation.digests import Digest
from harness.evaluation.extractors import make_ready, select_loadable
from harness.evaluation.goldens import RunGoldens
from harness.evaluation.predictions import read_predictions
from harness.goldens.policy import built_in_policies
from harness.plugins.environments import in_missing_environment
from harness.plugins.ready import code_of, runs_what_is_not_read, tree_version
from harness.plugins.registry import PluginError, Selection
from harness.runs.header import GoldenFacts
from harness.runs.record import Run

_MOST_PATHS = 3  # in a message


@dataclass(frozen=True)
class Change:
    """Something is no longer what it was in a run."""

    message: str
    """What, in a sentence without a full stop."""
    goldens: tuple[str, ...] = ()
    """The goldens that it is about."""


@dataclass(frozen=True)
class NotCompared:
    """Something may have changed since a run, and nobody can tell."""

    message: str
    """What, in a sentence without a full stop."""


def changes_since(run: Run, names: Collection[str]) -> Iterator[Change | NotCompared]:
    """What has changed since a run, of these extractors of it and of its goldens, and what may have.

    Of an extractor its code is compared, as far as reading it shows what it consists of; its options and the packages of its
    environment, where that is here; and all that its worker has read. Of outputs that were made elsewhere their files are
    compared. Metrics of the user, and goldens that are read from an address, are not.

    Raises HarnessError and OSError where what was asked for is not here, or can no longer be loaded.
    """
    known = [name for name, facts in run.header.extractors.items() if name in names and facts.code]
    if not known:
        return
    extensions.use_plugin_files(run.header.request.plugins)
    with closing(OutputCache(lambda message: None)) as cache:
        goldens = _goldens(run, cache)
        if run.header.request.predictions:
            yield from _of_predictions(run, known)
        else:
            yield from _of_extractors(run, known, cache)
        yield from _of_goldens(run, goldens)
    if own := sorted(run.header.metric_sources):
        yield NotCompared(f"the code of metrics that do not come with the harness was not compared: {', '.join(own)}")


def _of_predictions(run: Run, names: Collection[str]) -> Iterator[Change]:
    now = {item.name: item.sha256 for item in read_predictions(run.header.request.predictions)}
    if changed := [name for name in names if now.get(name) != run.header.extractor(name).code]:
        yield Change(f"the outputs of {', '.join(changed)} have changed since they were scored")


def _goldens(run: Run, cache: OutputCache) -> dict[str, Digest] | None:
    """The goldens that the request of a run names now; None where they are read from an address, or under a policy of which
    the file is gone: the run still knows it."""
    request = run.header.request
    lacks_policy = request.policy and request.policy not in built_in_policies() and not Path(request.policy).is_file()
    if lacks_policy or any("://" in name for name in request.goldens):
        return None
    return RunGoldens(replace(request, choice=replace(request.choice, shard=None)), cache).digests


def _of_extractors(run: Run, names: Collection[str], cache: OutputCache) -> Iterator[Change | NotCompared]:
    request = run.header.request
    found, _, unloadable = select_loadable(request.with_extractors(names))
    if lost := [one for one in unloadable if one.name in names]:
        raise PluginError([], lost)
    selections = [one for one in found if one.name in names]
    recoded = [one.name for one in selections if code_of(one.plugin) != run.header.extractor(one.name).code]
    recoded += [name for name in _with_other_trees(run) if name in names and name not in recoded]
    if recoded:
        yield Change(f"the code of {', '.join(recoded)} has changed since the run")
    if others := [one for one in selections if one.name not in recoded]:
        yield from _of_environments(run, others)
        yield from _of_what_was_read(run, others, cache)


def _of_environments(run: Run, selections: Sequence[Selection]) -> Iterator[Change | NotCompared]:
    """What has changed of the options and the packages of extractors."""
    request = run.header.request
    if any(not Path(asked).exists() for asked in request.local_packages):
        yield NotCompared(
            f"the packages of {', '.join(one.name for one in selections)} were not compared with those of the run"
        )
        return
    runnables, missing = make_ready(selections, request, None)
    before = {one.name: run.header.extractor(one.name).identity for one in runnables}
    changed = [one.name for one in runnables if before[one.name] and one.identity != before[one.name]]
    if changed:
        yield Change(f"the options, the packages or the files of {', '.join(changed)} have changed since the run")
    for one in missing:
        yield NotCompared(f"the packages of {one.name} could not be compared with those of the run: {one.reason}")


def _of_what_was_read(run: Run, selections: Sequence[Selection], cache: OutputCache) -> Iterator[Change | NotCompared]:
    """What has changed of all that workers have read."""
    unknown = []
    for selection in selections:
        keys = run.reads.get(selection.name, ())
        changed = cache.changed_since(keys)
        variables = [name for name in changed or () if name.startswith("$")]
        gone = [name for name in changed or () if in_missing_environment(name)]  # told of its packages
        if places := [name for name in changed or () if name not in variables and name not in gone]:
            more = f" and {len(places) - _MOST_PATHS} more" if len(places) > _MOST_PATHS else ""
            yield Change(f"{', '.join(places[:_MOST_PATHS])}{more}, which {selection.name} read, changed since the run")
        if variables:
            yield NotCompared(f"{', '.join(variables)}, which {selection.name} read, is not what it was in the run")
        if changed is None or not keys or selection.name in run.not_cached or runs_what_is_not_read(selection.plugin):
            unknown.append(selection.name)
    if unknown:
        yield NotCompared(
            f"of {', '.join(unknown)} only the code that its files name was compared with that of the run: "
            "it is not known what else it runs or reads"
        )


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


def _of_goldens(run: Run, goldens: Mapping[str, Digest] | None) -> Iterator[Change | NotCompared]:
    if goldens is None:
        yield NotCompared(
            "the goldens were not compared with those of the run: they have an address, or their policy is gone"
        )
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
