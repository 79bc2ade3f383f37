"""What records of `harness exposure` say of the extractors of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from harness.exposure.record import ExposureRecord
from harness.exposure.techniques import GROUPS
from harness.report.exposure import by_technique
from harness.runs.record import Run
from harness.scorecard.gather.board import join_names
from harness.scorecard.values.exposure import ExposureGroup, ExposureRow, ExposureView


def exposure(records: Mapping[str, ExposureRecord], run: Run, names: Sequence[str]) -> ExposureView:
    """What is shown of records, of which there is one of these extractors at least, in their order."""
    shown = [records[name] for name in names if name in records]
    groups = []
    for group, meaning in GROUPS.items():
        total = ExposureRow("all of them", tuple(record.of_group(group).share for record in shown))
        rows = (
            ExposureRow(technique, tuple(row.share if row else None for row in found))
            for technique, found in by_technique(group, shown).items()
        )
        groups.append(ExposureGroup(group.capitalize(), meaning, group == "lookalike", total, tuple(rows)))
    return ExposureView(tuple(_warnings(records, run, names)), tuple(record.extractor for record in shown), tuple(groups))


def _warnings(records: Mapping[str, ExposureRecord], run: Run, names: Sequence[str]) -> Iterator[str]:
    if missing := [name for name in names if name not in records]:
        yield f"Exposure was not measured: {join_names(missing, len(missing))}."
    for name in names:
        if name in records and records[name].identity != run.header.extractor(name).identity:
            yield f"Exposure of {name} was measured with another version of it or of its packages."
