"""What commands that make runs share: the goldens of a run, and what is wrong with them."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console

from harness import __version__
from harness.common.errors import CannotTell
from harness.common.wording import plural
from harness.datasets import Entry
from harness.datasets.choice import Choice, Found, load_each
from harness.evaluation.evaluate import labels_hash
from harness.goldens.golden import Golden
from harness.goldens.reader import Mistake, PageNotFound
from harness.metrics import METRICS, OWN_METRICS
from harness.metrics.choice import sources_of
from harness.metrics.definitions import definitions
from harness.report.kit.terminal import harmless


class RunGoldens:
    """The goldens of a run, which are loaded each time that they are iterated over.

    `entries` are those that can be read; `header` has the hashes of the page and of the labels of each, and its flags;
    `mistakes` what is wrong with the others.
    """

    def __init__(self, found: Found, choice: Choice) -> None:
        """Choose among the entries and read each of them once."""
        self.skipped: list[PageNotFound] = found.skipped
        self.mistakes: list[Mistake] = list(found.mistakes)
        self.unranked = found.unranked
        chosen = choice.of(found.entries)
        self.header = {golden.id: _about(golden) for golden in load_each(chosen, self.mistakes.append)}
        self.entries: list[Entry] = [entry for entry in chosen if entry.id in self.header]

    def __iter__(self) -> Iterator[Golden]:
        return load_each(self.entries, _raise)


def _about(golden: Golden) -> dict[str, Any]:
    flags = {"flags": list(golden.flags)} if golden.flags else {}
    return {"page": golden.page.sha256, "labels": labels_hash(golden), **flags}


def _raise(mistake: Mistake) -> None:
    raise CannotTell(f"{mistake}; what was measured is kept: harness run --resume")


def require_pages(goldens: RunGoldens, found: Found) -> None:
    """Raise CannotTell if there is no page to run on."""
    if goldens.header:
        return
    if found.entries:
        options = "--kind, --lang, --site, --without-flag, --limit and --shard"
        raise CannotTell(f"no page to run on: of {len(found.entries)}, none is what {options} ask for")
    raise CannotTell("no page to run on; see `harness check`")


def common_header(goldens: RunGoldens, metrics: Sequence[str], seed: int, now: datetime) -> dict[str, Any]:
    """What the header of every run says, whatever its outputs come from. metrics: those to show, beside our own."""
    computed = [*OWN_METRICS, *(name for name in METRICS if name in metrics and name not in OWN_METRICS)]
    return {
        "started": now.isoformat(timespec="seconds"),
        "harness": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "seed": seed,
        "metrics": computed,
        "definitions": definitions(computed),
        **({"metric_sources": sources} if (sources := sources_of(computed)) else {}),
        "shown": list(metrics),
        "goldens": goldens.header,
        "unranked": sorted(goldens.unranked),
        "skipped": [missing.golden_id for missing in goldens.skipped],
        "broken": sorted({str(mistake.path) for mistake in goldens.mistakes}),
    }


def report_goldens(goldens: RunGoldens, messages: Console) -> None:
    """Say which goldens are broken and which are skipped."""
    if goldens.mistakes:
        for mistake in goldens.mistakes:
            messages.print(harmless(str(mistake)), style="red", soft_wrap=True)
        wrong = len({mistake.path for mistake in goldens.mistakes})
        messages.print(f"{plural(wrong, 'golden')} broken and left out: harness check", style="red")
    if goldens.skipped:
        sets = ", ".join(sorted({missing.golden_id.rpartition("/")[0] for missing in goldens.skipped}))
        messages.print(
            f"{plural(len(goldens.skipped), 'golden')} skipped ({sets}): the pages are not here, since they must not be "
            "redistributed. Supply them with --dumps DIR or HARNESS_DUMPS=DIR, under any file name.",
            style="yellow",
            soft_wrap=True,
        )
