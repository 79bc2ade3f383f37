"""A run as a Parquet file, for DuckDB, polars, Spark and their likes: a row for each extractor, page and repeat.

The only module that knows pyarrow (the extra `parquet`). One batch of records is in memory at a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from harness import __version__
from harness.common.errors import CannotTell, Impossible
from harness.common.wording import pip_install
from harness.metrics import FAMILIES
from harness.runs.file import read_head, read_records
from harness.runs.record import Record
from harness.runs.rows import COUNTS
from harness.runs.texts import keeps_text

_BATCH = 20_000  # rows, in memory and in a group of the file
_TEXT_BATCH = 500  # the same where they have texts
_TIMES = ("wall", "first_wall", "cpu", "peak_memory", "cost", "tokens_in", "tokens_out", "retries")
_WORDS = ("leaks", "misses", "frees")
_REASONS = ("unscored", "failed_facts")

ColumnValue = Callable[[Record], Any]


def write_parquet(parts: Iterable[Path], file: Path) -> int:
    """Write the records of runs, such as the shards of one, and return how many there are. Docs: docs/scale.md.

    Raises RunError for what is no run, Impossible without pyarrow, CannotTell for a run that is not finished, OSError.
    """
    arrow = _imported()
    paths = list(parts)
    versions, names = _versions_and_scores(paths)
    text, number, count, maps = arrow.string(), arrow.float64(), arrow.int64(), arrow.map_
    columns: dict[str, tuple[Any, ColumnValue]] = {
        "extractor": (text, lambda record: record.extractor),
        "version": (text, lambda record: versions.get(record.extractor)),
        "golden": (text, lambda record: record.golden),
        "repeat": (count, lambda record: record.repeat),
        "media": (text, lambda record: record.media),
        "kind": (text, lambda record: record.kind),
        "lang": (text, lambda record: record.lang),
        "site": (text, lambda record: record.site),
        "coerced": (arrow.bool_(), lambda record: record.coerced),
        "outcome": (text, lambda record: record.outcome),
        "error": (text, lambda record: record.error or None),
        "page_bytes": (count, lambda record: record.page_bytes),
        "characters": (count, lambda record: record.characters),
        "cached": (arrow.bool_(), lambda record: record.cached),
        **{name: (number, _value("timing", name)) for name in _TIMES},
        **{name: (count, _value("counts", name)) for name in COUNTS},
        **{name: (maps(text, count), _pairs(name)) for name in _WORDS},
        **{name: (maps(text, text), _pairs(name)) for name in _REASONS},
        "fabricated": (maps(text, count), _pairs("fabricated")),
        "confidence": (number, lambda record: record.confidence),
        "truncated": (arrow.bool_(), lambda record: record.truncated),
        **{name: (number, _value("scores", name)) for name in names},
    }
    known = frozenset(names)
    columns["other_scores"] = (
        maps(text, number),
        lambda record: (
            [] if record.scores.keys() <= known else [one for one in record.scores.items() if one[0] not in known]
        ),
    )
    records = (record for path in paths for _, record in read_records(path))
    return _write(file, columns, records, _BATCH)


def write_texts(parts: Iterable[Path], file: Path) -> int:
    """Write the texts of the outputs of runs, and return how many there are. Raises what `write_parquet` raises."""
    arrow = _imported()
    columns: dict[str, tuple[Any, ColumnValue]] = {
        "extractor": (arrow.string(), lambda record: record.extractor),
        "golden": (arrow.string(), lambda record: record.golden),
        "repeat": (arrow.int64(), lambda record: record.repeat),
        "text": (arrow.string(), lambda record: record.text.encode("utf-8", "replace").decode("utf-8")),
    }
    return _write(file, columns, (record for path in parts for record in _with_texts(path)), _TEXT_BATCH)


def _with_texts(path: Path) -> Iterator[Record]:
    kept = read_head(path).header.request.keep_texts
    return (record for _, record in read_records(path, texts=True) if keeps_text(kept, record.golden))


def _versions_and_scores(paths: Iterable[Path]) -> tuple[dict[str, str | None], tuple[str, ...]]:
    """The versions of extractors, and the names of scores that have columns: metrics, and the counts that belong to them."""
    versions: dict[str, str | None] = {}
    metrics: dict[str, None] = {}
    for path in paths:
        run = read_head(path)
        if not run.finished:
            raise CannotTell(f"{path} is not finished: harness run --resume")
        versions |= run.versions
        metrics |= dict.fromkeys(run.header.metrics)
    counts = [name for family in FAMILIES.all() if not metrics.keys().isdisjoint(family.names) for name in family.counts]
    return versions, tuple(dict.fromkeys((*metrics, *counts)))


def _value(field: str, name: str) -> ColumnValue:
    return lambda record: getattr(record, field).get(name)


def _pairs(field: str) -> ColumnValue:
    return lambda record: list(getattr(record, field).items())


def _write(file: Path, columns: Mapping[str, tuple[Any, ColumnValue]], records: Iterator[Record], batch: int) -> int:
    import pyarrow as arrow
    from pyarrow import parquet

    schema = arrow.schema([(name, kind) for name, (kind, _) in columns.items()], metadata={"harness": __version__})
    written = 0
    with _whole(file) as unfinished, parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
        while rows := list(islice(records, batch)):
            arrays = [arrow.array([of(row) for row in rows], kind) for kind, of in columns.values()]
            writer.write_batch(arrow.record_batch(arrays, schema=schema))
            written += len(rows)
    return written


@contextmanager
def _whole(file: Path) -> Iterator[Path]:
    """A file beside another one that takes its place when it is whole."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _imported() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise Impossible(f"Parquet files need pyarrow: {pip_install('parquet')}") from None
    return pyarrow
