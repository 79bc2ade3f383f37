"""How far two labellers of the same pages agree: what the scores of a set can tell at most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from statistics import mean

from harness.analysis.ceiling import ceiling
from harness.common.errors import HarnessError
from harness.common.wording import plural
from harness.goldens.golden import Golden
from harness.goldens.reader import GoldenError, PageNotFound, read_golden
from harness.goldens.sets import dumps_from, find_goldens, labellers_in
from harness.report.kit.numbers import number
from harness.runs.record import Run


@dataclass(frozen=True)
class Agreed:
    """How far two labellers of a set agree."""

    set: str
    """The set."""
    names: tuple[str, str]
    """The labellers."""
    pages: int
    """Pages of the run that both have labelled."""
    f: float
    """The F that they score by each other's labels."""


def agreed(run: Run) -> Iterator[Agreed]:
    """For each set of a run, each two people whose own label files lie beside goldens of the run."""
    try:
        folders = {file.path.parent: file.id.rpartition("/")[0] for file in find_goldens(run.header.request.goldens)}
    except HarnessError:
        return  # datasets have no such files
    for folder, name in folders.items():
        pairs: dict[tuple[str, str], list[tuple[Golden, Golden]]] = {}
        for golden, files in labellers_in(folder).items():
            if f"{name}/{golden}" not in run.header.goldens:
                continue
            try:
                read = {who: read_golden(path, dumps_from(run.header.request.dumps)) for who, path in files.items()}
            except (GoldenError, PageNotFound, HarnessError, OSError):
                continue  # `harness agree` says what is wrong
            for first, second in combinations(sorted(read), 2):
                if read[first].page.sha256 == read[second].page.sha256:
                    pairs.setdefault((first, second), []).append((read[first], read[second]))
        for names, both in sorted(pairs.items()):
            if (value := ceiling(both)) is not None:
                yield Agreed(name, names, len(both), value)


def agreed_notes(found: Iterable[Agreed]) -> Iterator[str]:
    """A note for each."""
    for one in found:
        yield (
            f"{' and '.join(one.names)}, who labelled {plural(one.pages, 'page')} of {one.set}, agree to F {number(one.f)}: "
            "no difference above that tells extractors apart."
        )


def ceilings(found: Iterable[Agreed]) -> dict[str, str]:
    """What stands beside each F of a set, by set: how far its labellers agree, the mean of each two."""
    by_set: dict[str, list[float]] = {}
    for one in found:
        by_set.setdefault(one.set, []).append(one.f)
    who = {
        name: "two labellers agree" if len(values) == 1 else "each two labellers agree" for name, values in by_set.items()
    }
    return {name: f"{who[name]} to F {number(mean(values))}" for name, values in by_set.items()}
