"""What the scripts of the workbench ask for and change: JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from harness.common.errors import Impossible
from harness.goldens.edited_facts import with_fact, without_fact
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import PAGE_KINDS, TEXT_KINDS
from harness.workbench import kinds
from harness.workbench.asked import asked_of, fact_in, names_in, number_in, number_of, numbers_in, seconds_in, text_in
from harness.workbench.bench import Workbench
from harness.workbench.beside import beside_label, beside_texts
from harness.workbench.desk import Sheet
from harness.workbench.history import History
from harness.workbench.index import state_of
from harness.workbench.labelling import candidates, label_for, labelled, said_of
from harness.workbench.picks import Tabs

_LONGEST_TEXT = 20_000  # characters of a block that the screen has
_MOST_BESIDE = 2_000  # texts beside the page


class DataRoutes:
    """Answers requests for data, and makes changes."""

    def __init__(self, bench: Workbench) -> None:
        self._bench, self._desk = bench, bench.desk
        self._tabs = Tabs()

    async def disputes(self, request: Request) -> Response:
        """What two people dispute and what is decided; with POST, decisions."""
        name, names = request.path_params["name"], names_in(request)
        if request.method != "POST":
            return JSONResponse(await run_in_threadpool(self._bench.agreements.state, name, names))
        asked = await asked_of(request)
        choices = asked.get("choices")
        if not isinstance(choices, dict) or not all(
            key.isdecimal() and isinstance(one, str) for key, one in choices.items()
        ):
            raise Impossible("'choices' is not an object of choices by number")
        decided = {int(key): one for key, one in choices.items()}
        version = text_in(asked, "version")
        who = self._desk.labeller
        return JSONResponse(await run_in_threadpool(self._bench.agreements.decide, name, names, version, decided, who))

    async def progress(self, request: Request) -> Response:
        """Whether a run has changed."""
        path = await run_in_threadpool(self._bench.shelf.path, request.path_params["run"])
        return JSONResponse({"state": state_of(path)})

    async def pick(self, request: Request) -> Response:
        """A click in the page; the browser stays where it is."""
        self._tabs.of(request.path_params["tab"]).pick(request.path_params["block"])
        return Response(status_code=204)

    async def picked(self, request: Request) -> Response:
        """Answers when the next block is clicked, or after a while."""
        picks = self._tabs.of(request.query_params.get("tab", ""))
        number, block = await picks.after(number_of(request.query_params.get("after"), picks.number))
        return JSONResponse({"number": number, "block": block})

    async def layout(self, request: Request) -> Response:
        """The blocks of a page, what stands around them, and what the labels say."""

        def made() -> Mapping[str, Any]:
            sheet = self._desk.sheet(request.path_params["name"])
            opened = self._desk.opened(sheet.require_golden())
            layout = opened.layout
            return {
                "blocks": [[block.element, block.text[:_LONGEST_TEXT], block.is_hidden] for block in layout.blocks],
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
        """What the labels of a page say now."""
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
        """Selectors for elements."""
        asked = await asked_of(request)

        def made() -> list[Mapping[str, Any]]:
            sheet = self._desk.sheet(request.path_params["name"])
            if sheet.golden is None:
                return []
            layout = self._desk.opened(sheet.golden).layout
            return [
                asdict(one) for one in candidates(layout, numbers_in(asked, "elements"), alone=asked.get("alone") is True)
            ]

        return JSONResponse(await run_in_threadpool(made))

    async def set_label(self, request: Request) -> Response:
        """A label for elements: verdict and kind, or each as it is, and a note."""
        asked = await asked_of(request)
        name = request.path_params["name"]
        elements = numbers_in(asked, "elements")

        def changed() -> Sheet:
            layout = self._desk.opened(self._desk.sheet(name).require_golden()).layout
            words = (text_in(asked, "verdict"), text_in(asked, "kind"), text_in(asked, "place"), text_in(asked, "text"))
            label, comment = label_for(layout, elements, *words, alone=asked.get("alone") is True)
            note = text_in(asked, "note") or comment
            return self._desk.change(
                name, text_in(asked, "version"), seconds_in(asked), lambda text, golden: labelled(text, golden, label, note)
            )

        return await self._answer(changed)

    async def beside(self, request: Request) -> Response:
        """Text that no browser renders; with POST, a label for one of them."""
        name = request.path_params["name"]
        if request.method != "POST":
            return JSONResponse(await run_in_threadpool(self._beside, name))
        asked = await asked_of(request)
        number, verdict = number_in(asked, "number"), text_in(asked, "verdict")

        def changed(text: str, golden: Golden) -> str:
            return labelled(text, golden, *beside_label(golden, self._desk.opened(golden).layout, number, verdict))

        version, seconds = text_in(asked, "version"), seconds_in(asked)
        return await self._answer(lambda: self._desk.change(name, version, seconds, changed))

    def _beside(self, name: str) -> list[Mapping[str, Any]]:
        golden = self._desk.sheet(name).golden
        if golden is None:
            return []
        found = beside_texts(golden, self._desk.opened(golden).layout)
        return [{**asdict(one), "text": one.text[:_LONGEST_TEXT]} for one in found[:_MOST_BESIDE]]

    async def change_fact(self, request: Request) -> Response:
        """Add a fact, or take out the one in a line of the golden file."""
        asked = await asked_of(request)
        name, version, seconds = request.path_params["name"], text_in(asked, "version"), seconds_in(asked)
        if "remove" in asked:
            row = number_in(asked, "remove")
            return await self._answer(
                lambda: self._desk.change(name, version, seconds, lambda text, golden: without_fact(text, row))
            )
        fact = fact_in(asked)
        return await self._answer(
            lambda: self._desk.change(name, version, seconds, lambda text, golden: with_fact(text, fact))
        )

    async def step(self, request: Request) -> Response:
        """Undo or redo."""
        asked = await asked_of(request)
        by = -1 if asked.get("by") == -1 else 1
        return await self._answer(lambda: self._desk.step(request.path_params["name"], text_in(asked, "version"), by))

    async def set_value(self, request: Request) -> Response:
        """The kind of page, or that it has no main content."""
        asked = await asked_of(request)
        key, value = text_in(asked, "key"), text_in(asked, "value")
        allowed = {"kind": tuple(PAGE_KINDS), "main": ("none", "")}
        if value not in allowed.get(key, ()):
            raise Impossible(f"{key!r} cannot be {value!r}")
        name, version = request.path_params["name"], text_in(asked, "version")
        return await self._answer(lambda: self._desk.set_value(name, version, key, value or None))

    async def confirm(self, request: Request) -> Response:
        """The labels are done."""
        asked = await asked_of(request)
        name, version = request.path_params["name"], text_in(asked, "version")
        return await self._answer(lambda: self._desk.confirm(name, version, seconds_in(asked)))

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
            "facts": [[int(one.place.rpartition(":")[2]), str(one)] for one in (golden.own_facts if golden else ())],
            "kind": golden.kind if golden else "",
            "main": not (golden and "no-main-content" in golden.flags),
            "labelled": None if labelling is None else f"{labelling.labeller}, {labelling.date}",
            "undo": history.can_undo,
            "redo": history.can_redo,
            "seconds": history.seconds,
        }
