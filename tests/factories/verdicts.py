"""Verdicts of the gate over runs made up for them."""

from __future__ import annotations

import io

from hypothesis import strategies as st
from rich.console import Console

from factories.records import counted
from harness.baseline.model import baseline_of
from harness.gate.judge import judge
from harness.gate.rules import Amount, Amounts, Limits, Rules
from harness.gate.verdict import Verdict
from harness.report.gate.terminal import print_verdict
from harness.runs.record import Record, Run

KINDS = ("navigation", "consent", "duplicated")
OFF = float("inf")
NO_LIMITS = Limits(OFF, OFF, OFF, *[Amounts(Amount(OFF))] * 4, OFF)


def gated(before: Run, after: Run, rules: Rules | None = None) -> Verdict:
    return judge(after, baseline_of(before), rules or Rules(), run_name="now", baseline_name="base.json")


def broken(verdict: Verdict) -> set[tuple[str, str]]:
    return {(rule.rule, rule.pages) for rule in verdict.broken}


def states(verdict: Verdict) -> dict[str, str]:
    return {cell.golden: cell.state for cell in verdict.pages}


words = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 3), max_size=3)


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Two measurements of the same pages by one or two extractors."""
    before, after = [], []
    for extractor in ("x", "y")[: draw(st.integers(1, 2))]:
        for number in range(draw(st.integers(1, 4))):
            for side in (before, after):
                kept = draw(st.integers(0, 4))
                side.append(
                    counted(
                        f"core/{number}",
                        extractor,
                        kept=kept,
                        missed=4 - kept,
                        leaks=draw(words),
                        frees=draw(words),
                        outcome=draw(st.sampled_from(["ok", "ok", "ok", "empty", "timeout"])),
                        kind=("article", "forum")[number % 2],
                    )
                )
    return before, after


def shown(verdict: Verdict, width: int = 100) -> str:
    out = io.StringIO()
    print_verdict(verdict, Console(file=out, width=width))
    return out.getvalue()
