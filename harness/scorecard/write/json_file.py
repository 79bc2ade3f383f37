"""A scorecard for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from harness.scorecard.values.card import Scorecard


def scorecard_object(card: Scorecard) -> dict[str, Any]:
    """The scorecard as JSON has it; without `robustness` where there was no matrix."""
    written = asdict(card)
    if card.robustness is None:
        del written["robustness"]
    return written
