"""Two people's labels of the same pages: how far they agree, what they dispute, and one golden of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from harness.analysis.ceiling import ceiling
from harness.common.errors import CannotTell, Impossible
from harness.common.files import content_of, locked, write_whole
from harness.goldens.edited import with_labelling
from harness.goldens.golden import Golden
from harness.goldens.labellers import LabelAgreement, Meaning, agreement_of
from harness.goldens.labelling import Labelling
from harness.goldens.merged import Disputed, disputed, merged_text
from harness.goldens.reader import Dumps, GoldenError, PageNotFound, read_golden
from harness.goldens.sets import labellers_in
from harness.pages import visible
from harness.workbench.desk import Conflict, version_of
from harness.workbench.history import History
from harness.workbench.layout import Layout

CHOICES = ("first", "second", "maybe")


@dataclass(frozen=True)
class Shared:
    """A page that several people have labelled."""

    id: str
    """`SET/NAME`."""
    files: Mapping[str, Path]
    """The file of each labeller."""
    target: Path
    """The golden that is made of them."""


@dataclass(frozen=True)
class Pair:
    """Two people's labels of a page."""

    first: Golden
    """The first one's."""
    second: Golden
    """The second one's."""
    written: str
    """The text of the first one's file."""


@dataclass(frozen=True)
class PairedPage:
    """A page in the list."""

    id: str
    """Its id."""
    agreement: LabelAgreement
    """How far the two agree on it."""
    is_decided: bool
    """Whether a golden was made of both."""


@dataclass(frozen=True)
class Overview:
    """How far two people agree on all pages that both have labelled."""

    names: tuple[str, str]
    """The labellers."""
    agreement: LabelAgreement
    """Over all pages."""
    ceiling: float | None
    """The F that they score by each other's labels."""
    pages: Sequence[PairedPage]
    """The pages, those with the most disputed words first."""


class Agreements:
    """The pages of some folders that several people have labelled."""

    def __init__(self, folders: Sequence[Path], dumps: Dumps) -> None:
        self._folders, self._dumps = folders, dumps

    def shared(self) -> dict[str, Shared]:
        """Pages with files of two people or more, by id."""
        found = {}
        for folder in self._folders:
            for name, files in labellers_in(folder).items():
                inside = {who: path for who, path in files.items() if path.resolve().parent == folder.resolve()}
                if len(inside) > 1:
                    golden_id = f"{folder.resolve().name}/{name}"
                    found[golden_id] = Shared(golden_id, inside, folder / f"{name}.yaml")
        return found

    def overviews(self) -> list[Overview]:
        """Each two people who have labelled the same pages. Files with mistakes are left out."""
        pages: dict[tuple[str, str], list[Shared]] = {}
        for shared in self.shared().values():
            for names in combinations(sorted(shared.files), 2):
                pages.setdefault(names, []).append(shared)
        return [self._overview(names, listed) for names, listed in sorted(pages.items())]

    def _overview(self, names: tuple[str, str], listed: Sequence[Shared]) -> Overview:
        pairs, rows = [], []
        for shared in listed:
            try:
                pair = self.pair(shared, names)
            except (CannotTell, GoldenError):
                continue
            pairs.append((pair.first, pair.second))
            of_page = agreement_of([pairs[-1]])
            rows.append(PairedPage(shared.id, of_page, self._sources(shared) == names))
        rows.sort(key=lambda row: (row.agreement.same_verdict - row.agreement.words, row.id))
        return Overview(names, agreement_of(pairs), ceiling(pairs), rows)

    def pair(self, shared: Shared, names: tuple[str, str]) -> Pair:
        """Two people's labels. Raises Impossible for others, CannotTell for a page that is not here, GoldenError."""
        for name in names:
            if name not in shared.files:
                raise Impossible(f"{name!r} has no labels of {shared.id}")
        try:
            goldens = [read_golden(shared.files[name], self._dumps, shared.id) for name in names]
        except PageNotFound as error:
            raise CannotTell(f"{error}: supply it with --dumps DIR") from None
        if goldens[0].page.sha256 != goldens[1].page.sha256:
            raise CannotTell(f"{names[0]} and {names[1]} have labelled different pages under the name {shared.id}")
        written = content_of(shared.files[names[0]]).decode("utf-8-sig")
        return Pair(goldens[0], goldens[1], written)

    def state(self, golden_id: str, names: tuple[str, str]) -> Mapping[str, Any]:
        """What two people dispute on a page, and what is decided."""
        shared = self.known(golden_id)
        pair = self.pair(shared, names)
        items = list(disputed(pair.first, pair.second))
        layout = Layout(pair.first.page)
        saved = content_of(shared.target) if shared.target.is_file() else b""
        decided = self._decided(shared, items) if self._sources(shared) == names else {}
        return {
            "version": version_of(saved),
            "disputes": [
                {
                    "text": item.text.strip()[:4000],
                    "first": item.pair[0],
                    "second": item.pair[1],
                    "block": _block(layout, item),
                    "kinds": item.by_kind_only,
                }
                for item in items
            ],
            "choices": {str(number): choice for number, choice in decided.items()},
            "blocked": bool(saved) and self._sources(shared) != names,
        }

    def decide(
        self, golden_id: str, names: tuple[str, str], version: str, choices: Mapping[int, str], who: str
    ) -> Mapping[str, Any]:
        """Write the golden of both. choices: by the number of what is disputed, one of
        CHOICES; what has none is `maybe`, and kinds stay the first one's.

        Raises Conflict where the golden has changed, Impossible where it is another one.
        """
        shared = self.known(golden_id)
        with locked(History(shared.target).lock):
            saved = content_of(shared.target) if shared.target.is_file() else b""
            if version_of(saved) != version:
                raise Conflict("the golden was changed elsewhere: it is shown again as it is now")
            if saved and self._sources(shared) != names:
                raise Impossible(f"{shared.target.name} is there already, and not made of these two: remove it first")
            pair = self.pair(shared, names)
            items = list(disputed(pair.first, pair.second))
            if not all(0 <= number < len(items) and choice in CHOICES for number, choice in choices.items()):
                raise Impossible("there is no such choice")
            decided = {
                number: items[number].pair[CHOICES.index(choice)] for number, choice in choices.items() if choice != "maybe"
            }
            text = merged_text(pair.written, pair.first, pair.second, names, decided)
            text = with_labelling(text, Labelling(who, date.today(), sources=names))
            write_whole(shared.target, text.encode("utf-8"))
        return self.state(golden_id, names)

    def known(self, golden_id: str) -> Shared:
        """A page that several people have labelled. Raises Impossible for any other."""
        shared = self.shared().get(golden_id)
        if shared is None:
            raise Impossible(f"{golden_id!r} has no labels of two people")
        return shared

    def _sources(self, shared: Shared) -> tuple[str, ...]:
        """The people that the golden was made of; none where there is none, or it was made in another way."""
        golden = self._target(shared)
        return golden.labelling.sources if golden and golden.labelling else ()

    def _target(self, shared: Shared) -> Golden | None:
        if not shared.target.is_file():
            return None
        stat = shared.target.stat()
        return _read(shared.target, shared.id, self._dumps, (stat.st_size, stat.st_mtime_ns))

    def _decided(self, shared: Shared, items: Sequence[Disputed]) -> dict[int, str]:
        """What the golden says of what is disputed."""
        golden = self._target(shared)
        found: dict[int, str] = {}
        for number, item in enumerate(items):
            for label in golden.labels if golden else ():
                if (label.places, label.quotes, label.characters) == (
                    item.label.places,
                    item.label.quotes,
                    item.label.characters,
                ):
                    meaning: Meaning = label.verdict, label.kind
                    places = [place for place, said in enumerate(item.pair) if said == meaning]
                    found[number] = CHOICES[places[0]] if places else "maybe"
        return found


@lru_cache(maxsize=256)
def _read(path: Path, golden_id: str, dumps: Dumps, state: tuple[int, int]) -> Golden | None:
    """A golden as long as its file is the same."""
    try:
        return read_golden(path, dumps, golden_id)
    except GoldenError as error:
        return error.golden
    except (PageNotFound, OSError):
        return None


def _block(layout: Layout, item: Disputed) -> int:
    """The first block of what is disputed; -1 where it cannot be told."""
    place = item.label.places[0]
    if layout.tree is None:
        return layout.block_of.get(int(place.partition("-")[0].partition("[")[0]), -1)
    named = {node.mem_id for node in visible.select(layout.tree, place)[:1]}
    numbers = (element.number for element in layout.elements if element.node is not None and element.node.mem_id in named)
    return next((layout.spans[number][0] for number in numbers), -1)
