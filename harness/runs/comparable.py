"""Whether scores of two runs may be compared: the one rule, for the gate, for comparisons, scorecards and merges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

_WHAT = {"text": "what a word is", "words": "how words are counted"}


class Hashes(Protocol):
    """A golden as it was measured."""

    @property
    def page(self) -> str:
        """SHA-256 of the page's bytes."""
        ...

    @property
    def labels(self) -> str:
        """A hash of all that the golden says of the page, but for its facts."""
        ...

    @property
    def facts(self) -> str:
        """A hash of the golden's facts; empty where it has none."""
        ...


class Basis(Protocol):
    """What scores rest on: a run's header or a baseline."""

    @property
    def definitions(self) -> Mapping[str, int]:
        """Versions of what scores are computed by."""
        ...

    @property
    def goldens(self) -> Mapping[str, Hashes]:
        """The goldens that were measured."""
        ...


def why_not(before: Basis, after: Basis, *, golden: str | None = None, metric: str | None = None) -> str:
    """Why scores cannot be compared, such as `its labels changed`; empty if they can.

    golden: also whether the page and the labels of this golden are the same. metric: also whether the definition of this
    metric is the same, the first one where a side does not say which.
    """
    redefined = [what for name, what in _WHAT.items() if before.definitions.get(name) != after.definitions.get(name)]
    if metric and before.definitions.get(metric, 1) != after.definitions.get(metric, 1):
        redefined.append(f"the definition of {metric}")
    if redefined:
        return f"{' and '.join(redefined)} changed"
    if golden is None:
        return ""
    return why_not_golden(before.goldens.get(golden), after.goldens.get(golden), metric)


def why_not_golden(before: Hashes | None, after: Hashes | None, metric: str | None = None) -> str:
    """Why scores of a golden cannot be compared with those of its other state; empty if they can.

    metric: facts matter for metrics of facts only.
    """
    if before is None or after is None:
        return "its golden is not known on both sides"
    of_facts = (metric or "").partition(".")[0] == "facts"
    parts = ("page", "labels", "facts") if of_facts else ("page", "labels")
    changed = [name for name in parts if getattr(before, name) != getattr(after, name)]
    return f"its {' and '.join(changed)} changed" if changed else ""
