"""Writes the screens of a run as files, which open from disk or from any host of files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.common.errors import Impossible
from harness.common.files import write_whole
from harness.goldens.golden import Golden
from harness.workbench.guard import PAGE_POLICY, of_file
from harness.workbench.index import IndexedRun
from harness.workbench.reading import golden_for
from harness.workbench.screens import Screens, framed

_STATIC = ("workbench.css", "run.js", "reading.js")


@dataclass(frozen=True)
class FileLinks:
    """Addresses of files, from the folder of a run or from `pages/` in it."""

    root: str
    """See harness.workbench.screens.Links."""
    numbers: Mapping[str, int]
    """The number of each page, by the id of its golden."""

    def run(self, run_id: str) -> str:
        """See harness.workbench.screens.Links."""
        return f"{self.root}index.html"

    def frame(self, run_id: str, golden_id: str) -> str:
        """See harness.workbench.screens.Links."""
        return f"{self.numbers[golden_id]}-page.html"

    def data(self, run_id: str) -> Mapping[str, Any]:
        """See harness.workbench.screens.Links."""
        return {"static": True}


def export(run: IndexedRun, folder: Path) -> int:
    """Write a run to a folder, which must be empty or not there. Returns the number of pages. Raises Impossible."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Impossible(f"{folder} is there already and not empty: name another folder, or remove it")
    data = json.loads(run.shown["data"])
    numbers = {about[0]: number for number, about in enumerate(data["pages"])}
    for name in _STATIC:
        write_whole(folder / "static" / name, (files("harness.workbench") / "static" / name).read_bytes())
    _write(folder / "index.html", Screens(FileLinks("", numbers)).run(run))
    screens = Screens(FileLinks("../", numbers))
    for golden_id, number in numbers.items():
        page = run.page(golden_id)
        names = sorted({record.extractor for record in page.records})
        chosen = [data["lead"] if data["lead"] in names else names[0]]
        _write(folder / "pages" / f"{number}.html", screens.reading(page, golden_id, chosen, names))
        golden = golden_for(run, golden_id)
        if isinstance(golden, Golden):
            _write(folder / "pages" / f"{number}-page.html", _alone(framed(golden)))
    return len(numbers)


def _alone(page: str) -> str:
    """A page that holds its own policy, since files have no headers."""
    meta = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{of_file(PAGE_POLICY)}">'
    return page.replace('<meta charset="utf-8">', meta, 1)


def _write(path: Path, text: str) -> None:
    write_whole(path, text.encode("utf-8", "backslashreplace"))
