"""What the gate says in all its forms: scores, words, and the commands that show or accept something."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from harness.baseline.model import Row
from harness.engine.answer import FAILURES
from harness.gate.verdict import BrokenRule, Cell, ExtractorChange, NewFinding, Passage, Verdict
from harness.report.kit.terminal import harmless

_PASSAGES = 3  # of each sort that are shown


def one_line(text: str, longest: int = 200) -> str:
    """Text of strangers in one line: harmless, every space a single one, cut where it is longer."""
    line = " ".join(harmless(text[: 4 * longest]).split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()} …"


def what_moved(cell: Cell, metric: str) -> Iterator[str]:
    """The metric before and after, and what `moved_words` says."""
    yield scores(cell, metric)
    yield from moved_words(cell)


def moved_words(cell: Cell) -> Iterator[str]:
    """Missed and leaked words and lost optional ones, before and after: a line for each that moved."""
    if cell.before is not None and cell.after is not None:
        for name, old, new in (
            ("missed", cell.before.misses, cell.after.misses),
            ("leaked", cell.before.leaks, cell.after.leaks),
        ):
            moved = {kind: new.get(kind, 0) - old.get(kind, 0) for kind in sorted({*old, *new})}
            if any(moved.values()):
                counts = f"{cell.before.counts[name]:g} → {cell.after.counts[name]:g}"
                yield f"{name} {counts} words ({kinds(moved, '+g')})"
    if cell.lost:
        yield f"optional text lost: {kinds(cell.lost)}"


def scores(cell: Cell, metric: str) -> str:
    """The metric before and after, with the outcome where it is not text: `F 0.912 → 0.000 empty`."""

    def side(row: Row | None) -> str:
        if row is None:
            return "–"
        return score(row.scores.get(metric)) + ("" if row.outcome == "ok" else f" {row.outcome}")

    return f"{metric} {side(cell.before)} → {side(cell.after)}"


def kinds(words: Mapping[str, float], form: str = "g") -> str:
    """Numbers of words by kind, those that are not 0, the largest first."""
    largest = sorted(words.items(), key=lambda item: (-abs(item[1]), item[0]))
    return ", ".join(f"{kind} {format(number, form)}" for kind, number in largest if number)


def passages(cell: Cell, longest: int = 300) -> Iterator[tuple[str, str, str]]:
    """What is wrong, in words: `missed`, `leaked` or `lost`, the kind of the text, and the text in one line."""
    if cell.words is None:
        return
    sorts: tuple[tuple[str, tuple[Passage, ...]], ...] = (
        ("missed", cell.words.missed),
        ("leaked", cell.words.leaked),
        ("lost", cell.words.lost),
    )
    for sort, found in sorts:
        for passage in found[:_PASSAGES]:
            yield sort, passage.kind, one_line(passage.text, longest)


def failed(cell: Cell) -> bool:
    """Whether the extractor did not do its work: an exception, a crash, a deadline, no text as an answer."""
    return cell.after is not None and cell.after.outcome in FAILURES


def versions(change: ExtractorChange) -> str:
    """`2.0.0 → 2.1.0`, or the one version that is known."""
    return " → ".join(dict.fromkeys(name for name in (change.version_before, change.version_after) if name))


def show_command(verdict: Verdict, cell: Cell) -> str:
    """The command that shows a page as the run has it."""
    return f"harness show {_run(verdict)}--page {shlex.quote(cell.golden)} -e {shlex.quote(cell.extractor)}"


def accept_command(verdict: Verdict) -> str:
    """The command that makes the run the baseline."""
    return f"harness accept {_run(verdict)}".rstrip()


def accept_commands(verdict: Verdict) -> str:
    """The commands that let every broken rule through, in one line."""
    return " && ".join(dict.fromkeys(accept_of(rule, verdict) for rule in verdict.broken))


def accept_of(rule: BrokenRule, verdict: Verdict) -> str:
    """The command that lets a broken rule through."""
    return rule.accept if isinstance(rule, NewFinding) else accept_command(verdict)


def score(value: float | None) -> str:
    """A score with three decimals; more where they would all be 0."""
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) >= 0.0005 or not value else f"{value:.1g}"


def _run(verdict: Verdict) -> str:
    return f"{shlex.quote(verdict.run)} " if verdict.run else ""
