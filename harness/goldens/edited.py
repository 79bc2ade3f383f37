"""Changes the labels in the text of a golden file, everything else in it as it was written, comments too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.common.errors import CannotTell
from harness.goldens.golden import GOLDEN_FILE_FORMAT, Golden, places_named_again, resolve
from harness.goldens.labelling import Labelling
from harness.goldens.labels import Label
from harness.goldens.writer import flow_of
from harness.goldens.written_lists import RowLines, list_under, root_of

_MAX_PLACES = 8  # selectors in a rule
_EXCERPT = 90
_LINES = re.compile(r"(\d+)(?:-(\d+))?")


def with_label(written: str, golden: Golden, new: Label, comment: str = "") -> str:
    """The text of a golden file with one more label, which wins over those before it.

    Labels that say nothing any more are left out. A label that says the same as the last one is joined with it, and no label
    is added where the others say the same already. written: the file of the golden. comment: what stands behind the label.
    Raises CannotTell for a file whose labels do not stand in lines of their own.
    """
    listed = list_under(written, "labels")
    rows = {row.first + 1: row for row in listed.rows}  # as `Label.row` has it
    changed = replaced(golden, [new]) if golden.page.media == "text/html" else _without_lines(golden, new)
    left = [changed.get(label.row, label) for label in golden.labels]
    kept = [label for label in left if label is not None]
    lines = written.splitlines(keepends=True)
    added: list[Label] = [] if _says_already(golden, kept, new) else [new]
    last = kept[-1] if kept else None
    if added and last is not None and _can_join(last, new, golden.page.media):
        changed[last.row] = replace(last, places=(*last.places, *new.places))
        added = []
    for label in golden.labels:
        if label.row not in changed:
            continue
        row, now = rows[label.row], changed[label.row]
        for number in range(row.first, row.end):
            lines[number] = ""
        if now is not None:
            lines[row.first] = f"{listed.indent}- {flow_of(now)}{_comment(written, row)}\n"
    end = max((row.end for row in listed.rows), default=None)
    if end is None or (not added and not any(lines[row.first] for row in listed.rows)):
        return _with_first_label(lines, added, comment)
    before = "".join(lines[:end])
    before += "\n" if before and not before.endswith("\n") else ""
    return before + "".join(_written(label, comment, listed.indent) for label in added) + "".join(lines[end:])


def with_value(written: str, key: str, value: str | None) -> str:
    """The text of a golden file with another value of a key that has one line; None leaves the key out.

    A key that was not there comes before the labels. Raises CannotTell if it stands in several lines.
    """
    root = root_of(written)
    lines = written.splitlines(keepends=True)
    spans = {name.value: (name.start_mark.line, node.end_mark) for name, node in root.value}
    if key in spans:
        first, mark = spans[key]
        if mark.line + bool(mark.column) - first > 1:
            raise CannotTell(f"`{key}` stands in several lines: write it in one")
        lines[first] = "" if value is None else f"{key}: {value}\n"
    elif value is not None:
        place = min((spans[name][0] for name in ("labels", "facts") if name in spans), default=len(lines))
        if lines and place == len(lines) and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        lines.insert(place, f"{key}: {value}\n")
    return "".join(lines)


def with_labelling(written: str, labelling: Labelling) -> str:
    """The text of a golden file that says who labelled it; of the newest format, since earlier ones cannot."""
    return with_value(with_value(written, "golden", str(GOLDEN_FILE_FORMAT)), "labelled", str(labelling))


def replaced(golden: Golden, new: Sequence[Label]) -> dict[int, Label | None]:
    """Labels that cannot stand before new ones, since these name the same text or all of it, by their rows; and what is left
    of them, if anything."""
    named_again = places_named_again(golden.page, golden.labels, new)
    left = {golden.labels[index].row: places for index, places in named_again.items()}
    found = {
        label.row: replace(label, places=left[label.row]) if left[label.row] else None
        for label in golden.labels
        if label.row in left
    }
    kept = [found.get(label.row, label) for label in golden.labels]
    labels = [*(label for label in kept if label is not None), *new]
    return found | {label.row: None for label, _ in resolve(golden.page, labels)[1] if label.row}


def excerpt(text: str) -> str:
    """A text as a comment has it: one line, its beginning."""
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1].rstrip() + "…"


def _with_first_label(lines: list[str], added: Sequence[Label], comment: str) -> str:
    """A file without labels, with its first ones."""
    text = "".join(lines)
    empty = list_under(text, "labels")
    rows = [_written(label, comment, empty.indent) for label in added]
    if empty.key_line is None:
        return "".join([text, "" if text.endswith("\n") else "\n", "labels:\n", *rows])
    lines[empty.key_line] = "labels:\n" if rows else "labels: []\n"
    return "".join([*lines[: empty.key_line + 1], *rows, *lines[empty.key_line + 1 :]])


def _written(label: Label, comment: str, indent: str) -> str:
    return f"{indent}- {flow_of(label)}{f'  # {excerpt(comment)}' if comment else ''}\n"


def _comment(written: str, row: RowLines) -> str:
    """The comment at the end of a label that stands in one line."""
    line = written.splitlines()[row.first]
    _, mark, comment = line.rpartition("}  #")
    return f"  #{comment}" if mark and row.end - row.first == 1 else ""


def _can_join(last: Label, new: Label, media: str) -> bool:
    is_plain = not last.is_narrow and not new.is_narrow and last.notation is None
    fits = media == "text/plain" or len(last.places) + len(new.places) <= _MAX_PLACES
    return is_plain and fits and (last.verdict, last.kind) == (new.verdict, new.kind)


def _says_already(golden: Golden, kept: Sequence[Label], new: Label) -> bool:
    """Whether labels say of each text what they would say with a new one behind them."""
    sides = (resolve(golden.page, labels)[0] for labels in (kept, [*kept, new]))
    meanings = [[(part.verdict, part.kind) for part in side for char in part.text if not char.isspace()] for side in sides]
    return meanings[0] == meanings[1]


def _without_lines(golden: Golden, new: Label) -> dict[int, Label | None]:
    """Labels of a text dump that name lines which a new label names, by their rows, with the lines that are left."""
    taken = {number for place in new.places for number in _numbers(place)}
    changed: dict[int, Label | None] = {}
    for label in golden.labels:
        if "[" in "".join((*label.places, *new.places)):
            if set(label.places) & set(new.places):
                changed[label.row] = None
            continue
        numbers = [number for place in label.places for number in _numbers(place)]
        if not taken.isdisjoint(numbers):
            places = tuple(_ranges([number for number in numbers if number not in taken]))
            changed[label.row] = replace(label, places=places) if places else None
    return changed


def _numbers(place: str) -> range:
    match = _LINES.fullmatch(place)
    return range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers of lines as places, consecutive ones together."""
    start: int | None = None
    for index, number in enumerate(numbers):
        start = number if start is None else start
        if index + 1 == len(numbers) or numbers[index + 1] != number + 1:
            yield str(start) if start == number else f"{start}-{number}"
            start = None
