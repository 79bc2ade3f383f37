"""The screens that show runs, as HTML: the server and the export have the same ones, with other addresses."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.common.wording import plural
from harness.goldens.golden import Golden
from harness.runs.record import Run
from harness.workbench.guard import POLICY, of_file
from harness.workbench.index import IndexedRun
from harness.workbench.labelling import looks_of, said_of
from harness.workbench.layout import Layout
from harness.workbench.marked import MarkedPage
from harness.workbench.reading import RunRow, golden_for, main_content, panels


class Links(Protocol):
    """Where screens are."""

    @property
    def root(self) -> str:
        """What stands before `static/`."""
        ...

    def run(self, run_id: str) -> str:
        """The screen of a run."""
        ...

    def frame(self, run_id: str, golden_id: str) -> str:
        """The page of a golden, as it is shown in a frame."""
        ...

    def data(self, run_id: str) -> Mapping[str, Any]:
        """What the script that lists pages is told of addresses."""
        ...


@dataclass(frozen=True)
class ServerLinks:
    """Addresses of the server."""

    root: str = "/"
    """See Links."""

    def run(self, run_id: str) -> str:
        """See Links."""
        return f"/run/{quote(run_id)}"

    def frame(self, run_id: str, golden_id: str) -> str:
        """See Links."""
        return f"/run/{quote(run_id)}/frame/{quote(golden_id)}"

    def data(self, run_id: str) -> Mapping[str, Any]:
        """See Links."""
        return {"static": False, "base": f"/run/{quote(run_id)}/page/"}


class Screens:
    """Makes the HTML of screens."""

    def __init__(self, links: Links, token: str = "", **about: Any) -> None:
        """token: what data is asked for with; empty for files. about: what all templates are told."""
        self._links = links
        self._about = {
            "token": token,
            "root": links.root,
            "links": links,
            "blind": False,
            "policy": of_file(POLICY),
            **about,
        }
        self._templates = Environment(
            loader=PackageLoader("harness.workbench", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def screen(self, template: str, **values: Any) -> str:
        """A template with values."""
        return self._templates.get_template(template).render({**self._about, **values})

    def runs(self, rows: Sequence[RunRow]) -> str:
        """The list of runs."""
        return self.screen("runs.html.j2", rows=rows, plural=plural)

    def run(self, run: IndexedRun) -> str:
        """A run: its tables and its pages."""
        command = shlex.join(run.header.request.to_words())
        data, links = (script_data(text) for text in (run.shown["data"], json.dumps(self._links.data(run.id))))
        return self.screen(
            "run.html.j2", run=run, board=json.loads(run.shown["board"]), command=command, data=data, addresses=links
        )

    def reading(self, run: Run, golden_id: str, chosen: Sequence[str], shown: Sequence[str], label_link: str = "") -> str:
        """A page of a run. run: the part that is about it. chosen: the extractors to show first, one or two. shown: those
        that the file has.

        Raises Impossible for what the run does not have.
        """
        golden = golden_for(run, golden_id)
        names = sorted({record.extractor for record in run.records})
        record = run.records[0]
        return self.screen(
            "reading.html.j2",
            run=run,
            golden_id=golden_id,
            about=f"{record.kind}, {record.lang}, {record.site}, {plural(record.page_bytes, 'byte')}",
            names=names,
            shown=run.header.shown or ("P", "R", "F"),
            chosen=chosen,
            panels=panels(run, golden_id, golden, shown),
            frame=self._links.frame(run.id, golden_id) if isinstance(golden, Golden) else "",
            why_no_page=golden if isinstance(golden, str) else "",
            gold=main_content(golden),
            facts=golden.facts if isinstance(golden, Golden) else (),
            label_link=label_link,
        )


def framed(golden: Golden) -> str:
    """The page of a golden as it is shown in a frame, its blocks marked by the labels where it has some."""
    layout = Layout(golden.page)
    said = said_of(golden, layout) if golden.labelled is not None else []
    looks = looks_of(layout, said, dict.fromkeys(range(len(said)), "still"))
    return MarkedPage(golden.page).html(looks, None)


def script_data(text: str) -> Markup:
    """JSON for a script, in an element that holds it: nothing in it ends the element."""
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
