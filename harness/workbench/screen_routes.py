"""The screens of the workbench: HTML, and the pages in their frames."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from harness.analysis.audit import REASONS, audit, outputs_of
from harness.common.errors import Impossible
from harness.goldens.facts import CATEGORIES, NEIGHBOURS
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS
from harness.report.kit.numbers import number
from harness.runs.file import read_run_file
from harness.workbench import kinds
from harness.workbench.asked import names_in, number_of
from harness.workbench.bench import Workbench
from harness.workbench.guard import PAGE_POLICY
from harness.workbench.labelling import looks_of, said_of
from harness.workbench.reading import golden_for
from harness.workbench.screens import Screens, ServerLinks, framed


class ScreenRoutes:
    """Answers requests for screens."""

    def __init__(self, bench: Workbench) -> None:
        self._bench, self._desk = bench, bench.desk
        about = {"labeller": self._desk.labeller, "blind": self._desk.blind}
        self._html = Screens(ServerLinks(), bench.token, **about)

    def _screen(self, template: str, **values: Any) -> HTMLResponse:
        return HTMLResponse(self._html.screen(template, **values))

    async def index(self, request: Request) -> Response:
        """The goldens."""
        rows = await run_in_threadpool(lambda: [*map(self._desk.glance, self._desk.places)])
        return self._screen("index.html.j2", rows=rows)

    async def label(self, request: Request) -> Response:
        """The screen that labels a page."""
        name = request.path_params["name"]
        self._desk.place(name)
        names = list(self._desk.places)
        place = names.index(name)
        return self._screen(
            "label.html.j2",
            id=name,
            number=place + 1,
            total=len(names),
            previous=names[place - 1] if place else "",
            following=names[place + 1] if place + 1 < len(names) else "",
            text_kinds=TEXT_KINDS,
            page_kinds=PAGE_KINDS,
            codes=kinds.codes(),
            categories=CATEGORIES,
            neighbours=NEIGHBOURS,
        )

    async def page(self, request: Request) -> Response:
        """The page in its frame."""
        query = request.query_params
        chosen = range(number_of(query.get("from"), 0), number_of(query.get("to"), -1) + 1)

        def made() -> str:
            golden = self._desk.sheet(request.path_params["name"]).require_golden()
            opened = self._desk.opened(golden)
            said = said_of(golden, opened.layout)
            looks = looks_of(opened.layout, said, {number: "chosen" for number in chosen})
            return opened.marked.html(looks, f"/pick/{self._bench.key}/{quote(query.get('tab', ''), safe='')}/")

        return HTMLResponse(await run_in_threadpool(made), headers={"Content-Security-Policy": PAGE_POLICY})

    async def agree(self, request: Request) -> Response:
        """How far people agree."""
        overviews = await run_in_threadpool(self._bench.agreements.overviews)
        return self._screen("agree.html.j2", overviews=overviews, number=number)

    async def decide(self, request: Request) -> Response:
        """What two people dispute on a page."""
        name, (a, b) = request.path_params["name"], names_in(request)

        def made() -> str:
            pair = self._bench.agreements.pair(self._bench.agreements.known(name), (a, b))
            marked = self._desk.opened(pair.first).marked
            frame = f"/compared/{quote(name)}?{urlencode({'a': a, 'b': b})}"
            return self._html.screen(
                "decide.html.j2", id=name, a=a, b=b, anchor=marked.anchor(0).removesuffix("0"), frame=frame
            )

        return HTMLResponse(await run_in_threadpool(made))

    async def compared(self, request: Request) -> Response:
        """The page with the first one's labels, in its frame; where the second one's differ, blocks stand out."""

        def made() -> str:
            pair = self._bench.agreements.pair(self._bench.agreements.known(request.path_params["name"]), names_in(request))
            opened = self._desk.opened(pair.first)
            first, second = (said_of(golden, opened.layout) for golden in (pair.first, pair.second))
            differ = {number: "open still" for number, both in enumerate(zip(first, second)) if both[0] != both[1]}
            more = {number: differ.get(number, "still") for number in range(len(first))}
            return opened.marked.html(looks_of(opened.layout, first, more), None)

        return HTMLResponse(await run_in_threadpool(made), headers={"Content-Security-Policy": PAGE_POLICY})

    async def audit(self, request: Request) -> Response:
        """Goldens that are probably wrong, by the outputs of a run that is chosen."""
        name = request.query_params.get("run", "")

        def made() -> str:
            found = None
            if name:
                run = read_run_file(self._bench.shelf.path(name), texts=False)
                goldens = (golden_for(run, golden_id) for golden_id in run.header.goldens)
                found = audit((golden for golden in goldens if isinstance(golden, Golden)), outputs_of(run))
            values = {"runs": self._bench.shelf.rows(), "run_id": name, "found": found, "reasons": REASONS}
            return self._html.screen("audit.html.j2", **values, labelled=self._desk.places, number=number)

        return HTMLResponse(await run_in_threadpool(made))

    async def runs(self, request: Request) -> Response:
        """The list of runs."""
        return HTMLResponse(await run_in_threadpool(lambda: self._html.runs(self._bench.shelf.rows())))

    async def run(self, request: Request) -> Response:
        """A run."""
        name = request.path_params["run"]
        return HTMLResponse(await run_in_threadpool(lambda: self._html.run(self._bench.shelf.run(name))))

    async def reading(self, request: Request) -> Response:
        """A page of a run."""
        name, query = request.path_params["name"], request.query_params

        def made() -> str:
            run = self._bench.shelf.run(request.path_params["run"]).page(name)
            if not run.records:
                raise Impossible(f"run {run.id} has no page {name!r}")
            names = [record.extractor for record in run.records]
            chosen = list(dict.fromkeys([query.get("a") or names[0], *filter(None, [query.get("b")])]))
            label_link = f"/label/{quote(name)}" if name in self._desk.places else ""
            return self._html.reading(run, name, chosen, chosen, label_link)

        return HTMLResponse(await run_in_threadpool(made))

    async def frame(self, request: Request) -> Response:
        """A page of a run in its frame."""

        def made() -> str:
            golden = golden_for(self._bench.shelf.run(request.path_params["run"]), request.path_params["name"])
            if isinstance(golden, str):
                raise Impossible(golden)
            return framed(golden)

        return HTMLResponse(await run_in_threadpool(made), headers={"Content-Security-Policy": PAGE_POLICY})
