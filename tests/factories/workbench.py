"""The workbench over a folder of small pages, with a client or a browser that talks to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.testclient import TestClient

from harness.goldens.reader import Dumps
from harness.workbench.app import application
from harness.workbench.bench import Workbench
from harness.workbench.desk import Desk
from harness.workbench.guard import TOKEN_HEADER
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf

HOST = "127.0.0.1:8000"
OTHER_NAME = "workbench.test"
"""What the tests' browser takes for another machine: not a secure context."""
POND = (
    "<!DOCTYPE html><html lang=en><head><title>The pond</title></head><body>"
    "<nav><a href=/>Home</a> <a href=/news>News</a></nav>"
    "<article><h1>The pond froze over</h1><p class=by>By Ann Reed</p>"
    "<p>On Sunday the pond froze from bank to bank, for the first time in nine years.</p>"
    "<p>The ducks have moved to the mill race.</p></article>"
    "<footer><p>All rights reserved.</p></footer></body></html>"
)
GOLDEN = """\
golden: 2
page: pond.html
sha256: {sha256}
media: text/html
lang: en
kind: article
site: pond.example
labels:
  # the story
  - {{keep: article p, as: body}}  # what readers came for
  - {{maybe: h1, as: title}}
  - {{maybe: p.by, as: byline}}
"""


class Client:
    """Asks as the screens of the workbench do."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.http = TestClient(application(bench), base_url=f"http://{HOST}")

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(path, headers={TOKEN_HEADER: self.bench.token, **headers})

    def post(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        return self.http.post(path, json=body, headers={TOKEN_HEADER: self.bench.token, **headers})

    def state(self, name: str) -> dict[str, Any]:
        return self.get(f"/api/state/{name}").json()

    def label(self, name: str, blocks: list[int], verdict: str, kind: str, **more: Any) -> Any:
        layout = self.get(f"/api/layout/{name}").json()
        asked = {"version": layout["state"]["version"], "elements": [layout["blocks"][block][0] for block in blocks]}
        return self.post(f"/api/label/{name}", {**asked, "verdict": verdict, "kind": kind, **more})


def workbench(
    folder: Path,
    labeller: str = "ann",
    *,
    blind: bool = False,
    own_files: bool = False,
    runs: Path = Path("no-runs"),
    password: str = "",
) -> Workbench:
    """What a server for a folder shows."""
    desk = Desk([str(folder)], Dumps([]), labeller, blind=blind, own_files=own_files)
    return Workbench(desk, Voters(None), Shelf(runs), (HOST,), password)


@contextmanager
def serving(make: Any, name: str = "127.0.0.1") -> Iterator[tuple[str, Workbench]]:
    """A server on a free port of this machine. make: the workbench for a name of its host. name: what browsers call it."""
    import socket

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        host = f"{name}:{listening.getsockname()[1]}"
        bench = make((host,))
        server = uvicorn.Server(uvicorn.Config(application(bench), log_level="error", timeout_graceful_shutdown=2))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://{host}", bench
        server.should_exit = True
        thread.join(10)
