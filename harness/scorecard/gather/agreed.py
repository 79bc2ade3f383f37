"""How far two labellers of the same pages agree: what the scores of a set can tell at most."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from harness.analysis.ceiling import ceiling
from harness.common.errors import HarnessError
from harness.common.wording import plural
from harness.goldens.golden import Golden
from harness.goldens.reader import GoldenError, PageNotFound, read_golden
from harness.goldens.sets import dumps_from, find_goldens, labellers_in
from harness.report.kit.numbers import number
from harness.runs.record import Run


def agreed_notes(run: Run) -> Iterator[str]:
    """A note for each set of a run and each two people whose own label files lie beside goldens of the run."""
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
        for (first, second), both in sorted(pairs.items()):
            if (value := ceiling(both)) is not None:
                yield (
                    f"{first} and {second}, who labelled {plural(len(both), 'page')} of {name}, agree to F {number(value)}: "
                    "no difference above that tells extractors apart."
                )
