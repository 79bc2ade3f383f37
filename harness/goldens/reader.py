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
from harness.common.files import content_of
from harness.common.wording import did_you_mean
from harness.goldens.fact_reader import fact_of_entries, reasons_against_fact
from harness.goldens.facts import Fact
from harness.goldens.golden import GOLDEN_FILE_FORMAT, Golden, resolve
from harness.goldens.label_reader import LABEL_KEYS, ONE_OF, label_as_written, labels_of_entries, reasons_against
from harness.goldens.labelling import Labelling, labelling_of_entries, reasons_against_labelling
from harness.goldens.labels import Label
from harness.goldens.vocabulary import NO_MAIN_CONTENT, PAGE_KINDS
from harness.pages.packed import page_bytes
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
    "labeller": "optional",
    "labelled": "optional",
    "main": "optional",
    "labels": "required",
    "facts": "optional",
}
_OLDEST_FORMAT = 1
_FORMATS = tuple(str(number) for number in range(_OLDEST_FORMAT, GOLDEN_FILE_FORMAT + 1))
_SINCE_2 = frozenset({"main", "facts", "labeller", "labelled", ONE_OF, *LABEL_KEYS} - {"as"})
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
    """A golden file with mistakes. `mistakes` lists all of them; `golden` is what the right labels say, if a page and a
    label could be read."""

    def __init__(self, mistakes: list[Mistake], golden: Golden | None = None) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes
        self.golden = golden


class PageNotFound(Exception):
    """The page of a golden is not here: it must not be redistributed and was found in no folder of dumps."""

    def __init__(self, golden_id: str, sha256: str) -> None:
        super().__init__(golden_id, sha256)  # what a copy in another process is made from
        self.golden_id = golden_id
        self.sha256 = sha256

    def __str__(self) -> str:
        return f"{self.golden_id}: no file with SHA-256 {self.sha256}"


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


def read_golden(path: Path, dumps: Dumps, golden_id: str | None = None, written: bytes | None = None) -> Golden:
    """The golden that a file holds. Raises GoldenError with all mistakes, PageNotFound, or OSError for the file.

    written: what is to be read in place of the file's content, such as a change that is not saved yet.
    """
    return _GoldenReader(path, dumps, golden_id or f"{path.resolve().parent.name}/{path.stem}", written).read()


class _GoldenReader:
    """Reads one file, gathering mistakes on the way."""

    def __init__(self, path: Path, dumps: Dumps, golden_id: str, written: bytes | None) -> None:
        self.path, self.dumps, self.id, self.written = path, dumps, golden_id, written
        self.mistakes: list[Mistake] = []

    def mistake(self, row: int, reason: str, label: str = "") -> None:
        self.mistakes.append(Mistake(self.path, row, label, reason))

    def read(self) -> Golden:
        rows = self._keys()
        has_main = "main" not in rows
        self._format(rows)
        labels = self._labels(rows["labels"], has_main) if "labels" in rows else []
        facts = tuple(self._facts(rows["facts"])) if "facts" in rows else ()
        is_labelled = "labels" in rows or not has_main
        page = self._page(rows)
        if page and page.unreadable:
            self.mistake(0, f"its page would take too long to read: {page.unreadable}")
            page = None
        segments, wrong = resolve(page, labels) if page and (labels or not has_main) else ((), [])
        for label, reason in wrong:
            self.mistake(label.row, reason, str(label))
        kind, site = (str(rows[name].value) if name in rows else "" for name in ("kind", "site"))
        flags = () if has_main else (NO_MAIN_CONTENT,)
        labelled = segments if is_labelled else None
        labeller = str(rows["labeller"].value) if "labeller" in rows else ""
        labelling = self._labelling(rows["labelled"]) if "labelled" in rows else None
        golden = (
            Golden(
                self.id,
                page,
                kind,
                site,
                labelled,
                tuple(labels),
                own_facts=facts,
                labeller=labeller,
                labelling=labelling,
                flags=flags,
            )
            if page
            else None
        )
        if self.mistakes or golden is None:
            raise GoldenError(sorted(self.mistakes, key=lambda mistake: mistake.row), golden if segments else None)
        return golden

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
            if need == "required" and name not in rows and not (name == "labels" and {"main", "facts"} & rows.keys()):
                self.mistake(0, f"key {name!r} is missing")
        return rows

    def _yaml(self) -> Any:
        data = content_of(self.path, _MAX_BYTES) if self.written is None else self.written
        try:
            text = data.decode("utf-8")
            self._refuse_bombs(text)
            return yaml.compose(text, Loader=_Loader)
        except UnicodeDecodeError as error:
            self.mistake(0, f"not UTF-8: byte {error.start} is 0x{data[error.start]:02x}")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            row = mark.line + 1 if mark else 0
            self.mistake(row, "not YAML: " + ", ".join(filter(None, (error.context, error.problem))))
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
        for name in rows.keys() & _KEYS.keys() - {"labels", "labelled", "facts"}:
            if not isinstance(rows[name], yaml.ScalarNode) or not str(rows[name].value).strip():
                self.mistake(rows[name].start_mark.line + 1, f"key {name!r} needs one value")
                del rows[name]
        for name, allowed in (("golden", _FORMATS), ("media", MEDIA), ("kind", tuple(PAGE_KINDS)), ("main", ("none",))):
            if name in rows and rows[name].value not in allowed:
                value = rows[name].value
                hint = did_you_mean(value, allowed) or f"; known: {', '.join(allowed)}"
                self.mistake(rows[name].start_mark.line + 1, f"unknown {name} {value!r}{hint}")
                if name == "media":
                    del rows[name]
        self._is_first_format = "golden" in rows and rows["golden"].value == "1"
        for name in ("main", "facts", "labeller", "labelled"):
            if name in rows:
                self._require_second_format(rows[name].start_mark.line + 1, [name])

    def _require_second_format(self, row: int, keys: Iterable[str], label: str = "") -> None:
        """Say of keys that the first format does not have how to use them."""
        since = sorted(_SINCE_2.intersection(keys)) if self._is_first_format else []
        if since:
            which = ", ".join(f"`{key}`" for key in since)
            self.mistake(row, f"{which} is of format 2: `harness upgrade goldens {self.path}` rewrites the file", label)

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
        page = Page(page_bytes(found), rows["media"].value, url, lang)
        if page.sha256 != sha256:
            self.mistake(row, _what_changed(page, sha256, found))
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

    def _labelling(self, node: Any) -> Labelling | None:
        """Who labelled the page and when; None if it cannot be read, which is a mistake."""
        row = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self.mistake(row, "`labelled` is a mapping such as {labeller: ann, date: 2026-11-30}")
            return None
        entries = {str(key.value): value for key, value in node.value}
        reasons = list(reasons_against_labelling(entries))
        for reason in reasons:
            self.mistake(row, reason, "labelled")
        return None if reasons else labelling_of_entries(entries)

    def _facts(self, node: Any) -> Iterator[Fact]:
        """The facts that can be read; the others are mistakes."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.mistake(node.start_mark.line + 1, "`facts` needs a list of facts")
            return
        for item in node.value:
            row = item.start_mark.line + 1
            if not isinstance(item, yaml.MappingNode):
                self.mistake(row, 'a fact is a mapping such as {present: "It froze over"}')
                continue
            entries = {str(key.value): value for key, value in item.value}
            reasons = list(reasons_against_fact(entries))
            for reason in reasons:
                self.mistake(row, reason, label_as_written(entries))
            if not reasons:
                yield fact_of_entries(entries, f"{self.path.name}:{row}")

    def _labels(self, node: Any, has_main: bool) -> list[Label]:
        """The labels that can be read; the others are mistakes."""
        if not isinstance(node, yaml.SequenceNode):
            self.mistake(node.start_mark.line + 1, "`labels` needs a list of rules")
            return []
        read = [self._label(item) for item in node.value]
        labels = [label for found in read for label in found]
        kept = [label for label in labels if label.verdict == "keep"]
        if has_main and all(read) and not kept:
            reason = "no label is `keep`; if the page has no main content, such as a sign-in or an error, write `main: none`"
            self.mistake(0, reason)
        for label in () if has_main else kept:
            self.mistake(label.row, "`keep` contradicts `main: none`", str(label))
        return labels

    def _label(self, node: Any) -> list[Label]:
        """The labels that one rule is; none if something is wrong with it."""
        row = node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            self.mistake(row, "a label is a mapping such as {keep: 7-18, as: body}")
            return []
        entries = {str(key.value): value for key, value in node.value}
        shown = label_as_written(entries)
        reasons = list(reasons_against(entries, [str(key.value) for key, _ in node.value]))
        for reason in reasons:
            self.mistake(row, reason, shown)
        if reasons:
            return []
        self._require_second_format(row, entries, shown)
        return labels_of_entries(entries, row)


def _what_changed(page: Page, sha256: str, file: Path) -> str:
    """Why the bytes of a page have another SHA-256 than its golden says."""
    unix = page.raw.replace(b"\r\n", b"\n")
    again = {
        "LF": (unix, f"then check it out again: rm {file.name} && git checkout {file.name}"),
        "CRLF": (unix.replace(b"\n", b"\r\n"), "then put the page as its site sent it back, and commit it"),
    }
    for ends, (raw, then) in again.items():
        if hashlib.sha256(raw).hexdigest() == sha256:
            return (
                f"only the line ends of {file.name} have changed, from {ends}, as git does with `* text=auto`: write "
                f"`*{file.suffix} -text` into a file .gitattributes beside the goldens, {then}"
            )
    return f"the page has changed: its SHA-256 is {page.sha256}; look at the labels, then accept it"
