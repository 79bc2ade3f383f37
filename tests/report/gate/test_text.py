"""The verdict in a terminal names all that a maintainer needs."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from factories.records import counted, run_of
from factories.verdicts import broken, gated, shown
from harness.report.gate.terminal import print_moves


def test_the_verdict_names_all_that_a_maintainer_needs():
    before = run_of(*(counted(f"core/{i}", frees={"title": 4}) for i in range(7)), counted("core/7"))
    after = run_of(
        *(counted(f"core/{i}", kept=49 - i, leaks={"consent": 12}) for i in range(7)),
        counted("core/7", outcome="timeout"),
    )
    after = replace(after, versions={"x": "1.1"})
    verdict = gated(before, after)
    page_rules = {"page_drop", "page_leak_growth", "page_optional_loss"}  # what they say is not said again of all pages
    assert {rule for rule, _ in broken(verdict)} == {"new_failures", "mean_drop", *page_rules}
    text = shown(verdict)
    assert text.startswith("worse than base.json: x on 8 pages\n")
    for part in (
        "x 1.0 → 1.1",
        "newly failing 1   worse 7",
        "new_failures: 1 page newly without text (timeout 1); 0 allowed",
        "page_leak_growth: words leaked more on 7 pages: consent up to 12 (core/6); 0 words allowed",
        "page_optional_loss: words that may come out were lost on 7 pages: title up to 4",
        "core/6   F 0.667 → 0.555",
        "missed 50 → 57 words (body +7)",
        "leaked 0 → 12 words (consent +12)",
        "optional text lost: title 4",
        "harness show now --page core/6 -e x",
        "Oops: \\u001b[31mno",
        "and 3 pages more",
        "harness accept now",
    ):
        assert part in text, part
    assert text.index("--page core/7") < text.index("--page core/6") < text.index("--page core/5")
    assert "core/0  " not in text
    assert "\x1b" not in text


def test_moves_are_the_largest_each_way():
    before = run_of(*(counted(f"core/{i}", kept=50) for i in range(9)))
    after = run_of(*(counted(f"core/{i}", kept=46 + i) for i in range(9)))
    out = io.StringIO()
    print_moves(gated(before, after), Console(file=out, width=100), number=1)
    assert [line.split()[1] for line in out.getvalue().splitlines()[1:]] == ["core/0", "core/8"]
