"""What the gate's files say of a page: the same lines in JUnit, Markdown and annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.baseline_rows import Row
from harness.engine.answer import FAILURES
from harness.report.gate_view import score
from harness.report.terminal import harmless
from harness.verdict import Cell, ExtractorChange, Passage

_PASSAGES = 3  # of each sort that are shown


def one_line(text: str, longest: int = 200) -> str:
    """Text of strangers in one line: harmless, every space a single one, cut where it is longer."""
    line = " ".join(harmless(text[: 4 * longest]).split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()} …"


def what_moved(cell: Cell, metric: str) -> Iterator[str]:
    """The metric, missed and leaked words and lost optional ones, before and after: a line for each that moved."""
    yield scores(cell, metric)
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
