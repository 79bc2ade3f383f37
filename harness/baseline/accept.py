"""A run becomes the baseline: which rows it replaces, keeps and deletes (docs/gate.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from harness.baseline.model import Baseline, Pair
from harness.common.options import options_of
from harness.datasets.choice import Choice
from harness.runs.comparable import why_not
from harness.runs.record import Run


@dataclass(frozen=True)
class Accepted:
    """The new baseline. kept: rows that the run does not have; deleted: those that were pruned. conflicts: kept rows that
    cannot stand beside the run's, each with the reason; with any of them the baseline must not be written."""

    baseline: Baseline
    kept: tuple[Pair, ...]
    deleted: tuple[Pair, ...]
    conflicts: Mapping[Pair, str]


def accept(old: Baseline, new: Baseline, *, prune: Collection[str] = ()) -> Accepted:
    """The rows of a run over those of the baseline. prune: goldens of which rows that the run does not have are deleted."""
    others = [pair for pair in old.rows if pair not in new.rows]
    deleted = tuple(pair for pair in others if pair[1] in prune)
    kept = tuple(pair for pair in others if pair[1] not in prune)
    rows = {**{pair: old.rows[pair] for pair in kept}, **new.rows}
    extractors = {**old.extractors, **new.extractors}
    goldens = {**old.goldens, **new.goldens}
    used = {id for _, id in rows}
    baseline = Baseline(
        definitions=dict(sorted({**old.definitions, **new.definitions}.items())),
        extractors={name: extractors[name] for name in sorted({name for name, _ in rows})},
        goldens={id: goldens[id] for id in sorted(used)},
        rows=dict(sorted(rows.items())),
        unranked=tuple(sorted({*old.unranked, *new.unranked} & {_set(id) for id in used})),
    )
    conflicts = {pair: why for pair in kept if (why := _conflict(old, new, pair))}
    return Accepted(baseline, kept, deleted, conflicts)


def _conflict(old: Baseline, new: Baseline, pair: Pair) -> str:
    """Why a row that was kept cannot be compared with the new ones; empty if it can."""
    if why := why_not(old, new):
        return why
    metrics = (name for name in old.definitions if name in new.definitions)
    redefined = [name for name in metrics if why_not(old, new, metric=name)]
    if redefined:
        return f"the definition of {', '.join(redefined)} changed"
    return why_not(old, new, golden=pair[1]) if pair[1] in new.goldens else ""


def covered(run: Run, old: Baseline, new: Baseline) -> set[str]:
    """The goldens of the baseline that a run of whole sets would have if they still existed.

    These are all of the sets that it has pages of, but those whose page was not there.
    """
    sets = {_set(id) for id in new.goldens}
    return {id for id in old.goldens if _set(id) in sets and id not in run.header.skipped}


def partial(run: Run, new: Baseline) -> list[str]:
    """Why a run has not all goldens of its sets, so that those which it lacks may still exist; empty if it has."""
    request = run.header.request
    options = [item.flag for item in options_of(Choice) if item.name != "seed" and getattr(request.choice, item.name)]
    single = [name for name in request.goldens if name in new.goldens or name.endswith((".yaml", ".yml"))]
    reasons = [f"it was made with {', '.join(options)}"] if options else []
    if not run.header.states_choice:
        reasons.append("it does not say which part of the goldens it is of")
    if single:
        reasons.append(f"it was made of single goldens: {', '.join(single)}")
    if broken := run.header.broken:
        reasons.append(f"it left out broken goldens: {', '.join(broken)}")
    return reasons


def _set(golden: str) -> str:
    return golden.rpartition("/")[0]
