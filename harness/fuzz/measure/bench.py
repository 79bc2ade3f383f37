"""Measures what operators do to one extractor: the page as it is, the changed page, and the failure between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.engine.answer import Answer
from harness.engine.seat import Seat
from harness.fuzz.base import LayoutPage
from harness.fuzz.catalogue import AnyOperator, apply_all
from harness.fuzz.measure.ask import ask
from harness.fuzz.measure.relations import FLOORS, Kind, OutputReading, Truth, failure, read_output, severities, truth_of
from harness.goldens.golden import Golden

_CONTROLS = 64


@dataclass(frozen=True)
class MeasuredPage:
    """A page, what must come out of it, and what did."""

    golden: Golden
    """The page with its labels."""

    truth: Truth
    """What must come out."""

    answer: Answer
    """What the extractor answered."""

    reading: OutputReading
    """What the answer holds of the page."""


@dataclass(frozen=True)
class MeasuredCase:
    """One case: a page before and after a change."""

    operators: tuple[AnyOperator, ...]
    """The operators that apply to the page, in order."""

    before: MeasuredPage
    """The page without the change."""

    after: MeasuredPage
    """The page with it."""

    inserted: tuple[str, ...]
    """The texts that the change inserted as boilerplate."""

    severities: Mapping[Kind, float]
    """How bad each kind of failure is, 0…1."""

    @property
    def failure(self) -> tuple[Kind, float] | None:
        """The kind of the failure with its severity, None for none."""
        return failure(self.severities)

    def fails(self, kind: Kind, least: float | None = None) -> bool:
        """Whether it fails in this way, at least as badly."""
        found = self.failure
        return found is not None and found[0] == kind and found[1] >= (FLOORS[kind] if least is None else least)


class Bench:
    """Measures cases of one extractor. The sides of the pages that were asked for last are kept."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self._controls: dict[int, tuple[LayoutPage, MeasuredPage]] = {}

    def side(self, page: LayoutPage, golden_id: str = "fuzz/page") -> MeasuredPage:
        """What comes out of a page. Raises CannotLoad."""
        return self.side_of(page.golden(golden_id), page.inserted)

    def side_of(self, golden: Golden, inserted: Sequence[str] = ()) -> MeasuredPage:
        """What comes out of a golden's page, with the texts that operators inserted into it. Raises CannotLoad."""
        truth = truth_of(golden, inserted)
        answer = ask(self.seat, golden.page)
        return MeasuredPage(golden, truth, answer, read_output(truth, answer.outcome, answer.text))

    def control(self, page: LayoutPage) -> MeasuredPage:
        """The side of a page before any change."""
        known = self._controls.pop(id(page), None) or (page, self.side(page, "fuzz/control"))
        self._controls[id(page)] = known
        if len(self._controls) > _CONTROLS:
            self._controls.pop(next(iter(self._controls)))
        return known[1]

    def measure(self, page: LayoutPage, operators: Sequence[AnyOperator]) -> MeasuredCase:
        """What the operators that apply do on a page. Raises CannotLoad."""
        before = self.control(page)
        changed, done = apply_all(page, operators)
        after = self.side(changed) if done else before
        found = severities(before.truth, before.reading, after.truth, after.reading)
        return MeasuredCase(done, before, after, changed.inserted, found)
