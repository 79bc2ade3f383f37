"""Outputs that were made elsewhere, read from the files that the public benchmarks keep them in.

What a file says is checked once, from its beginning to its end; after that only the places of its outputs are in memory,
and each output is read when it is looked up.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from harness.common.errors import Impossible
from harness.common.files import open_file

_DEPTH = 3  # folders in each other: outputs, dataset, texts
_SHOWN = 10  # mistakes of one file that are spelled out
_SPACE = re.compile(r"[ \t\n\r]*")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SHAPES = "*.json, *.jsonl, or *.txt with one output each"


class PredictionsError(Impossible):
    """Predictions that cannot be read. `reasons` has one line for each mistake: where it is and what is expected."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Predictions:
    """The outputs of one extractor."""

    name: str
    """What the extractor is called."""
    version: str | None
    """The extractor's version; None where no file gives it."""
    paths: tuple[Path, ...]
    """The files, or the folder of texts."""
    sha256: str
    """SHA-256 of the file, or of the list of all files with theirs."""
    _places: Mapping[str, _StoredOutput] = field(repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The pages that there is an output for, in the order of the files: as these name them, of several datasets
        `DATASET/PAGE`."""
        return tuple(self._places)

    @property
    def source(self) -> str:
        """Where the outputs are from, with their hash: what makes them others than those of the same name."""
        more = f" and {len(self.paths) - 1} more" if len(self.paths) > 1 else ""
        return f"{self.paths[0]}{more} sha256:{self.sha256}"

    def lookup(self, golden_id: str) -> str | None:
        """The output for a golden, empty where the file has null; None if there is none.

        Raises PredictionsError if the file has changed since it was read.
        """
        key = self.key_of(golden_id)
        return None if key is None else self._places[key].read()

    def key_of(self, golden_id: str) -> str | None:
        """Which of `ids` a golden `SET/NAME` is: `SET/NAME`, of a set `wceb-DATASET` also `DATASET/NAME`, or `NAME`."""
        candidates = (golden_id, golden_id.removeprefix("wceb-"), golden_id.rpartition("/")[2])
        return next((key for key in candidates if key in self._places), None)

    def ambiguous(self, golden_ids: Iterable[str]) -> dict[str, list[str]]:
        """Those of `ids` that are the name of goldens of several sets, with these goldens."""
        found: dict[str, list[str]] = {}
        for golden_id in golden_ids:
            if (key := self.key_of(golden_id)) is not None:
                found.setdefault(key, []).append(golden_id)
        return {key: goldens for key, goldens in found.items() if len(goldens) > 1}

    def missing(self, golden_ids: Iterable[str]) -> list[str]:
        """The goldens without an output."""
        return [golden_id for golden_id in golden_ids if self.key_of(golden_id) is None]

    def surplus(self, golden_ids: Iterable[str]) -> list[str]:
        """Those of `ids` that belong to none of the goldens."""
        used = {self.key_of(golden_id) for golden_id in golden_ids}
        return [key for key in self._places if key not in used]


def read_predictions(paths: Iterable[Path]) -> list[Predictions]:
    """The predictions in files and folders, sorted by name. Raises PredictionsError with all mistakes of all files.

    Read are JSON of article-extraction-benchmark and of WCXB, JSON lines of WCEB and of WebMainBench, and folders of
    text files; a folder means all files in it (see docs/datasets.md).
    """
    mistakes: list[str] = []
    sources: dict[Path, Path] = {}
    for path in paths:
        for source in _sources(path, mistakes):
            sources.setdefault(source.resolve(), source)
    parts = [part for source in sources.values() for part in _read(source, mistakes)]
    by_name: dict[str, list[_Part]] = {}
    for part in parts:
        by_name.setdefault(part.name, []).append(part)
    found = [_joined(name, same, mistakes) for name, same in sorted(by_name.items())]
    if not sources and not mistakes:
        mistakes.append(f"no predictions were given; expected are {_SHAPES}")
    if mistakes:
        raise PredictionsError(mistakes)
    return found


@dataclass(frozen=True)
class _StoredOutput:
    """The place of an output in a file: which bytes, the size and time of the file, and how the bytes are read."""

    path: Path
    start: int
    length: int
    stamp: tuple[int, int]
    text_of: Callable[[bytes], str]

    def read(self) -> str:
        changed = f"{self.path}: has changed since it was read; score it again"
        try:
            with open_file(self.path) as file:
                if _stamp(file) != self.stamp:
                    raise PredictionsError([changed])
                file.seek(self.start)
                return self.text_of(file.read(self.length))
        except OSError as error:
            raise PredictionsError([f"{changed}: {error.strerror}"]) from None


@dataclass(frozen=True)
class _Part:
    """What one file, or one folder of texts, has of one extractor. `dataset` is the folder's name in WCEB's layout."""

    name: str
    path: Path
    sha256: str
    places: dict[str, _StoredOutput]
    version: str | None = None
    dataset: str | None = None


def _sources(path: Path, mistakes: list[str], depth: int = _DEPTH) -> list[Path]:
    """The files, and the folders of texts, at a path."""
    if path.is_file():
        if path.suffix in (".json", ".jsonl"):
            return [path]
        advice = "give the folder that it lies in" if path.suffix == ".txt" else f"expected are {_SHAPES}"
        mistakes.append(f"{path}: not a file of predictions; {advice}")
        return []
    if not path.is_dir():
        mistakes.append(f"{path}: no such file or folder")
        return []
    children = sorted(child for child in path.iterdir() if not child.name.startswith("."))
    files = [child for child in children if child.suffix in (".json", ".jsonl") and child.is_file()]
    texts = any(child.suffix == ".txt" for child in children)
    if files and texts:
        mistakes.append(f"{path}: holds *.txt beside {files[0].name}; give the files, or a folder of texts alone")
        return []
    found = files or ([path] if texts else [])
    if not found and depth:
        inside = [child for child in children if child.is_dir()]
        found = [source for child in inside for source in _sources(child, [], depth - 1)]
    if not found and depth == _DEPTH:
        mistakes.append(f"{path}: holds no predictions; expected are {_SHAPES}")
    return found


def _read(source: Path, mistakes: list[str]) -> list[_Part]:
    """The parts in a source; its mistakes are added to the others."""
    own: list[str] = []
    try:
        if source.is_dir():
            parts = [_read_texts(source, own)]
        elif source.suffix == ".jsonl":
            parts = _read_lines(source, own)
        else:
            parts = [_read_object(source, own)]
        if not own and not any(part.places for part in parts):
            own.append(f"{source}: holds no output")
    except OSError as error:
        parts = []
        own.append(f"{error.filename or source}: cannot be read: {error.strerror}")
    mistakes += own[:_SHOWN]
    if len(own) > _SHOWN:
        mistakes.append(f"{source}: {len(own) - _SHOWN:,} more mistakes")
    return parts


def _joined(name: str, parts: list[_Part], mistakes: list[str]) -> Predictions:
    """The predictions of one extractor; several files are one extractor's if they lie in folders of several datasets."""
    paths = tuple(part.path for part in parts)
    if len(parts) == 1:
        return Predictions(name, parts[0].version, paths, parts[0].sha256, parts[0].places)
    datasets = {part.dataset for part in parts}
    if None in datasets or len(datasets) < len(parts):
        where = ", ".join(map(str, paths))
        mistakes.append(f"several predictions are named {name!r}: {where}; rename the files, or score them one by one")
    places = {f"{part.dataset}/{key}": place for part in parts for key, place in part.places.items()}
    listed = "".join(f"{part.dataset} {part.sha256}\n" for part in sorted(parts, key=lambda part: str(part.dataset)))
    return Predictions(name, None, paths, hashlib.sha256(listed.encode("utf-8")).hexdigest(), places)


def _read_texts(folder: Path, mistakes: list[str]) -> _Part:
    places: dict[str, _StoredOutput] = {}
    listed = hashlib.sha256()
    for path in sorted(folder.glob("[!.]*.txt")):
        with open_file(path) as file:
            stamp = _stamp(file)
            raw = file.read()
        try:
            _plain(raw)
        except UnicodeDecodeError as error:
            mistakes.append(_not_unicode(path, raw, error))
        listed.update(f"{path.stem} {hashlib.sha256(raw).hexdigest()}\n".encode("utf-8", "surrogateescape"))
        places[path.stem] = _StoredOutput(path, 0, len(raw), stamp, _plain)
    return _Part(folder.resolve().name, folder, listed.hexdigest(), places)


def _read_lines(path: Path, mistakes: list[str]) -> list[_Part]:
    """The parts in JSON lines: one for the file, or one for each extractor that its lines name."""
    places: dict[str, dict[str, _StoredOutput]] = {}
    first: dict[tuple[str, str], int] = {}
    wceb = False
    digest = hashlib.sha256()
    with open_file(path) as file:
        stamp = _stamp(file)
        end = 0
        for number, raw in enumerate(file, 1):
            start, end = end, end + len(raw)
            digest.update(raw)
            if not raw.strip():
                continue
            where = f"{path}:{number}"
            try:
                row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
            except (ValueError, RecursionError) as error:
                mistakes.append(f"{where}: not JSON: {error}")
                continue
            key, fields = _row(row)
            if key is None or not fields:
                mistakes.append(
                    f'{where}: not an output; expected is {{"page_id", "plaintext"}} of WCEB, or {{"track_id", '
                    '"NAME_content", "NAME_success"} of WebMainBench'
                )
                continue
            wceb |= "page_id" in row
            for name, column in fields.items():
                if reason := _unfit(row.get(column)):
                    mistakes.append(f"{where}: {column} of {key!r} {reason}")
                if (name, key) in first:
                    mistakes.append(f"{where}: page {key!r} is also in line {first[name, key]}")
                first.setdefault((name, key), number)
                places.setdefault(name, {})[key] = _StoredOutput(path, start, len(raw), stamp, partial(_value, column))
    if len(places) < 2:
        (found,) = places.values() or [{}]
        return [_Part(path.stem, path, digest.hexdigest(), found, None, path.resolve().parent.name if wceb else None)]
    return [_Part(name or path.stem, path, digest.hexdigest(), found) for name, found in places.items()]


def _row(row: object) -> tuple[str | None, dict[str, str]]:
    """The page that a row is about, and its columns of text by the extractor's name, empty where that is the file's."""
    if not isinstance(row, dict):
        return None, {}
    key = next((row[name] for name in ("page_id", "track_id", "sample_id", "id") if name in row), None)
    if not isinstance(key, str):
        return None, {}
    if "page_id" in row:
        return key, {"": "plaintext"} if "plaintext" in row else {}
    if "extraction_success" in row:  # without content if the extractor failed
        return key, {"": "extracted_content"}
    names = [column.removesuffix("_content") for column in row if column.endswith("_content")]
    return key, {name: f"{name}_content" for name in names if f"{name}_success" in row}


def _read_object(path: Path, mistakes: list[str]) -> _Part:
    """The part in a JSON object of pages, or in the object `output` beside `version`."""
    with open_file(path) as file:
        stamp = _stamp(file)
        raw = file.read()
    places: dict[str, _StoredOutput] = {}
    lines: dict[str, int] = {}
    version = None
    try:
        text = raw.decode("utf-8-sig")
        members = list(_members(text, 0))
        if {member.key for member in members} == {"version", "output"} and len(members) == 2:
            output, told = sorted(members, key=lambda member: member.key)
            if isinstance(output.value, dict):
                version = told.value if isinstance(told.value, str) else None
                members = list(_members(text, output.start))
    except UnicodeDecodeError as error:
        mistakes.append(_not_unicode(path, raw, error))
        members = []
    except json.JSONDecodeError as error:
        mistakes.append(f"{path}:{error.lineno}: not a JSON object of pages: {error.msg} at column {error.colno}")
        members = []
    except (ValueError, RecursionError) as error:
        mistakes.append(f"{path}: not a JSON object of pages: {error}")
        members = []
    line, characters = 1, 0
    offset = len(raw) - len(text.encode("utf-8")) if members else 0  # a byte order mark
    for member in members:
        line += text.count("\n", characters, member.start)
        offset += len(text[characters : member.start].encode("utf-8"))
        length = len(text[member.start : member.end].encode("utf-8"))
        characters = member.start
        where = f"{path}:{line}: {member.key!r}"
        value = member.value
        column = None
        if isinstance(value, dict):
            column = "articleBody"
            reason = _unfit(value[column]) if column in value else "has no articleBody"
        else:
            reason = _unfit(value)
        if reason:
            mistakes.append(f'{where} {reason}; expected is text, null, or {{"articleBody": text or null}}')
        if member.key in lines:
            mistakes.append(f"{where} is also in line {lines[member.key]}")
        lines.setdefault(member.key, line)
        places[member.key] = _StoredOutput(path, offset, length, stamp, partial(_value, column))
    return _Part(path.stem, path, hashlib.sha256(raw).hexdigest(), places, version)


@dataclass(frozen=True)
class _Member:
    """A member of a JSON object; `start` and `end` are those of its value in the text."""

    key: str
    value: Any
    start: int
    end: int


def _members(text: str, start: int) -> Iterator[_Member]:
    """The members of the object that the text has there, with their places. Raises JSONDecodeError.

    A JSON reader keeps one of two members with the same name and no places; this keeps all.
    """
    decoder = json.JSONDecoder()

    def expect(characters: str, position: int) -> int:
        position = _after_space(text, position)
        if position >= len(text) or text[position] not in characters:
            raise json.JSONDecodeError(f"expected {' or '.join(characters)}", text, position)
        return position

    position = expect("{", start) + 1
    closing = expect('"}', position)
    while text[closing] != "}":
        key, position = decoder.raw_decode(text, expect('"', position))
        value_start = _after_space(text, expect(":", position) + 1)
        value, position = decoder.raw_decode(text, value_start)
        yield _Member(key, value, value_start, position)
        closing = expect(",}", position)
        position = closing + 1
    rest = _after_space(text, closing + 1)
    if start == 0 and rest < len(text):
        raise json.JSONDecodeError("expected nothing more", text, rest)


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _unfit(value: object) -> str | None:
    """Why a value is not an output."""
    if value is None:
        return None
    if not isinstance(value, str):
        return f"is not text but {type(value).__name__}"
    return "is not Unicode: it has a surrogate without a partner" if _LONE_SURROGATE.search(value) else None


def _plain(raw: bytes) -> str:
    return raw.decode("utf-8-sig")


def _value(column: str | None, raw: bytes) -> str:
    value = json.loads(raw.decode("utf-8-sig"))
    text: str | None = value if column is None or value is None else value.get(column)
    return text or ""


def _not_unicode(path: Path, raw: bytes, error: UnicodeDecodeError) -> str:
    line = raw.count(b"\n", 0, error.start) + 1
    return f"{path}:{line}: not UTF-8: {error.reason} (byte {error.start}); store it as UTF-8"


def _stamp(file: BinaryIO) -> tuple[int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns
