"""Reads golden files and says everything that is wrong with one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from harness.common.errors import Impossible
from harness.common.wording import did_you_mean
from harness.goldens.golden import GOLDEN_FILE_FORMAT, Golden, Label, resolve
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS, VERDICTS
from harness.pages.page import MEDIA, Page

_KEYS = {
    "golden": "required",
    "page": "optional",
    "sha256": "required",
    "media": "required",
    "lang": "required",
    "kind": "required",
    "site": "required",
    "url": "optional",
    "labels": "required",
}
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 8
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Mistake:
    """One thing wrong with a golden file."""

    path: Path
    """The file."""
    row: int
    """The line of the file, counted from 1; 0 where the file as a whole is wrong."""
    label: str
    """The rule that is wrong, as people read it; empty where it is none."""
    reason: str
    """What is wrong, and what to do."""

    def __str__(self) -> str:
        where = f"{self.path}:{self.row}" if self.row else str(self.path)
        return f"{where}: {self.label + ': ' if self.label else ''}{self.reason}"


class GoldenError(Impossible):
    """A golden file with mistakes. `mistakes` lists all of them."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class PageNotFound(Exception):
    """The page of a golden is not here: it must not be redistributed and was found in no folder of dumps."""

    def __init__(self, golden_id: str, sha256: str) -> None:
        super().__init__(f"{golden_id}: no file with SHA-256 {sha256}")
        self.golden_id = golden_id
        self.sha256 = sha256


class Dumps:
    """Folders in which pages are found by SHA-256 under any file name."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = tuple(folders)

    @cached_property
    def _by_hash(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in self.folders:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                found.setdefault(hashlib.sha256(path.read_bytes()).hexdigest(), path)
        return found

    def find(self, sha256: str) -> Path | None:
        """The file with that SHA-256, or None."""
        return self._by_hash.get(sha256)


def read_golden(path: Path, dumps: Dumps, golden_id: str | None = None) -> Golden:
    """The golden that a file holds. Raises GoldenError with all mistakes, PageNotFound, or OSError for the file."""
    return _GoldenReader(path, dumps, golden_id or f"{path.resolve().parent.name}/{path.stem}").read()


class _GoldenReader:
    """Reads one file, gathering mistakes on the way."""

    def __init__(self, path: Path, dumps: Dumps, golden_id: str) -> None:
        self.path, self.dumps, self.id = path, dumps, golden_id
        self.mistakes: list[Mistake] = []

    def mistake(self, row: int, reason: str, label: str = "") -> None:
        self.mistakes.append(Mistake(self.path, row, label, reason))

    def read(self) -> Golden:
        rows = self._keys()
        self._format(rows)
        labels = self._labels(rows["labels"]) if "labels" in rows else []
        page = self._page(rows)
        segments, wrong = resolve(page, labels) if page and labels else ((), [])
        for label, reason in wrong:
            self.mistake(label.row, reason, str(label))
        if self.mistakes or page is None:
            raise GoldenError(sorted(self.mistakes, key=lambda mistake: mistake.row))
        return Golden(self.id, page, str(rows["kind"].value), str(rows["site"].value), segments, tuple(labels))

    def _keys(self) -> dict[str, Any]:
        """The top-level keys with their YAML nodes."""
        root = self._yaml()
        if not isinstance(root, yaml.MappingNode):
            self.mistake(1, "not a golden: a mapping with the keys " + ", ".join(_KEYS))
            raise GoldenError(self.mistakes)
        rows: dict[str, Any] = {}
        for key, value in root.value:
            name, row = str(key.value), key.start_mark.line + 1
            if name not in _KEYS:
                self.mistake(row, f"unknown key {name!r}{did_you_mean(name, _KEYS)}")
            elif name in rows:
                self.mistake(row, f"key {name!r} stands here twice")
            rows[name] = value
        for name, need in _KEYS.items():
            if need == "required" and name not in rows:
                self.mistake(0, f"key {name!r} is missing")
        return rows

    def _yaml(self) -> Any:
        data = self.path.read_bytes()
        if len(data) > _MAX_BYTES:
            self.mistake(0, f"the file has {len(data):,} bytes; a golden has at most {_MAX_BYTES:,}")
        else:
            try:
                text = data.decode("utf-8")
                self._refuse_bombs(text)
                return yaml.compose(text, Loader=_Loader)
            except UnicodeDecodeError as error:
                self.mistake(0, f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}")
            except yaml.MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                self.mistake(
                    mark.line + 1 if mark else 0, "not YAML: " + ", ".join(filter(None, (error.context, error.problem)))
                )
            except yaml.YAMLError as error:
                self.mistake(0, f"not YAML: {str(error).splitlines()[0]}")
        raise GoldenError(self.mistakes)

    def _refuse_bombs(self, text: str) -> None:
        """An alias can stand for a thousandfold of its own size, and deep nesting for a stack overflow."""
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            row = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                self.mistake(row, "YAML aliases are not allowed in a golden")
            elif depth > _MAX_DEPTH:
                self.mistake(row, f"nested deeper than {_MAX_DEPTH} levels")
            if self.mistakes:
                raise GoldenError(self.mistakes)

    def _format(self, rows: dict[str, Any]) -> None:
        for name in rows.keys() & _KEYS.keys() - {"labels"}:
            if not isinstance(rows[name], yaml.ScalarNode) or not str(rows[name].value).strip():
                self.mistake(rows[name].start_mark.line + 1, f"key {name!r} needs one value")
                del rows[name]
        for name, allowed in (("golden", (str(GOLDEN_FILE_FORMAT),)), ("media", MEDIA), ("kind", tuple(PAGE_KINDS))):
            if name in rows and rows[name].value not in allowed:
                value = rows[name].value
                hint = did_you_mean(value, allowed) or f"; known: {', '.join(allowed)}"
                self.mistake(rows[name].start_mark.line + 1, f"unknown {name} {value!r}{hint}")
                if name == "media":
                    del rows[name]

    def _page(self, rows: dict[str, Any]) -> Page | None:
        if "sha256" not in rows or "media" not in rows:
            return None
        sha256, row = rows["sha256"].value, rows["sha256"].start_mark.line + 1
        if "page" in rows:
            found = self._file_beside(rows["page"])
        else:
            found = self.dumps.find(sha256)
            if found is None and not self.mistakes:
                raise PageNotFound(self.id, sha256)
        if found is None:
            return None
        url = rows["url"].value if "url" in rows else None
        lang = rows["lang"].value if "lang" in rows else None
        page = Page(found.read_bytes(), rows["media"].value, url, lang)
        if page.sha256 != sha256:
            self.mistake(row, f"the page has changed: its SHA-256 is {page.sha256}; look at the labels, then accept it")
        return page

    def _file_beside(self, node: Any) -> Path | None:
        """The page's file, which lies beside the golden or below it."""
        row = node.start_mark.line + 1
        try:
            file: Path = (self.path.parent / str(node.value)).resolve()
            inside = file.is_relative_to(self.path.parent.resolve())
            if inside and file.is_file():
                return file
        except ValueError:  # such as a NUL byte
            inside = True
        if inside:
            self.mistake(row, f"page {node.value!r} does not exist")
        else:
            self.mistake(row, "the page must lie beside its golden or below it")
        return None

    def _labels(self, node: Any) -> list[Label]:
        """The labels that can be read; the others are mistakes."""
        if not isinstance(node, yaml.SequenceNode):
            self.mistake(node.start_mark.line + 1, "`labels` needs a list of rules")
            return []
        labels = [label for item in node.value if (label := self._label(item))]
        if len(labels) == len(node.value) and not any(label.verdict == "keep" for label in labels):
            self.mistake(0, "no label is `keep`: a golden without main content measures nothing")
        return labels

    def _label(self, node: Any) -> Label | None:
        row = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self.mistake(row, "a label is a mapping such as {keep: 7-18, as: body}")
            return None
        entries = {str(key.value): value for key, value in node.value}
        shown = ", ".join(f"{key}: {', '.join(_scalars(value)) or '?'}" for key, value in entries.items())
        reasons = list(_reasons(entries, [str(key.value) for key, _ in node.value]))
        for reason in reasons:
            self.mistake(row, reason, shown)
        if reasons:
            return None
        verdict = next(verdict for verdict in VERDICTS if verdict in entries)
        kind = entries["as"].value if "as" in entries else "other"
        return Label(verdict, tuple(_scalars(entries[verdict])), kind, row)


def _reasons(entries: dict[str, Any], keys: list[str]) -> Iterator[str]:
    """What is wrong with one label, its places aside."""
    known = (*VERDICTS, "as")
    verdicts = [verdict for verdict in VERDICTS if verdict in entries]
    if len(verdicts) > 1 or (not verdicts and set(keys) <= set(known)):
        yield f"a label has exactly one of {', '.join(VERDICTS)}"
    for key in sorted(set(keys)):
        if key not in known:
            yield f"unknown key {key!r}{did_you_mean(key, known)}"
        elif keys.count(key) > 1:
            yield f"key {key!r} stands here twice"
    kind = entries.get("as")
    if kind is not None and not isinstance(kind, yaml.ScalarNode):
        yield "`as` needs one kind"
    elif kind is not None and kind.value not in TEXT_KINDS:
        yield f"unknown kind {kind.value!r}{did_you_mean(kind.value, TEXT_KINDS)}; see `harness list kinds`"
    for verdict in verdicts:
        node = entries[verdict]
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not items or not all(isinstance(item, yaml.ScalarNode) and str(item.value).strip() for item in items):
            yield f"`{verdict}` needs a place or a list of places"


def _scalars(node: Any) -> list[str]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return [str(item.value).strip() for item in items if isinstance(item, yaml.ScalarNode)]
