"""How a change of a definition moves leaderboards: F before and after of each extractor, and Kendall's tau of the order.

    python benchmarks/leaderboards.py BEFORE AFTER [METRIC]

BEFORE and AFTER are stored runs (path or id) or baselines (FILE.json). `harness compare` refuses scores of two definitions,
since a difference between them says nothing about an extractor; here it says what the definitions do. Only extractors and
pages that both have are counted. METRIC is F unless another one is named. The last line of each table has tau-b: 1 for the
same order, -1 for the opposite one.

A baseline of an earlier commit, and a run scored by one from the same outputs, are made by

    git show COMMIT:reports/baseline.json > before.json
    git worktree add /tmp/earlier COMMIT     # install it, and run `harness run` there with the same cache of outputs
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import harness
from harness.baseline.file import read_baseline
from harness.metrics import METRICS
from harness.runs.record import Record
from harness.runs.summary import summarise
from harness.stats import kendall_tau

Key = tuple[str, str, str]


def main(arguments: Sequence[str]) -> int:
    """Print a table for each set of goldens and track, and return 2 for wrong arguments, 3 if nothing is in both."""
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    metric = arguments[2] if len(arguments) == 3 else "F"
    before, after = ({_key(record): record for record in _records(name)} for name in arguments[:2])
    groups: dict[str, list[Key]] = {}
    for key in before.keys() & after.keys():
        groups.setdefault(f"{key[0].partition('/')[0]}, {key[2]}", []).append(key)
    for title, keys in sorted(groups.items()):
        _print(title, [before[key] for key in keys], [after[key] for key in keys], metric)
    return 0 if groups else 3


def _records(name: str) -> Sequence[Record]:
    return (read_baseline(Path(name)).as_run() if name.endswith(".json") else harness.read_run(name)).records


def _key(record: Record) -> Key:
    return record.golden, record.extractor, record.media


def _print(title: str, before: Sequence[Record], after: Sequence[Record], metric: str) -> None:
    values = [{one.extractor: one.scores[metric] for one in summarise(records)} for records in (before, after)]
    rows = [(old, new, name) for name, new in values[1].items() if new is not None and (old := values[0][name]) is not None]
    pages = len({record.golden for record in after})
    print(f"\n{title}: {pages} pages, {metric}\n{'extractor':28} before  after")
    for old, new, name in rows:
        print(f"{name:28}  {old:.3f}  {new:.3f}  {new - old:+.3f}")
    sign = 1 if METRICS[metric].higher_is_better else -1
    tau = kendall_tau([(sign * old, sign * new) for old, new, _ in rows])[0, 1] if len(rows) > 1 else float("nan")
    print(f"Kendall's tau-b of the order of {len(rows)} extractors: {tau:.3f}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
