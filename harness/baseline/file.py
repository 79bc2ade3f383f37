"""The baseline: what extractors did on each page when somebody last looked and agreed (docs/gate.md).

It is one JSON file with a line for each extractor, each golden and each pair of them, sorted, so that its diff in version
control reads as a table. It holds no times and no texts.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.baseline.model import (
    Baseline,
    BaselineExtractor,
    BaselineGolden,
    BaselineRow,
    Measurement,
    RowKey,
)
from harness.common.errors import CANNOT_TELL, CannotTell, Impossible
from harness.common.files import content_of, write_whole
from harness.common.typed import Count, typed
from harness.common.wording import plural
from harness.engine.answer import FAILURES, OUTCOMES
from harness.metrics import FAMILIES, METRICS
from harness.pages.page import MEDIA
from harness.runs.rows import COUNTS

BASELINE_FILE_FORMAT = 1
BASELINE = Path("reports/baseline.json")

_RESTORE = "take an earlier version of the file from version control, or delete it and run `harness accept`"
_MARKERS = ("<<<<<<< ", "||||||| ", ">>>>>>> ")
_WORDS = ("counts", "leaks", "misses", "frees")
_OF_WORDS = ("P", "R", "F")


class BaselineError(Impossible):
    """A baseline that cannot be read: says where it is damaged and what to do."""


class NoBaseline(BaselineError, CannotTell):
    """There is no baseline yet."""

    code = CANNOT_TELL


class _Damaged(Exception):
    """What is wrong with one entry."""


class _Twice(Exception):
    """A name that an object has twice."""


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write the file: whole, or not at all. Raises BaselineError for rows that nobody can have measured, which reading would
    refuse."""
    limits = _limits()
    for row in baseline.rows.values():
        for reason in filter(None, (_impossible(measured, limits) for measured in row.each)):
            raise BaselineError(f"{row.extractor} on {row.golden} cannot have been measured: {reason}; run it again")
    write_whole(path, baseline_json(baseline).encode("utf-8", "backslashreplace"))


def baseline_json(baseline: Baseline) -> str:
    """The text of the file: the same for equal baselines."""
    goldens = {golden_id: _golden_object(golden) for golden_id, golden in baseline.goldens.items()}
    extractors = {name: _extractor_object(about) for name, about in baseline.extractors.items()}
    rows = [_json(_row_object(baseline.rows[pair])) for pair in sorted(baseline.rows)]
    return (
        "{\n"
        f'"baseline": {BASELINE_FILE_FORMAT},\n'
        f'"definitions": {_json(dict(sorted(baseline.definitions.items())))},\n'
        f'"unranked": {_json(sorted(baseline.unranked))},\n'
        f'"extractors": {{{_lines(_named(extractors))}}},\n'
        f'"goldens": {{{_lines(_named(goldens))}}},\n'
        f'"rows": [{_lines(rows)}]\n'
        "}\n"
    )


def read_baseline(path: Path = BASELINE) -> Baseline:
    """The baseline in a file. Raises NoBaseline, and BaselineError, with the line, for what is damaged."""
    try:
        text = content_of(path).decode("utf-8")
    except FileNotFoundError:
        raise NoBaseline(f"no baseline {path}; `harness accept` makes one of the latest run") from None
    except UnicodeDecodeError as error:
        raise BaselineError(f"{path}: not UTF-8 (byte {error.start}); {_RESTORE}") from None
    except OSError as error:
        raise BaselineError(f"{path}: {error.strerror}") from None
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(_MARKERS):
            remedy = "resolve it, keeping either side, then `harness run` and `harness accept`"
            raise BaselineError(f"{path}:{number}: a conflict that a merge left: {remedy}")
    try:
        content = json.loads(text, object_pairs_hook=_unique)
    except _Twice as error:
        lines = [number for number, line in enumerate(text.split("\n"), 1) if line.startswith(f"{_json(str(error))}:")]
        raise BaselineError(f"{path}:{lines[-1] if lines else 1}: {str(error)!r} occurs twice; {_RESTORE}") from None
    except json.JSONDecodeError as error:
        raise BaselineError(f"{path}:{error.lineno}: not JSON ({error.msg}); {_RESTORE}") from None
    except (ValueError, RecursionError):
        raise BaselineError(f"{path}: not JSON that can be read; {_RESTORE}") from None
    if not isinstance(content, dict) or "baseline" not in content:
        raise BaselineError(f"{path}: not a baseline; `harness accept` makes one")
    if content["baseline"] != BASELINE_FILE_FORMAT:
        raise BaselineError(
            f"{path}: format {content['baseline']!r} is not {BASELINE_FILE_FORMAT}: made by another version of harness; "
            "use that one, or `harness run` and `harness accept` with this one after removing the file"
        )
    try:
        return _baseline(content, lambda part, entry: f"{path}:{_line(text, part, entry)}")
    except _Damaged as error:
        raise BaselineError(f"{error}; {_RESTORE}") from None


def _baseline(content: Mapping[str, Any], place: Callable[[str, int], str]) -> Baseline:
    for name, kind in (("definitions", dict), ("unranked", list), ("extractors", dict), ("goldens", dict), ("rows", list)):
        if not isinstance(content.get(name), kind):
            raise _Damaged(f"{place(name, -1)}: `{name}` is damaged or missing")
    for name, each in (("definitions", dict[str, Count]), ("unranked", list[str])):
        try:
            typed(each, content[name])
        except ValueError:
            raise _Damaged(f"{place(name, -1)}: `{name}` is damaged") from None

    def read(part: str, entries: Iterable[Any], reader: Callable[[Any], Any]) -> list[Any]:
        found = []
        for number, entry in enumerate(entries):
            try:
                found.append(reader(entry))
            except (_Damaged, ValueError) as error:
                reason = str(error) if isinstance(error, _Damaged) else f"no entry of `{part}`: {error}"
                raise _Damaged(f"{place(part, number)}: {reason}") from None
        return found

    extractors = dict(read("extractors", content["extractors"].items(), _extractor))
    goldens = dict(read("goldens", content["goldens"].items(), _golden))
    rows: dict[RowKey, BaselineRow] = {}
    limits = _limits()

    def add(entry: Mapping[str, Any]) -> None:
        row = _row(entry, limits)
        if row.extractor not in extractors:
            raise _Damaged(f"the extractor {row.extractor!r} is not among `extractors`")
        if row.golden not in goldens:
            raise _Damaged(f"the golden {row.golden!r} is not among `goldens`")
        if (row.extractor, row.golden) in rows:
            raise _Damaged(f"a second row of {row.extractor!r} on {row.golden!r}")
        rows[row.extractor, row.golden] = row

    read("rows", _taken(content["rows"]), add)
    measured = {name for name, _ in rows}
    for number, name in enumerate(content["extractors"]):
        if name not in measured:
            # Its pages would all be new, so that nothing of it would be judged.
            raise _Damaged(f"{place('extractors', number)}: the extractor {name!r} has no row")
    return Baseline(
        content["definitions"],
        dict(sorted(extractors.items())),
        dict(sorted(goldens.items())),
        dict(sorted(rows.items())),
        tuple(sorted(content["unranked"])),
    )


def _taken(entries: list[Any]) -> Iterator[Any]:
    """The entries of a list, which lets go of each, so that memory holds what is made of it in its place."""
    for number, entry in enumerate(entries):
        entries[number] = None
        yield entry


def _extractor(entry: tuple[str, Any]) -> tuple[str, BaselineExtractor]:
    return entry[0], typed(BaselineExtractor, entry[1])


def _golden(entry: tuple[str, Any]) -> tuple[str, BaselineGolden]:
    golden = typed(BaselineGolden, entry[1])
    if golden.media not in MEDIA:
        raise _Damaged(f"unknown media type {golden.media!r}")
    return entry[0], golden


def _row(entry: Any, limits: Mapping[str, float]) -> BaselineRow:
    row = typed(BaselineRow, entry)
    for measured in row.each:
        if measured.outcome not in OUTCOMES:
            raise _Damaged(f"unknown outcome {measured.outcome!r}")
        if measured.counts and set(measured.counts) != {*COUNTS}:
            raise _Damaged("`counts` must have kept, missed, leaked and free, and nothing else")
        if reason := _impossible(measured, limits):
            raise _Damaged(f"{row.extractor!r} on {row.golden!r}: {reason}")
    return row


def _limits() -> dict[str, float]:
    """The largest possible value of each metric of the harness; the least one of all is 0."""
    return {
        name: 1.0 if metric.higher_is_better else math.inf for name, metric in METRICS.items() if FAMILIES.is_built_in(name)
    }


def _impossible(measured: Measurement, limits: Mapping[str, float]) -> str:
    """Why nothing can have been measured so; empty if it can. limits: of metrics whose limits are known."""
    for name, value in measured.scores.items():
        if value is not None and name in limits and not 0 <= value <= limits[name]:
            return f"{name} is {value:g}, and can only be {'from 0 to 1' if limits[name] == 1 else '0 or more'}"
    if measured.outcome in FAILURES:
        scored = [name for name in _OF_WORDS if measured.scores.get(name)]
        return f"the outcome is {measured.outcome}, and {' and '.join(scored)} not 0" if scored else ""
    for name, kinds in (("leaked", measured.leaks), ("missed", measured.misses), ("free", measured.frees)):
        words, counted = sum(kinds.values()), measured.counts.get(name, 0)
        # Of some free words the kind is not known.
        if measured.counts and (words > counted or (words < counted and name != "free")):
            return f"`counts` has {plural(counted, 'word')} {name}, and its kinds have {words}"
    return ""


def _extractor_object(about: BaselineExtractor) -> dict[str, Any]:
    options = {"options": dict(about.options)} if about.options else {}
    names = ("reference", "word", "retried")
    rare = {name: value for name in names if (value := getattr(about, name))}
    return {"version": about.version, **options, **rare}


def _golden_object(golden: BaselineGolden) -> dict[str, Any]:
    fields = {**vars(golden), "flags": list(golden.flags)}
    return {name: value for name, value in fields.items() if value or name not in ("flags", "facts", "policy")}


def _row_object(row: BaselineRow) -> dict[str, Any]:
    return {
        "extractor": row.extractor,
        "golden": row.golden,
        **({"coerced": True} if row.coerced else {}),
        **_measured_object(row),
        **({"why": row.why} if row.why else {}),
        **({"repeats": [_measured_object(repeat) for repeat in row.repeats]} if row.repeats else {}),
    }


def _measured_object(measured: Measurement) -> dict[str, Any]:
    words = {name: dict(sorted(getattr(measured, name).items())) for name in _WORDS[1:]}
    counts = {name: measured.counts[name] for name in COUNTS if measured.counts}
    size = {"characters": measured.characters} if measured.characters else {}
    failed = {"failed_facts": list(measured.failed_facts)} if measured.failed_facts else {}
    return {"outcome": measured.outcome, "scores": dict(measured.scores), "counts": counts, **words, **size, **failed}


def _named(entries: Mapping[str, Any]) -> list[str]:
    return [f"{_json(name)}: {_json(entries[name])}" for name in sorted(entries)]


def _lines(entries: Iterable[str]) -> str:
    joined = ",\n".join(entries)
    return f"\n{joined}\n" if joined else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _line(text: str, part: str, entry: int) -> int:
    """The line of an entry of a part; of the part itself for -1, and if the file was laid out anew."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines, 1) if line.startswith(f'"{part}":')), 1)
    line = first + 1 + entry
    return line if entry >= 0 and line <= len(lines) and lines[line - 1].startswith(('{"', '"')) else first


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of JSON pairs. Raises _Twice for a name that occurs twice, as after a careless merge."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice(next(name for name, number in Counter(name for name, _ in pairs).items() if number > 1))
    return found
