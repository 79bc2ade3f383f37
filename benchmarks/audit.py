"""What `harness audit` finds: faults planted in goldens of a stored run, and how many goldens as they are it suspects.

Usage: python benchmarks/audit.py RUN [SEED]     (a run of at least three extractors)

`wcxb_dev_read.json` has the goldens of WCXB's development set that the harness's list suspects, and whether they are wrong
as far as the passage in question and the main content tell; `python benchmarks/audit.py read` prints the share.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from harness.analysis.audit import audit
from harness.analysis.votes import is_in, runs_of
from harness.datasets.entries import find_entries
from harness.datasets.suspected import shipped
from harness.goldens.golden import Golden, Segment
from harness.goldens.sets import dumps_from
from harness.pages.words import words
from harness.runs.find import read_run

PLANTED = 25  # faults of each kind


def with_lines(golden: Golden, chosen: Sequence[bool]) -> Golden:
    """The golden with these lines of its page as the main content."""
    if golden.labelled is None:
        lines = [line for line in golden.page.text.splitlines() if words(line)]
        return replace(golden, text="\n".join(line for line, is_chosen in zip(lines, chosen) if is_chosen))
    said = dict(zip(sorted({part.line for part in golden.labelled}), chosen))

    def relabelled(part: Segment) -> Segment:
        if said[part.line] == (part.verdict == "keep"):
            return part
        return replace(part, verdict="keep" if said[part.line] else "drop", kind="body" if said[part.line] else "other")

    return replace(golden, labelled=tuple(map(relabelled, golden.labelled)))


def kept_lines(golden: Golden) -> list[bool]:
    """Which lines of its page a golden keeps."""
    if golden.labelled is None:
        main = runs_of(golden.main_content)
        return [is_in(line, main) for line in golden.page.text.splitlines() if words(line)]
    numbers = sorted({part.line for part in golden.labelled})
    kept = {part.line for part in golden.labelled if part.verdict == "keep"}
    return [number in kept for number in numbers]


def truncated(golden: Golden, others: Sequence[Golden], generator: random.Random) -> Golden:
    """Half of the main content."""
    places = [index for index, is_kept in enumerate(kept_lines(golden)) if is_kept]
    half = set(places[: len(places) // 2] if generator.random() < 0.5 else places[len(places) // 2 :])
    return with_lines(golden, [index in half for index in range(len(kept_lines(golden)))])


def shifted(golden: Golden, others: Sequence[Golden], generator: random.Random) -> Golden:
    """The main content moved by a third of its lines, at least three."""
    kept = kept_lines(golden)
    by = generator.choice([-1, 1]) * max(3, sum(kept) // 3)
    return with_lines(golden, [0 <= index + by < len(kept) and kept[index + by] for index in range(len(kept))])


def elsewhere(golden: Golden, others: Sequence[Golden], generator: random.Random) -> Golden:
    """As many lines of the page from anywhere, as a wrong selector would name."""
    kept = kept_lines(golden)
    start = generator.randrange(len(kept))
    return with_lines(golden, [start <= index < start + sum(kept) for index in range(len(kept))])


def swapped(golden: Golden, others: Sequence[Golden], generator: random.Random) -> Golden:
    """The main content of another page."""
    other = generator.choice([one for one in others if one.id != golden.id])
    return replace(golden, labelled=None, labels=(), text=other.main_content)


FAULTS: tuple[Callable[[Golden, Sequence[Golden], random.Random], Golden], ...] = (truncated, shifted, elsewhere, swapped)


def print_read() -> None:
    """Print how many goldens of the list of WCXB were found wrong by reading."""
    judged = json.loads(Path(__file__).with_name("wcxb_dev_read.json").read_text(encoding="utf-8"))
    names = [one.name for one in shipped("wcxb")]
    wrong = sum(judged.get(name, False) for name in names)
    print(
        f"{len(names)} suspected, {len(judged.keys() & set(names))} read, {wrong} of them wrong ({wrong / len(names):.0%})"
    )


def main() -> None:
    """Print the share of planted faults that are found, by kind, and that of unchanged goldens that are suspected."""
    run = read_run(sys.argv[1])
    generator = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    outputs: dict[str, dict[str, str]] = {}
    for record in run.records:
        if not record.coerced and record.extractor not in run.header.references:
            outputs.setdefault(record.golden, {})[record.extractor] = record.text
    request = run.header.request
    entries = find_entries(request.goldens, dumps_from(request.dumps)).entries
    goldens = [entry.load() for entry in entries if len(outputs.get(entry.id, {})) >= 3]
    unchanged = audit(goldens, outputs)
    print(f"as they are: {len(unchanged.suspicions)} of {len(goldens)} suspected ({unchanged.share:.1%})")
    total = found = 0
    for plant in FAULTS:
        sample = generator.sample(goldens, min(PLANTED, len(goldens)))
        planted = [plant(golden, goldens, generator) for golden in sample]
        ids = {golden.id for golden in planted}
        rest = [golden for golden in goldens if golden.id not in ids]
        hits = len({suspicion.golden for suspicion in audit([*planted, *rest], outputs).suspicions} & ids)
        print(f"{plant.__name__}: {hits} of {len(planted)} found")
        total, found = total + len(planted), found + hits
    print(f"planted faults: {found} of {total} found ({found / total:.1%})")


print_read() if sys.argv[1:] == ["read"] else main()
