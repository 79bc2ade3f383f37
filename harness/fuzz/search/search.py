"""Searches layouts that break an extractor, with Hypothesis: the worst case first, then its smallest layout.

Stage A only looks: it tells Hypothesis how bad each case is, by kind of failure, and Hypothesis steers towards worse ones.
Stage B takes what stage A kept and shrinks one kind at a time, with a threshold near the worst case, so that it neither
stops at the mildest failure nor slips from one kind to another. Needs the extra `fuzz`.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from typing import Literal
from unittest import SkipTest

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings, target
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.database import InMemoryExampleDatabase

from harness.fuzz.base import Nature
from harness.fuzz.catalogue import AnyOperator
from harness.fuzz.measure.relations import FLOORS, KINDS, Kind
from harness.fuzz.strategies import strategies_by_code
from harness.pages.page import Media

EXAMPLES = 300
MOST_OPERATORS = 3
DISPUTED = ("D30", "D48")  # whether text that only a script reveals is main content

Severities = Mapping[Kind, float]
Measure = Callable[[int, tuple[AnyOperator, ...]], Severities]
FailureGroup = Literal["natural", "hostile", "limit"]
"""Failures are looked for apart: of layouts that real pages have, of errors of authors, of sizes and depths."""

_NEAR = 0.9  # of the worst case, at which shrinking holds on
_CAPPED = 290.0  # seconds; Hypothesis gives up shrinking at 300
_HANGS = 3  # cases that hang before others with the same operators are no longer tried


class LayoutFailure(Exception):
    """A layout fails in one way; a class for each, by which Hypothesis tells them apart."""


@dataclass(frozen=True)
class WorstCase:
    """The smallest layout found of one kind of failure."""

    kind: Kind
    """The kind of failure."""

    group: FailureGroup
    """What sort of layout it is."""

    page: int
    """The number of the page."""

    operators: tuple[AnyOperator, ...]
    """What was done to the page."""

    severity: float
    """How bad the failure is, 0…1."""

    complete: bool
    """Whether shrinking came to its end."""


Goal = tuple[Kind, FailureGroup]
_FAILURES: dict[Goal, type[LayoutFailure]] = {
    (kind, group): type(f"{kind} {group}".title().replace(" ", ""), (LayoutFailure,), {})
    for kind in KINDS
    for group in ("natural", "hostile", "limit")
}


def group_of(operators: Sequence[AnyOperator]) -> FailureGroup:
    """Which group a composition belongs to: that of its least natural operator."""
    natures: set[Nature] = {operator.nature for operator in operators}
    return "limit" if "limit" in natures else "hostile" if "hostile" in natures else "natural"


def compositions(
    operators: Sequence[st.SearchStrategy[AnyOperator]], most: int = MOST_OPERATORS
) -> st.SearchStrategy[tuple[AnyOperator, ...]]:
    """Up to so many operators in a row, each once."""
    return st.lists(st.one_of(operators), max_size=most, unique_by=type).map(tuple)


def search(
    pages: int,
    operators: Sequence[st.SearchStrategy[AnyOperator]],
    measure: Measure,
    *,
    seed_number: int = 0,
    examples: int = EXAMPLES,
    seconds: float | None = None,
) -> Iterator[WorstCase]:
    """The smallest layout of each kind of failure that is found, the natural ones first, each as soon as it is known.

    pages: how many there are, the smallest first. operators: a strategy for each kind of operator, the harmless ones first.
    measure: the severities of operators on a page; it must not raise. seconds: after them, no further case is measured in
    stage A; without a limit the same seed finds the same.
    """
    cases = st.tuples(st.integers(0, pages - 1), compositions(operators))
    state = _Search(measure)
    with _own_home():
        database = InMemoryExampleDatabase()
        look = _settings(examples, database, [Phase.generate, Phase.target])
        state.deadline = None if seconds is None else time.monotonic() + seconds
        look(seed(seed_number)(given(cases)(state.run)))()
        state.deadline = None
        kept = {key: set(values) for key, values in database.data.items()}
        yield from _shrunk(state, cases, kept, seed_number, examples)


class _Search:
    """What is known of cases, and what is looked for."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._known: dict[str, Severities] = {}
        self._hangs: list[tuple[int, tuple[AnyOperator, ...]]] = []
        self.best: dict[Goal, tuple[float, int, tuple[AnyOperator, ...]]] = {}
        self.goal: Goal | None = None
        self.threshold = math.inf
        self.last: tuple[int, tuple[AnyOperator, ...], float] | None = None
        self.deadline: float | None = None

    def run(self, case: tuple[int, tuple[AnyOperator, ...]]) -> None:
        """One case. Raises the failure that is looked for."""
        page, operators = case
        if self.deadline is not None and time.monotonic() > self.deadline:
            return
        found = self.severities(page, operators)
        group = group_of(operators)
        for kind, severity in found.items():
            if severity and self.goal is None:
                target(severity, label=f"{kind} {group}")
            if severity >= FLOORS[kind] and severity > self.best.get((kind, group), (0.0, 0, ()))[0]:
                self.best[kind, group] = (severity, page, operators)
        if self.goal is not None and group == self.goal[1] and found[self.goal[0]] >= self.threshold:
            self.last = (page, operators, found[self.goal[0]])
            raise _FAILURES[self.goal]

    def severities(self, page: int, operators: tuple[AnyOperator, ...]) -> Severities:
        """How bad a case is; a case that would hang for the umpteenth time is not tried."""
        key = f"{page} {operators!r}"
        if key not in self._known:
            if self._would_hang(operators):
                return dict.fromkeys(KINDS, 0.0)
            self._known[key] = self._measure(page, operators)
            if self._known[key]["timeout"]:
                self._hangs.append((page, operators))
        return self._known[key]

    def _would_hang(self, operators: Sequence[AnyOperator]) -> bool:
        types = set(map(type, operators))
        return sum(set(map(type, hung)) <= types for _, hung in self._hangs) >= _HANGS


def _shrunk(
    state: _Search,
    cases: st.SearchStrategy[tuple[int, tuple[AnyOperator, ...]]],
    kept: Mapping[bytes, set[bytes]],
    seed_number: int,
    examples: int,
) -> Iterator[WorstCase]:
    order: list[FailureGroup] = ["natural", "hostile", "limit"]
    for goal in sorted(state.best, key=lambda goal: (order.index(goal[1]), list(KINDS).index(goal[0]))):
        kind, group = goal
        severity, page, operators = state.best[goal]
        if kind == "timeout":
            yield WorstCase(kind, group, page, _shrunk_hang(state, page, operators), severity, True)
            continue
        # Shrinking uses entries up: every kind begins with all of them.
        database = InMemoryExampleDatabase()
        database.data.update({key: set(values) for key, values in kept.items()})
        state.goal, state.threshold, state.last = goal, max(FLOORS[kind], _NEAR * severity), None
        began = time.monotonic()
        shrink = _settings(examples, database, [Phase.reuse, Phase.shrink])
        with suppress(_FAILURES[goal], SkipTest):
            shrink(seed(seed_number)(given(cases)(state.run)))()
        if state.last is not None:  # the last call replays the smallest case
            page, operators, severity = state.last
        if _milder_part_fails(state, goal, page, operators):
            continue  # found in a milder group
        complete = state.last is not None and time.monotonic() - began < _CAPPED
        yield WorstCase(kind, group, page, operators, severity, complete)
    state.goal = None


def _milder_part_fails(state: _Search, goal: Goal, page: int, operators: tuple[AnyOperator, ...]) -> bool:
    """Whether it fails in the same way without the operators that put the composition into its group."""
    kind, group = goal
    milder = tuple(operator for operator in operators if group == "natural" or group_of([operator]) != group)
    return len(milder) < len(operators) and state.severities(page, milder)[kind] >= FLOORS[kind]


def _shrunk_hang(state: _Search, page: int, operators: tuple[AnyOperator, ...]) -> tuple[AnyOperator, ...]:
    """Fewer operators and smaller numbers that still hang: few trials, since each takes as long as the limit."""

    def hangs(candidate: tuple[AnyOperator, ...]) -> bool:
        key = f"{page} {candidate!r}"
        if key not in state._known:
            state._known[key] = state._measure(page, candidate)
        return bool(state._known[key]["timeout"])

    for operator in operators:
        fewer = tuple(other for other in operators if other is not operator)
        if hangs(fewer):
            operators = fewer
    for place, operator in enumerate(operators):
        for field in fields(operator):
            high = getattr(operator, field.name)
            low = 0
            while isinstance(high, int) and not isinstance(high, bool) and high - low > 1:
                middle = (low + high) // 2
                smaller = replace(operators[place], **{field.name: middle})
                candidate = (*operators[:place], smaller, *operators[place + 1 :])
                if hangs(candidate):
                    operators, high = candidate, middle
                else:
                    low = middle
    return operators


def _settings(examples: int, database: InMemoryExampleDatabase, phases: list[Phase]) -> settings:
    """Every field is given: where CI is set, Hypothesis would otherwise start from a profile of its own."""
    return settings(
        max_examples=examples,
        derandomize=False,
        database=database,
        verbosity=Verbosity.quiet,
        phases=phases,
        stateful_step_count=50,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        deadline=None,
        print_blob=False,
        backend="hypothesis",
    )


@contextmanager
def _own_home() -> Iterator[None]:
    """Keep Hypothesis from writing into the current folder."""
    with tempfile.TemporaryDirectory() as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def strategies_of(media: Media, codes: Collection[str] = ()) -> list[st.SearchStrategy[AnyOperator]]:
    """A strategy for each operator on pages of a media type, the harmless ones first; with codes, only for those, without
    codes for all whose effect on the main content is beyond dispute."""
    known = strategies_by_code(media)
    return [strategy for code, strategy in known.items() if (code in codes if codes else code not in DISPUTED)]
