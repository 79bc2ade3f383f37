"""What was measured of each extractor, in a file, and what of that somebody has accepted (docs/exposure.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from harness import __version__
from harness.common.errors import CannotTell
from harness.common.files import content_of, write_whole
from harness.common.places import in_project
from harness.common.typed import Count, plain_json, typed
from harness.exposure.measure import Exposed, Exposure
from harness.exposure.techniques import LOOKALIKES, TECHNIQUES, Group

FORMAT = 1
"""Of the file; what reads it reads no other."""
MEASURED = Path("reports/exposure.json")
"""What was measured last, in the project."""
ACCEPTED = Path("reports/exposure.accepted.json")
"""What is accepted, in the project."""


@dataclass(frozen=True)
class Tally:
    """How often a sentence that was written in one way came out."""

    pages: Count
    """Pages that were measured."""
    out: Count
    """Pages on which the sentence came out."""


@dataclass(frozen=True)
class ExposureRecord:
    """What was measured of one extractor."""

    extractor: str
    """The extractor's name."""
    version: str | None
    """The extractor's version, None where it tells none."""
    identity: str
    """A hash of the extractor, as runs store it."""
    harness: str
    """The version of the harness."""
    unmeasured: Count
    """Placements on which the story did not come out."""
    hidden: Mapping[str, Tally]
    """By technique that hides."""
    lookalikes: Mapping[str, Tally]
    """By technique that only looks as if it hid."""

    def rows(self) -> list[Exposed]:
        """Every technique that this harness knows, with its group, in the order of the catalogue."""
        tallies = {**self.hidden, **self.lookalikes}
        known = [technique for technique in (*TECHNIQUES, *LOOKALIKES) if technique.name in tallies]
        return [Exposed(one.name, one.group, tallies[one.name].pages, tallies[one.name].out) for one in known]

    def of_group(self, group: Group) -> Exposed:
        """All pages of a group together."""
        rows = [row for row in self.rows() if row.group == group]
        return Exposed(group, group, sum(row.pages for row in rows), sum(row.out for row in rows))


def record_of(exposure: Exposure) -> ExposureRecord:
    """What is stored of a measurement."""
    return ExposureRecord(
        exposure.extractor,
        exposure.version,
        exposure.identity,
        __version__,
        exposure.unmeasured,
        {row.technique: Tally(row.pages, row.out) for row in exposure.hidden()},
        {row.technique: Tally(row.pages, row.out) for row in exposure.lookalikes()},
    )


def read_records(name: Path = MEASURED) -> dict[str, ExposureRecord]:
    """The records of a file of the project by extractor; none where there is none. Raises CannotTell for a damaged file."""
    path = in_project(name)
    if not path.exists():
        return {}
    try:
        values = plain_json(content_of(path))
        if not isinstance(values, dict) or values.get("exposure") != FORMAT:
            raise ValueError(f"it is not a record of exposure in format {FORMAT}")
        records = typed(list[ExposureRecord], values.get("extractors"))
        for record in records:
            if any(tally.out > tally.pages for tally in (*record.hidden.values(), *record.lookalikes.values())):
                raise ValueError(f"{record.extractor}: more pages came out than were measured")
    except OSError as error:
        raise CannotTell(f"{path}: {error.strerror}") from None
    except ValueError as error:
        remedies = {
            MEASURED: "remove it, and measure again with harness exposure",
            ACCEPTED: "restore it, or remove it and accept all again with harness exposure --accept",
        }
        remedy = remedies.get(name, f"`harness exposure` writes such a file, {MEASURED}")
        raise CannotTell(f"{path}: {error}; {remedy}") from None
    return {record.extractor: record for record in records}


def write_records(records: Mapping[str, ExposureRecord], name: Path = MEASURED) -> None:
    """Write the records of a file of the project, by name of the extractor. Raises OSError."""
    rows = [asdict(records[name]) for name in sorted(records)]
    text = json.dumps({"exposure": FORMAT, "extractors": rows}, indent=1)  # in ASCII: a name can hold half a character
    write_whole(in_project(name), (text + "\n").encode())
