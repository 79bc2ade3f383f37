"""What a public benchmark published, and what comes out here: of its published outputs, and of extractors run here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from harness.runs.record import Run
from harness.runs.summary import summarise, summarise_by

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Published:
    """A row of a published table."""

    system: str
    """The program, as it is called there."""
    values: Values
    """One for each metric of the benchmark; None where none was published."""
    version: str | None = None
    """The version that was published; None where unknown."""
    by_kind: Values = ()
    """The first metric by kind of page."""
    extractor: str | None = None
    """The same program in the catalogue."""
    outputs: str | None = None
    """The stem of the file with its published outputs."""
    note: str = ""
    """Why the figures cannot be equal, where that is known."""


@dataclass(frozen=True)
class Benchmark:
    """A published table."""

    name: str
    """As `harness reproduce` takes it."""
    title: str
    """As a heading shows it."""
    source: str
    """Where it was published."""
    set: str
    """The set that its pages are of."""
    pages: int
    """Pages that it is about."""
    metrics: tuple[str, ...]
    """Of its columns."""
    rows: tuple[Published, ...]
    """The systems, in the order of the table."""
    kinds: tuple[str, ...] = ()
    """Kinds of page that it has figures for."""

    @property
    def group(self) -> str:
        """The name that stands for all of its metrics."""
        return self.metrics[0].partition(".")[0]

    def foreign(self, ids: Iterable[str]) -> list[str]:
        """The pages of these that are not the benchmark's, by their ids."""
        return [golden_id for golden_id in ids if golden_id.rpartition("/")[0] != self.set]


@dataclass(frozen=True)
class Reproduced:
    """What comes out here."""

    extractor: str
    """The extractor's name."""
    version: str | None
    """The version that ran."""
    pages: int
    """Pages that it was scored on."""
    failed: int
    """Pages on which it failed."""
    values: Values
    """One for each metric of the benchmark."""
    by_kind: Values
    """The first metric, one for each kind of the benchmark."""


@dataclass(frozen=True)
class ReproductionRow:
    """One system: what was published of it, and what comes out here."""

    published: Published | None
    """None for a system that the table does not have."""
    from_outputs: Reproduced | None
    """Of its published outputs, if they were scored here."""
    run_here: Reproduced | None
    """Of the program, if it was run here."""


@cache
def benchmarks() -> dict[str, Benchmark]:
    """All published tables, by the name of the benchmark."""
    tables: dict[str, dict[str, Any]] = yaml.safe_load(
        files("harness.analysis").joinpath("published.yaml").read_text("utf-8")
    )
    return {name: _benchmark(name, table) for name, table in tables.items()}


def _benchmark(name: str, table: Mapping[str, Any]) -> Benchmark:
    rows = tuple(
        Published(
            row["system"],
            tuple(row["values"]),
            None if row.get("version") is None else str(row["version"]),
            tuple(row.get("by_kind", ())),
            row.get("extractor"),
            row.get("outputs"),
            row.get("note", ""),
        )
        for row in table["rows"]
    )
    return Benchmark(
        name,
        table["title"],
        table["source"],
        table["set"],
        table["pages"],
        tuple(table["metrics"]),
        rows,
        tuple(table.get("kinds", ())),
    )


def reproduce(benchmark: Benchmark, outputs: Run | None, runs: Sequence[Run]) -> list[ReproductionRow]:
    """The published rows in their order, then outputs and extractors that are not in the table, best first.

    outputs: a run made of the published outputs; runs: those of the extractors themselves.
    """
    from_outputs = {item.extractor: item for item in _measured_rows(benchmark, [outputs] if outputs else [])}
    run_here = {item.extractor: item for item in _measured_rows(benchmark, runs)}
    rows = [
        ReproductionRow(row, from_outputs.get(row.outputs or ""), run_here.get(row.extractor or ""))
        for row in benchmark.rows
    ]
    known = {row.extractor for row in benchmark.rows}, {row.outputs for row in benchmark.rows}
    rows += [ReproductionRow(None, item, None) for name, item in from_outputs.items() if name not in known[1]]
    return rows + [ReproductionRow(None, None, item) for name, item in run_here.items() if name not in known[0]]


def _measured_rows(benchmark: Benchmark, runs: Sequence[Run]) -> list[Reproduced]:
    """What runs measured of each extractor, the best first."""
    items = [item for run in runs for item in _measured_in(benchmark, run)]
    return sorted(items, key=lambda item: (-(item.values[0] or 0.0), item.extractor))


def _measured_in(benchmark: Benchmark, run: Run) -> Iterator[Reproduced]:
    first = benchmark.metrics[0]
    kinds = {
        kind: {summary.extractor: summary.scores.get(first) for summary in summaries}
        for kind, summaries in summarise_by(run.records, "kind").items()
    }
    for summary in summarise(run.records):
        yield Reproduced(
            summary.extractor,
            run.versions.get(summary.extractor),
            summary.pages,
            summary.errors,
            tuple(summary.scores.get(name) for name in benchmark.metrics),
            tuple(kinds.get(kind, {}).get(summary.extractor) for kind in benchmark.kinds),
        )
