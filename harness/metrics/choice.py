"""Which metrics a command is about: names become metrics, and modules that are missing are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from harness.common.errors import Impossible
from harness.common.wording import did_you_mean, pip_install
from harness.metrics import FAMILIES, METRICS, SHOWN_METRICS, USUAL_METRICS, Family


def metric_names(names: Sequence[str]) -> list[str]:
    """The metrics that names stand for: a metric's own name, `aeb` for all of that benchmark, `all`, or `FILE.py:NAME` and
    `MODULE:NAME` for one that is neither built in nor installed.

    Raises Impossible with all unknown names and all modules that are missing.
    """
    wanted: dict[str, None] = {}
    mistakes: list[str] = []
    for name in names:
        if ":" in name:
            try:
                wanted.update(dict.fromkeys(metric.name for metric in FAMILIES.take(name).metrics))
            except Impossible as error:
                mistakes.append(str(error))
            continue
        group = [metric for metric in METRICS if name == "all" or metric.startswith(f"{name.removesuffix('.*')}.")]
        if not group and name not in METRICS:
            known = [*METRICS, *dict.fromkeys(metric.partition(".")[0] for metric in METRICS if "." in metric)]
            mistakes.append(f"unknown metric {name!r}{did_you_mean(name, known)}; see `harness list metrics`")
        wanted.update(dict.fromkeys(group or [name]))
    for family in FAMILIES.all():
        asked_for = [metric.name for metric in family.metrics if metric.name in wanted]
        if asked_for and family.missing:
            mistakes.append(_missing(family, ", ".join(asked_for)))
    if mistakes:
        raise Impossible("\n".join(mistakes))
    return list(wanted)


def usual_metrics(groups: Iterable[str]) -> tuple[list[str], list[str]]:
    """The metrics to show where nobody asks for others, and what is missing for more, in a line for each benchmark.

    groups: the benchmarks whose pages are scored.
    """
    metrics = list(SHOWN_METRICS)
    notes = []
    for group in groups:
        try:
            metrics += metric_names([group])
        except Impossible as error:
            notes.append(f"The metrics of {group} are left out: {error}")
    return metrics, notes


def computed_metrics(shown: Collection[str], *, asked_for: bool) -> tuple[str, ...]:
    """What is computed so that these metrics can be shown: of families of words all metrics. asked_for: whether somebody
    named them; if not, the usual ones are computed, too."""
    wanted = {*shown, *(() if asked_for else USUAL_METRICS)}
    together = {
        metric.name
        for family in FAMILIES.built_in()
        if family.of_words and not wanted.isdisjoint(family.names)
        for metric in family.metrics
    }
    return tuple(name for name in METRICS if name in wanted | together)


def sources_of(metrics: Iterable[str]) -> dict[str, str]:
    """Where metrics are from that do not come with the harness."""
    return {name: FAMILIES.origin(name) for name in metrics if name in METRICS and not FAMILIES.is_built_in(name)}


def _missing(family: Family, named: str) -> str:
    missing = f"{named}: {', '.join(family.missing)} not installed"
    if FAMILIES.is_built_in(family.names[0]):
        return f"{missing}: {pip_install('benchmarks')}"
    return f"{missing}, which {FAMILIES.origin(family.names[0])} needs"
