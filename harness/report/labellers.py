"""How far two people's labels agree, in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.common.wording import plural
from harness.goldens.labellers import LabelAgreement
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls


def print_label_agreement(
    agreement: LabelAgreement, names: tuple[str, str], console: Console, ceiling: float | None = None
) -> None:
    """Print the agreement by kind of text and of all words, and each disputed text in a line.

    ceiling: the F that the two score by each other's labels; None if it is not known.
    """
    kinds = agreement.kinds.values()
    columns = [
        Column("kind", list(agreement.kinds), justify="left"),
        Column(names[0], [str(one.first) for one in kinds]),
        Column(names[1], [str(one.second) for one in kinds]),
        Column("both", [str(one.both) for one in kinds]),
        Column("same verdict", [number(one.same_verdict / one.either) for one in kinds]),
        Column("alpha", [number(one.alpha) for one in kinds]),
    ]
    title = f"Agreement on {plural(agreement.words, 'word')} of {plural(agreement.pages, 'page')}"
    print_table(columns, console, title)
    same = number(agreement.same_verdict / agreement.words if agreement.words else None)
    console.print(
        f"verdicts: {same} the same, alpha {number(agreement.alpha_verdict)}; kinds: alpha {number(agreement.alpha_kind)}",
        style="bold",
    )
    if ceiling is not None:
        console.print(
            f"by each other's labels, the two score F {number(ceiling)}: no extractor can be told to be better than that"
        )
    for dispute in agreement.disputes:
        says = "; ".join(f"{name}: {' '.join(said)}" for name, said in zip(names, (dispute.first, dispute.second)))
        line = f"{dispute.golden}  line {dispute.line}  {says}: {' '.join(dispute.text.split())}"
        console.print(Text(escape_controls(line)), soft_wrap=True)
