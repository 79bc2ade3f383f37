"""The screens and the data of the workbench, by address."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from harness.analysis.audit import REASONS, audit, outputs_of
from harness.common.errors import HarnessError, Impossible
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS
from harness.report.kit.numbers import number
from harness.runs.file import read_run_file
from harness.workbench import kinds
from harness.workbench.agree import Agreements
from harness.workbench.desk import Conflict, Desk, Sheet
from harness.workbench.guard import PAGE_POLICY, Guard
from harness.workbench.history import History
from harness.workbench.index import state_of
from harness.workbench.labelling import candidates, label_for, labelled, looks_of, said_of
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf, golden_for
from harness.workbench.screens import Screens, ServerLinks, framed

STATIC = {
    "workbench.css": "text/css",
    "common.js": "text/javascript",
    "label.js": "text/javascript",
    "decide.js": "text/javascript",
    "run.js": "text/javascript",
    "reading.js": "text/javascript",
}
"""Files of `static/`, with their types."""

_LONGEST_TAB, _MOST_TABS = 32, 100
_PATIENCE = 0.8  # seconds for which a browser waits for a click before it asks again; the server ends as fast as that
_MOST_SECONDS = 3600  # that one change can add to the time of a page


@dataclass
class Picks:
    """The block that was clicked last in one tab of a browser, which waits to hear of it."""

    number: int = 0
    """How many clicks there were."""
    block: int = -1
    """The block of the last one."""
    event: asyncio.Event = field(default_factory=asyncio.Event)
    """Is set by a click."""

    def pick(self, block: int) -> None:
        """Take a click."""
        self.number, self.block = self.number + 1, block
        self.event.set()
        self.event = asyncio.Event()


@dataclass(frozen=True)
class Workbench:
    """What the screens show."""

    desk: Desk
    """The goldens."""
    voters: Voters
    """Extractors that vote on their pages."""
    shelf: Shelf
    """The runs."""
    hosts: tuple[str, ...]
    """What the server is called: `127.0.0.1:PORT`."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """What data is asked for with."""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    """What the addresses of clicks hold."""


def application(bench: Workbench) -> Starlette:
    """The server's application."""
    screens = _Screens(bench)
    routes = [
        Route("/", screens.index),
        Route("/label/{name:path}", screens.label),
        Route("/page/{name:path}", screens.page),
        Route("/agree", screens.agree),
        Route("/agree/{name:path}", screens.decide),
        Route("/compared/{name:path}", screens.compared),
        Route("/api/agree/{name:path}", screens.disputes, methods=["GET", "POST"]),
        Route("/audit", screens.audit),
        Route("/runs", screens.runs),
        Route("/run/{run}", screens.run),
        Route("/run/{run}/page/{name:path}", screens.reading),
        Route("/run/{run}/frame/{name:path}", screens.frame),
        Route("/api/runs/{run}", screens.progress),
        Route("/static/{file}", _static),
        Route(f"/pick/{bench.key}/{{tab}}/{{block:int}}", screens.pick),
        Route("/api/picked", screens.picked),
        Route("/api/layout/{name:path}", screens.layout),
        Route("/api/state/{name:path}", screens.state),
        Route("/api/votes/{name:path}", screens.votes),
        Route("/api/candidates/{name:path}", screens.candidates, methods=["POST"]),
        Route("/api/label/{name:path}", screens.set_label, methods=["POST"]),
        Route("/api/step/{name:path}", screens.step, methods=["POST"]),
        Route("/api/value/{name:path}", screens.set_value, methods=["POST"]),
        Route("/api/confirm/{name:path}", screens.confirm, methods=["POST"]),
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        yield
        await run_in_threadpool(bench.voters.close)

    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=bench.hosts, token=bench.token, keyed=f"/pick/{bench.key}/")],
        exception_handlers={HarnessError: _refused, OSError: _unreadable},
        lifespan=lifespan,
    )


class _Screens:
    def __init__(self, bench: Workbench) -> None:
        self._bench, self._desk = bench, bench.desk
        self._picks: OrderedDict[str, Picks] = OrderedDict()
        self._agreements = Agreements(self._desk.folders, self._desk.dumps)
        about = {"labeller": self._desk.labeller, "blind": self._desk.blind}
        self._html = Screens(ServerLinks(), bench.token, **about)

    def _screen(self, template: str, **values: Any) -> HTMLResponse:
        return HTMLResponse(self._html.screen(template, **values))

    async def index(self, request: Request) -> Response:
        """The goldens."""
        rows = await run_in_threadpool(lambda: [*map(self._desk.glance, self._desk.places)])
        return self._screen("index.html.j2", rows=rows)

    async def label(self, request: Request) -> Response:
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
        )

    async def page(self, request: Request) -> Response:
        """The page in its frame."""
        query = request.query_params
        chosen = range(_number(query.get("from"), 0), _number(query.get("to"), -1) + 1)

        def made() -> str:
            sheet = self._desk.sheet(request.path_params["name"])
            if sheet.golden is None:
                raise Impossible("; ".join(sheet.mistakes))
            opened = self._desk.opened(sheet.golden)
            said = said_of(sheet.golden, opened.layout)
            looks = looks_of(opened.layout, said, {number: "chosen" for number in chosen})
            return opened.marked.html(looks, f"/pick/{self._bench.key}/{quote(query.get('tab', ''), safe='')}/")

        return HTMLResponse(await run_in_threadpool(made), headers={"Content-Security-Policy": PAGE_POLICY})

    async def agree(self, request: Request) -> Response:
        """How far people agree."""
        overviews = await run_in_threadpool(self._agreements.overviews)
        return self._screen("agree.html.j2", overviews=overviews, number=number)

    async def decide(self, request: Request) -> Response:
        """What two people dispute on a page."""
        name, (a, b) = request.path_params["name"], _names(request)

        def made() -> str:
            pair = self._agreements.pair(self._agreements.known(name), (a, b))
            marked = self._desk.opened(pair.first).marked
            frame = f"/compared/{quote(name)}?{urlencode({'a': a, 'b': b})}"
            return self._html.screen(
                "decide.html.j2", id=name, a=a, b=b, anchor=marked.anchor(0).removesuffix("0"), frame=frame
            )

        return HTMLResponse(await run_in_threadpool(made))

    async def compared(self, request: Request) -> Response:
        """The page with the first one's labels, in its frame; where the second one's differ, blocks stand out."""

        def made() -> str:
            pair = self._agreements.pair(self._agreements.known(request.path_params["name"]), _names(request))
            opened = self._desk.opened(pair.first)
            first, second = (said_of(golden, opened.layout) for golden in (pair.first, pair.second))
            differ = {number: "open still" for number, both in enumerate(zip(first, second)) if both[0] != both[1]}
            more = {number: differ.get(number, "still") for number in range(len(first))}
            return opened.marked.html(looks_of(opened.layout, first, more), None)

        return HTMLResponse(await run_in_threadpool(made), headers={"Content-Security-Policy": PAGE_POLICY})

    async def disputes(self, request: Request) -> Response:
        """What two people dispute and what is decided; with POST, decisions."""
        name, names = request.path_params["name"], _names(request)
        if request.method != "POST":
            return JSONResponse(await run_in_threadpool(self._agreements.state, name, names))
        asked = await _asked(request)
        choices = asked.get("choices")
        if not isinstance(choices, dict) or not all(
            key.isdecimal() and isinstance(one, str) for key, one in choices.items()
        ):
            raise Impossible("'choices' is not an object of choices by number")
        decided = {int(key): one for key, one in choices.items()}
        version = _text(asked, "version")
        who = self._desk.labeller
        return JSONResponse(await run_in_threadpool(self._agreements.decide, name, names, version, decided, who))

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

    async def progress(self, request: Request) -> Response:
        """Whether a run has changed."""
        path = await run_in_threadpool(self._bench.shelf.path, request.path_params["run"])
        return JSONResponse({"state": state_of(path)})

    async def pick(self, request: Request) -> Response:
        """A click in the page; the browser stays where it is."""
        self._of_tab(request.path_params["tab"]).pick(request.path_params["block"])
        return Response(status_code=204)

    async def picked(self, request: Request) -> Response:
        """Answers when the next block is clicked, or after a while."""
        picks = self._of_tab(request.query_params.get("tab", ""))
        after = _number(request.query_params.get("after"), picks.number)
        if picks.number == after:
            try:
                await asyncio.wait_for(picks.event.wait(), _PATIENCE)
            except asyncio.TimeoutError:
                return JSONResponse({"number": after, "block": None})
        return JSONResponse({"number": picks.number, "block": picks.block})

    def _of_tab(self, tab: str) -> Picks:
        """The clicks in a tab of the browser, by the name that it has given itself."""
        picks = self._picks.setdefault(tab[:_LONGEST_TAB], Picks())
        while len(self._picks) > _MOST_TABS:
            self._picks.popitem(last=False)
        return picks

    async def layout(self, request: Request) -> Response:
        def made() -> Mapping[str, Any]:
            sheet = self._desk.sheet(request.path_params["name"])
            if sheet.golden is None:
                raise Impossible("; ".join(sheet.mistakes))
            opened = self._desk.opened(sheet.golden)
            layout = opened.layout
            return {
                "blocks": [[block.element, block.text[:20_000], block.is_hidden] for block in layout.blocks],
                "elements": [[element.parent, element.tag] for element in layout.elements],
                "spans": layout.spans,
                "anchor": opened.marked.anchor(0).removesuffix("0"),
                "guide": kinds.guide(),
                "page_guide": kinds.page_guide(),
                "about": TEXT_KINDS,
                "state": self._state(sheet),
            }

        return JSONResponse(await run_in_threadpool(made))

    async def state(self, request: Request) -> Response:
        return await self._answer(lambda: self._desk.sheet(request.path_params["name"]))

    async def votes(self, request: Request) -> Response:
        """What extractors return of each block, and the state, which a draft has from them."""
        name = request.path_params["name"]

        def made() -> Mapping[str, Any]:
            sheet = self._desk.sheet(name)
            if self._desk.blind or sheet.golden is None:
                return {"voters": [], "state": self._state(sheet)}
            found = self._bench.voters.of(sheet.golden.page, self._desk.opened(sheet.golden).layout)
            if found is None:
                return {"voters": [], "state": self._state(sheet)}
            self._desk.propose(name, found)
            shares = [round(share, 2) for share in found.blocks]
            state = self._state(self._desk.sheet(name))
            return {"voters": found.voters, "shares": shares, "undecided": found.undecided, "state": state}

        return JSONResponse(await run_in_threadpool(made))

    async def candidates(self, request: Request) -> Response:
        asked = await _asked(request)

        def made() -> list[Mapping[str, Any]]:
            sheet = self._desk.sheet(request.path_params["name"])
            if sheet.golden is None:
                return []
            layout = self._desk.opened(sheet.golden).layout
            return [asdict(one) for one in candidates(layout, _numbers(asked, "elements"), alone=asked.get("alone") is True)]

        return JSONResponse(await run_in_threadpool(made))

    async def set_label(self, request: Request) -> Response:
        """A label for elements: verdict and kind, or each as it is, and a note."""
        asked = await _asked(request)
        name = request.path_params["name"]
        elements = _numbers(asked, "elements")

        def changed() -> Sheet:
            sheet = self._desk.sheet(name)
            if sheet.golden is None:
                raise Impossible("; ".join(sheet.mistakes))
            layout = self._desk.opened(sheet.golden).layout
            words = (_text(asked, "verdict"), _text(asked, "kind"), _text(asked, "place"), _text(asked, "text"))
            label, comment = label_for(layout, elements, *words, alone=asked.get("alone") is True)
            note = _text(asked, "note") or comment
            return self._desk.change(
                name, _text(asked, "version"), _seconds(asked), lambda text, golden: labelled(text, golden, label, note)
            )

        return await self._answer(changed)

    async def step(self, request: Request) -> Response:
        """Undo or redo."""
        asked = await _asked(request)
        by = -1 if asked.get("by") == -1 else 1
        return await self._answer(lambda: self._desk.step(request.path_params["name"], _text(asked, "version"), by))

    async def set_value(self, request: Request) -> Response:
        """The kind of page, or that it has no main content."""
        asked = await _asked(request)
        key, value = _text(asked, "key"), _text(asked, "value")
        allowed = {"kind": tuple(PAGE_KINDS), "main": ("none", "")}
        if value not in allowed.get(key, ()):
            raise Impossible(f"{key!r} cannot be {value!r}")
        name, version = request.path_params["name"], _text(asked, "version")
        return await self._answer(lambda: self._desk.set_value(name, version, key, value or None))

    async def confirm(self, request: Request) -> Response:
        """The labels are done."""
        asked = await _asked(request)
        name, version = request.path_params["name"], _text(asked, "version")
        return await self._answer(lambda: self._desk.confirm(name, version, _seconds(asked)))

    async def _answer(self, change: Callable[[], Sheet]) -> Response:
        """The state after a change. Of a change that came too late, the state as it is, as a conflict."""
        return JSONResponse(await run_in_threadpool(lambda: self._state(change())))

    def _state(self, sheet: Sheet) -> Mapping[str, Any]:
        golden = sheet.golden
        said = said_of(golden, self._desk.opened(golden).layout) if golden else []
        history = History(sheet.place.path)
        labelling = golden.labelling if golden else None
        return {
            "version": sheet.version,
            "saved": bool(sheet.version),
            "verdicts": "".join(one.verdict[0] for one in said),
            "kinds": [one.kind for one in said],
            "mixed": [number for number, one in enumerate(said) if one.is_mixed],
            "mistakes": sheet.mistakes,
            "kind": golden.kind if golden else "",
            "main": not (golden and "no-main-content" in golden.flags),
            "labelled": None if labelling is None else f"{labelling.labeller}, {labelling.date}",
            "undo": history.can_undo,
            "redo": history.can_redo,
            "seconds": history.seconds,
        }


def _names(request: Request) -> tuple[str, str]:
    return request.query_params.get("a", ""), request.query_params.get("b", "")


async def _asked(request: Request) -> Mapping[str, Any]:
    """The object of a request. Raises Impossible for anything else."""
    try:
        asked = await request.json()
    except ValueError:
        raise Impossible("the request is not JSON") from None
    if not isinstance(asked, dict):
        raise Impossible("the request is not a JSON object")
    return asked


def _text(asked: Mapping[str, Any], key: str) -> str:
    value = asked.get(key, "")
    if not isinstance(value, str):
        raise Impossible(f"{key!r} is not a text")
    return value


def _numbers(asked: Mapping[str, Any], key: str) -> list[int]:
    value = asked.get(key)
    if not isinstance(value, list) or not value or not all(type(number) is int for number in value):
        raise Impossible(f"{key!r} is not a list of numbers")
    return value


def _seconds(asked: Mapping[str, Any]) -> int:
    value = asked.get("seconds", 0)
    return max(0, min(int(value), _MOST_SECONDS)) if isinstance(value, int | float) and value == value else 0


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.removeprefix("-").isdecimal() else otherwise


async def _static(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in STATIC:
        return PlainTextResponse("no such file\n", 404)
    return Response((files("harness.workbench") / "static" / name).read_bytes(), media_type=STATIC[name])


async def _refused(request: Request, error: Exception) -> Response:
    """What a user can mend: a message, for a script as JSON."""
    code = 409 if isinstance(error, Conflict) else 422
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": str(error)}, code)
    return PlainTextResponse(f"{error}\n", 404)


async def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)
    message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return JSONResponse({"error": message}, 500)
