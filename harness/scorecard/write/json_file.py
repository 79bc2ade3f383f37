"""A scorecard for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from harness.scorecard.values.card import Scorecard


def scorecard_object(card: Scorecard) -> dict[str, Any]:
    """The scorecard as JSON has it; without `robustness`, `exposure` or `models` where there was none."""
    written = asdict(card)
    for name in ("robustness", "exposure", "models"):
        if written[name] is None:
            del written[name]
    return written
