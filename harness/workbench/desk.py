"""The goldens on the desk: which there are, what is written in them, and how they are changed.

Requests name goldens by their ids; paths come from the folders that the workbench was started for and from nowhere else.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

import yaml

from harness.common.errors import CannotTell, Impossible
from harness.common.files import content_of, locked, write_whole
from harness.goldens.draft import draft, media_of
from harness.goldens.edited import with_labelling, with_value
from harness.goldens.golden import Golden, resolve
from harness.goldens.labelling import Labelling
from harness.goldens.reader import Dumps, GoldenError, PageNotFound, read_golden
from harness.goldens.sets import UnknownGoldens, find_goldens
from harness.pages.packed import page_bytes, page_name
from harness.pages.page import Page
from harness.workbench.history import History
from harness.workbench.layout import Layout
from harness.workbench.marked import MarkedPage
from harness.workbench.proposals import Votes

_PAGES = (".html", ".htm", ".xhtml", ".txt")
_TOP = re.compile(r"^(kind|lang|labelled):(.*)$", re.MULTILINE)
_PART = re.compile(r"(\w+):\s*([^,{}\s]+)")
_KEPT = 6  # pages that are kept parsed


class Conflict(CannotTell):
    """The golden, or its page, is not what it was when the change was begun."""


@dataclass(frozen=True)
class Place:
    """A golden on the desk, or a page that has none yet."""

    id: str
    """`SET/NAME`."""
    path: Path
    """The golden file."""
    page: Path | None
    """The file of a page without a golden; None where the golden names its page."""
    model: Path | None = None
    """The golden of the set, where `path` holds what one of several people says of its page."""


@dataclass(frozen=True)
class Sheet:
    """A golden as it is now."""

    place: Place
    """Where it lies."""
    text: str
    """The text of the golden file, or of a draft that is not saved yet."""
    version: str
    """A hash of what is saved; empty if nothing is."""
    golden: Golden | None
    """What it says; None if the page is not here or nothing could be read."""
    mistakes: tuple[str, ...]
    """What `harness check` would say of it."""

    def require_golden(self) -> Golden:
        """What it says. Raises CannotTell where there is none."""
        if self.golden is None:
            raise CannotTell("; ".join(self.mistakes) or "the golden cannot be read")
        return self.golden


@dataclass(frozen=True)
class Glance:
    """What a list shows of a golden."""

    id: str
    """Its id."""
    is_saved: bool
    """Whether there is a file."""
    kind: str
    """The kind of page."""
    lang: str
    """The language."""
    labelled: str
    """Who labelled it and when; empty where the file does not say so."""
    seconds: str = ""
    """In how many seconds."""


@dataclass(frozen=True)
class Opened:
    """A page that is kept parsed."""

    page: Page
    """The page."""
    layout: Layout
    """Its blocks."""
    marked: MarkedPage
    """The copy that is shown."""


class Desk:
    """What the workbench was started for."""

    def __init__(self, names: Sequence[str], dumps: Dumps, labeller: str, *, blind: bool, own_files: bool) -> None:
        """names: what `-g` takes. labeller: who labels. blind: whether no vote is shown. own_files: whether the labels are
        those of one of several people, in files NAME.LABELLER.yaml.

        Raises UnknownGoldens where there is nothing to label.
        """
        self.labeller, self.blind, self.own_files = labeller, blind, own_files
        self.dumps = dumps
        """Where pages are that do not lie beside their goldens."""
        self.places = {place.id: place for place in self._find(names)}
        """The goldens by id, in order."""
        self.folders = list(dict.fromkeys(place.path.parent for place in self.places.values()))
        """The folders that they lie in."""
        self._drafts: dict[str, str] = {}
        self._opened: OrderedDict[str, Opened] = OrderedDict()
        self._lock = Lock()

    def place(self, name: str) -> Place:
        """The golden with that id. Raises Impossible."""
        if name not in self.places:
            raise Impossible(f"the workbench was not started with a golden {name!r}")
        return self.places[name]

    def sheet(self, name: str) -> Sheet:
        """A golden as it is now. Raises OSError."""
        place = self.place(name)
        saved = content_of(place.path) if place.path.is_file() else b""
        text = saved.decode("utf-8", "replace") if saved else self._draft(place)
        golden, mistakes = self._read(place, text)
        return Sheet(place, text, version_of(saved), golden, mistakes)

    def glance(self, name: str) -> Glance:
        """What the list of goldens shows of one: read without YAML, since there may be thousands."""
        place = self.place(name)
        try:
            text = content_of(place.path).decode("utf-8", "replace")
        except OSError:
            return Glance(name, False, "", "", "")
        found = {match[1]: match[2].partition(" #")[0].strip() for match in _TOP.finditer(text)}
        who = {match[1]: match[2] for match in _PART.finditer(found.get("labelled", ""))}
        said = ", ".join(filter(None, [who.get("labeller"), who.get("date"), "blind" if who.get("blind") == "true" else ""]))
        return Glance(name, True, found.get("kind", ""), found.get("lang", "").strip("\"'"), said, who.get("seconds", ""))

    def opened(self, golden: Golden) -> Opened:
        """The page of a golden with its blocks. Raises Unreadable."""
        key = golden.page.sha256
        with self._lock:
            if key in self._opened:
                self._opened.move_to_end(key)
                return self._opened[key]
            opened = Opened(golden.page, Layout(golden.page), MarkedPage(golden.page))
            self._opened[key] = opened
            while len(self._opened) > _KEPT:
                self._opened.popitem(last=False)
            return opened

    def propose(self, name: str, votes: Votes) -> None:
        """Make the draft of a page that has no golden yet from what extractors return."""
        place = self.place(name)
        if not place.path.is_file():
            self._drafts[name] = self._new_draft(place, votes)

    def change(self, name: str, version: str, seconds: int, edit: Callable[[str, Golden], str]) -> Sheet:
        """Change a golden and save it. version: of what was changed. seconds: for how long somebody looked at it.

        Raises Conflict if it has changed meanwhile, or its page has; CannotTell if the change cannot be written.
        """
        place = self.place(name)
        history = History(place.path)
        with locked(history.lock):
            sheet = self.sheet(name)
            self._require_unchanged(sheet, version)
            golden = sheet.require_golden()
            history = History(place.path)
            history.seconds += seconds
            text = edit(sheet.text, golden)
            if text != sheet.text or not sheet.version:
                write_whole(place.path, text.encode("utf-8"))
                history.push(sheet.text, text)
            else:
                history.save()
        return self.sheet(name)

    def step(self, name: str, version: str, by: int) -> Sheet:
        """Undo (-1) or do again (1). Raises Conflict, and CannotTell if there is nothing."""
        place = self.place(name)
        with locked(History(place.path).lock):
            sheet = self.sheet(name)
            self._require_unchanged(sheet, version)
            text = History(place.path).step(by, sheet.text)
            if text is None:
                raise CannotTell("nothing to undo" if by < 0 else "nothing to do again")
            write_whole(place.path, text.encode("utf-8"))
        return self.sheet(name)

    def confirm(self, name: str, version: str, seconds: int) -> Sheet:
        """Save that the labels are done: by whom, when, and in how much time."""

        def done(text: str, golden: Golden) -> str:
            spent = History(self.place(name).path).seconds + seconds
            sources = golden.labelling.sources if golden.labelling else ()
            return with_labelling(text, Labelling(self.labeller, date.today(), spent, self.blind, sources))

        return self.change(name, version, seconds, done)

    def set_value(self, name: str, version: str, key: str, value: str | None) -> Sheet:
        """Change the kind of page or its language, or say that it has no main content."""
        return self.change(name, version, 0, lambda text, golden: with_value(text, key, value))

    def _require_unchanged(self, sheet: Sheet, version: str) -> None:
        if sheet.version != version:
            raise Conflict("the golden was changed elsewhere since it was opened here: it is shown again as it is now")
        if sheet.golden is not None and sheet.golden.page.sha256 != _checksum(sheet.text):
            raise Conflict("the page is not the one that was labelled: its checksum is another; nothing is saved")

    def _find(self, names: Sequence[str]) -> list[Place]:
        found: list[Place] = []
        try:
            for file in find_goldens(names):
                if _is_inside(file.path, file.path.parent):
                    found.append(Place(file.id, file.path, None))
        except UnknownGoldens:
            if not any(_pages_in(folder) for folder in _folders(names)):
                raise
        labelled = {place.path.with_suffix("").resolve() for place in found}
        for folder in _folders(names):
            for page in _pages_in(folder):
                bare = page_name(page)
                if bare.with_suffix("").resolve() not in labelled:
                    name = f"{folder.resolve().name}/{bare.stem}"
                    found.append(Place(name, bare.with_suffix(".yaml"), page))
        found.sort(key=lambda place: place.id)
        return [self._own(place) for place in found] if self.own_files else found

    def _own(self, place: Place) -> Place:
        """The place of the labels of one person."""
        path = place.path.with_name(f"{place.path.stem}.{self.labeller}.yaml")
        model = place.path if place.page is None else None
        return Place(place.id, path, place.page, model)

    def _draft(self, place: Place) -> str:
        if place.id not in self._drafts:
            self._drafts[place.id] = self._new_draft(place, None)
        return self._drafts[place.id]

    def _new_draft(self, place: Place, votes: Votes | None) -> str:
        labeller = self.labeller if self.own_files else ""
        lines = votes.lines if votes else None
        if place.model is None:
            assert place.page is not None
            raw = page_bytes(place.page)
            return draft(place.page, Page(raw, media_of(place.page, raw)), lines, labeller)
        try:
            golden = read_golden(place.model, self.dumps, place.id)
        except GoldenError as error:
            if error.golden is None:
                raise
            golden = error.golden
        head = _head(content_of(place.model).decode("utf-8"))
        written = draft(place.model.with_name(head.get("page", place.model.name)), golden.page, lines, labeller)
        for key in ("lang", "kind", "site", "url"):
            if key in head:
                written = with_value(written, key, _scalar(head[key]))
        return written if "page" in head else with_value(written, "page", None)

    def _read(self, place: Place, text: str) -> tuple[Golden | None, tuple[str, ...]]:
        try:
            return read_golden(place.path, self.dumps, place.id, text.encode("utf-8")), ()
        except GoldenError as error:
            mistakes = tuple(f"line {m.row}: {m.reason}" if m.row else m.reason for m in error.mistakes)
            return error.golden or self._unlabelled(place, text), mistakes
        except PageNotFound:
            return None, ("the page is not here: supply the folder that it is in with --dumps DIR",)

    def _unlabelled(self, place: Place, text: str) -> Golden | None:
        """The golden of a file that has no label yet; None for a file with other mistakes."""
        try:
            bare = with_value(with_value(text, "labels", None), "main", "none")
            golden = read_golden(place.path, self.dumps, place.id, bare.encode("utf-8"))
        except (GoldenError, PageNotFound, CannotTell, yaml.YAMLError):
            return None
        segments, _ = resolve(golden.page, ())
        return Golden(golden.id, golden.page, golden.kind, golden.site, segments)


def _scalar(value: str) -> str:
    return yaml.safe_dump(value, allow_unicode=True, width=1_000_000).removesuffix("...\n").strip()


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a file lies in a folder, and not where a link in the folder leads."""
    return path.resolve().is_relative_to(folder.resolve())


def _folders(names: Sequence[str]) -> list[Path]:
    """The folders that names are, and the folders in them."""
    given = [Path(name) for name in names if Path(name).is_dir()]
    return [place for folder in given for place in [folder, *sorted(folder.iterdir())] if place.is_dir()]


def _pages_in(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if page_name(path).suffix.lower() in _PAGES)
    return [path for path in files if path.is_file() and _is_inside(path, folder)]


def version_of(saved: bytes) -> str:
    """A hash of what a file holds; empty for nothing."""
    return hashlib.sha256(saved).hexdigest()[:16] if saved else ""


def _checksum(text: str) -> str:
    """The checksum of the page that a golden file states."""
    return _head(text).get("sha256", "")


def _head(text: str) -> dict[str, str]:
    """The keys of a golden file that have one value."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    rows = root.value if isinstance(root, yaml.MappingNode) else []
    return {str(key.value): str(node.value) for key, node in rows if isinstance(node, yaml.ScalarNode)}
