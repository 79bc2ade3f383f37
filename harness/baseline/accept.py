"""A run becomes the baseline: which rows it replaces, keeps and deletes (docs/gate.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from harness.baseline.model import Baseline, BaselineRow, RowKey, why_not_page
from harness.common.options import options_of
from harness.datasets.choice import Choice
from harness.metrics import FAMILIES
from harness.runs.comparable import why_not
from harness.runs.record import Run


@dataclass(frozen=True)
class Accepted:
    """The result of accepting a run."""

    baseline: Baseline
    """The new baseline."""
    kept: tuple[RowKey, ...]
    """Rows of the old baseline that the run does not have."""
    deleted: tuple[RowKey, ...]
    """Rows of the old baseline that the run does not have and that were pruned."""
    conflicts: Mapping[RowKey, str]
    """Kept rows that cannot be compared with the run's, each with the reason; if there are any, nothing must be written."""


def part_of(new: Baseline, pairs: Collection[RowKey]) -> Baseline:
    """The rows of these extractors and goldens, with all that they need."""
    rows = {pair: row for pair, row in new.rows.items() if pair in pairs}
    return replace(
        new,
        extractors={name: about for name, about in new.extractors.items() if any(name == pair[0] for pair in rows)},
        goldens={golden_id: about for golden_id, about in new.goldens.items() if any(golden_id == pair[1] for pair in rows)},
        rows=rows,
    )


def with_reasons(old: Baseline, new: Baseline, why: str) -> Baseline:
    """The new baseline, in which rows that changed have this reason, and the others the one that they had."""

    def reasoned(pair: RowKey, row: BaselineRow) -> BaselineRow:
        before = old.rows.get(pair)
        return before if before is not None and replace(before, why="") == row else replace(row, why=why)

    return replace(new, rows={pair: reasoned(pair, row) for pair, row in new.rows.items()})


def accept(old: Baseline, new: Baseline, *, prune: Collection[str] = ()) -> Accepted:
    """The rows of a run over those of the baseline. prune: goldens of which rows that the run does not have are deleted."""
    others = [pair for pair in old.rows if pair not in new.rows]
    deleted = tuple(pair for pair in others if pair[1] in prune)
    kept = tuple(pair for pair in others if pair[1] not in prune)
    rows = {**{pair: old.rows[pair] for pair in kept}, **new.rows}
    extractors = {**old.extractors, **new.extractors}
    goldens = {**old.goldens, **new.goldens}
    used = {golden_id for _, golden_id in rows}
    baseline = Baseline(
        definitions=dict(sorted({**old.definitions, **new.definitions}.items())),
        extractors={name: extractors[name] for name in sorted({name for name, _ in rows})},
        goldens={golden_id: goldens[golden_id] for golden_id in sorted(used)},
        rows=dict(sorted(rows.items())),
        unranked=tuple(sorted({*old.unranked, *new.unranked} & {set_of(golden_id) for golden_id in used})),
    )
    conflicts = {pair: why for pair in kept if (why := _conflict(old, new, pair))}
    return Accepted(baseline, kept, deleted, conflicts)


def _conflict(old: Baseline, new: Baseline, pair: RowKey) -> str:
    """Why a row that was kept cannot be compared with the new ones; empty if it can."""
    if why := why_not(old, new):
        return why
    metrics = (name for name in old.definitions if name in new.definitions)
    redefined = [name for name in metrics if why_not(old, new, metric=name)]
    if redefined:
        return f"the definition of {', '.join(redefined)} changed"
    return why_not_page(old, new, pair[1]) if pair[1] in new.goldens else ""


def lost_scores(old: Baseline, new: Baseline) -> list[str]:
    """The scores that rows of the old baseline have and that the same rows of the new one do not, by name."""
    both = [(old.rows[pair].scores, row.scores) for pair, row in new.rows.items() if pair in old.rows]
    return list(dict.fromkeys(name for before, after in both for name in before if name not in after))


def metrics_to_ask_for(side: Baseline) -> list[str]:
    """The names to give to `-m` for a run to have all scores of a baseline: of families that are computed together, one.

    Those of plugins that are not loaded here are among them.
    """
    kept = {name: None for row in side.rows.values() for name in row.scores}
    known = {name for family in FAMILIES.all() for name in family.names}
    asked_for = [name for name in kept if name not in known]
    for family in FAMILIES.all():
        names = [metric.name for metric in family.metrics if metric.name in kept]
        asked_for += names[-1:] if family.of_words else names
    return asked_for


def goldens_of_whole_sets(run: Run, old: Baseline, new: Baseline) -> set[str]:
    """The goldens of the baseline that a run over whole sets would have if they still existed.

    These are all goldens of the sets of which the run has pages, but for those whose page was not there.
    """
    sets = {set_of(golden_id) for golden_id in new.goldens}
    return {golden_id for golden_id in old.goldens if set_of(golden_id) in sets and golden_id not in run.header.skipped}


def why_incomplete(run: Run, new: Baseline) -> list[str]:
    """The reasons for which a run may lack goldens of its sets that still exist; empty if it has all of them."""
    request = run.header.request
    options = [item.flag for item in options_of(Choice) if item.name != "seed" and getattr(request.choice, item.name)]
    single = [name for name in request.goldens if name in new.goldens or name.endswith((".yaml", ".yml"))]
    reasons = [f"it was made with {', '.join(options)}"] if options else []
    if not run.header.states_choice:
        reasons.append("it does not say which goldens were selected")
    if single:
        reasons.append(f"it was made of single goldens: {', '.join(single)}")
    if broken := run.header.broken:
        reasons.append(f"it left out broken goldens: {', '.join(broken)}")
    return reasons


def sets_of(side: Baseline) -> list[str]:
    """The sets of its goldens, in their order."""
    return list(dict.fromkeys(map(set_of, side.goldens)))


def set_of(golden: str) -> str:
    """The set of a golden, by its id."""
    return golden.rpartition("/")[0]
