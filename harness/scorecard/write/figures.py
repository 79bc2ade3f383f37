"""The charts of a scorecard as files of their own, for papers and slides."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Protocol

from harness.scorecard.values.card import Scorecard
from harness.scorecard.write import charts
from harness.scorecard.write.charts import Medium

MEDIA = {".svg": charts.SVG_FILE, ".pdf": charts.PDF_FILE}
"""What a figure can be written as, by the ending of its file."""


class _Chart(Protocol):
    def __call__(self, *, medium: Medium[bytes]) -> bytes | None: ...


def figures(card: Scorecard) -> Iterator[tuple[str, bytes]]:
    """The names of files with their content: every chart that the scorecard has values for, as each of MEDIA.

    Raises Impossible without matplotlib.
    """
    for name, chart in _charts(card):
        for ending, medium in MEDIA.items():
            if (content := chart(medium=medium)) is not None:
                yield f"{name}{ending}", content


def _charts(card: Scorecard) -> Iterator[tuple[str, _Chart]]:
    for track in card.tracks:
        of = _slug(track.name)
        yield f"leaderboard-{of}", partial(charts.leaderboard_chart, track)
        yield f"speed-{of}", partial(charts.speed_chart, track)
        yield f"spread-{of}", partial(charts.tails_chart, track)
    for history in card.history:
        yield f"releases-{_slug(history.title)}", partial(charts.history_chart, history)
    for robust in card.robustness.tracks if card.robustness else ():
        of = _slug(robust.name)
        yield f"doses-{of}", partial(charts.dose_chart, robust)
        yield f"losses-{of}", partial(charts.losses_chart, robust)
    if card.models:
        yield "risk", partial(charts.risk_chart, card.models.confidence)


def _slug(name: str) -> str:
    """A name as part of a file's name."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())
