"""What a publication of a run's results is to cite: the harness, the datasets of its pages, the sources of its metrics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness import __version__
from harness.common.places import bundled
from harness.common.wording import plural
from harness.datasets.catalogue import CATALOGUE, Known
from harness.metrics import FAMILIES
from harness.runs.record import Run


@dataclass(frozen=True)
class Citation:
    """A publication, and what it is cited for."""

    text: str
    """The publication."""
    cited_for: tuple[str, ...]
    """What of the run is from it: sets with their numbers of pages, and metrics."""
    licence: str = ""
    """The licence of a dataset."""


@dataclass(frozen=True)
class Citations:
    """What is to be cited for a run."""

    known: tuple[Citation, ...]
    """The publications, the harness first."""
    unknown: tuple[str, ...]
    """Sets of which nothing to cite is known."""


def citations_of(run: Run) -> Citations:
    """What is to be cited for a run."""
    pages: dict[str, set[str]] = {}
    for record in run.records:
        pages.setdefault(record.set, set()).add(record.golden)
    sizes = {name: f"{name} ({plural(len(pages[name]), 'page')})" for name in sorted(pages)}
    ours = tuple(size for name, size in sizes.items() if _is_ours(name))
    found = [Citation(f"extraction-harness {run.header.harness or __version__}", ours, "Apache-2.0")]
    datasets = {name: known for name in sizes if (known := _dataset(name))}
    cited_for: dict[str, list[str]] = {}
    for name, known in datasets.items():
        cited_for.setdefault(known.citation, []).append(sizes[name])
    for name, citation in _metrics(run):
        cited_for.setdefault(citation, []).append(name)
    licences = {known.citation: known.licence for known in datasets.values()}
    found += [Citation(text, tuple(names), licences.get(text, "")) for text, names in cited_for.items()]
    return Citations(tuple(found), tuple(name for name in sizes if name not in datasets and not _is_ours(name)))


def _is_ours(name: str) -> bool:
    return (bundled("goldens") / name).is_dir()


def _dataset(name: str) -> Known | None:
    """The known dataset that a set of goldens is of: by its name, or by the name of its format, as of `wceb-dragnet`."""
    if name in CATALOGUE:
        return CATALOGUE[name]
    return next((known for known in CATALOGUE.values() if name.startswith(f"{known.format}-")), None)


def _metrics(run: Run) -> Iterator[tuple[str, str]]:
    """The metrics of a run that others have defined, each with its source."""
    for name in run.header.metrics:
        if name in FAMILIES and (citation := FAMILIES[name].citation):
            yield name, citation
