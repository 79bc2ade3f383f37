"""The workbench as an application: which address is answered by what."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from harness.common.errors import HarnessError
from harness.workbench.bench import Workbench
from harness.workbench.data_routes import DataRoutes
from harness.workbench.desk import Conflict
from harness.workbench.guard import Guard
from harness.workbench.screen_routes import ScreenRoutes

STATIC = {
    "workbench.css": "text/css",
    "common.js": "text/javascript",
    "label.js": "text/javascript",
    "beside.js": "text/javascript",
    "decide.js": "text/javascript",
    "run.js": "text/javascript",
    "reading.js": "text/javascript",
}
"""Files of `static/`, with their types."""


def application(bench: Workbench) -> Starlette:
    """The server's application."""
    screens, data = ScreenRoutes(bench), DataRoutes(bench)
    routes = [
        Route("/", screens.index),
        Route("/label/{name:path}", screens.label),
        Route("/page/{name:path}", screens.page),
        Route("/agree", screens.agree),
        Route("/agree/{name:path}", screens.decide),
        Route("/compared/{name:path}", screens.compared),
        Route("/api/agree/{name:path}", data.disputes, methods=["GET", "POST"]),
        Route("/audit", screens.audit),
        Route("/runs", screens.runs),
        Route("/run/{run}", screens.run),
        Route("/run/{run}/page/{name:path}", screens.reading),
        Route("/run/{run}/frame/{name:path}", screens.frame),
        Route("/api/runs/{run}", data.progress),
        Route("/static/{file}", _static),
        Route(f"/pick/{bench.key}/{{tab}}/{{block:int}}", data.pick),
        Route("/api/picked", data.picked),
        Route("/api/layout/{name:path}", data.layout),
        Route("/api/state/{name:path}", data.state),
        Route("/api/votes/{name:path}", data.votes),
        Route("/api/candidates/{name:path}", data.candidates, methods=["POST"]),
        Route("/api/label/{name:path}", data.set_label, methods=["POST"]),
        Route("/api/beside/{name:path}", data.beside, methods=["GET", "POST"]),
        Route("/api/fact/{name:path}", data.change_fact, methods=["POST"]),
        Route("/api/step/{name:path}", data.step, methods=["POST"]),
        Route("/api/value/{name:path}", data.set_value, methods=["POST"]),
        Route("/api/confirm/{name:path}", data.confirm, methods=["POST"]),
    ]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        yield
        await run_in_threadpool(bench.voters.close)

    keyed = f"/pick/{bench.key}/"
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, hosts=bench.hosts, token=bench.token, keyed=keyed, password=bench.password)],
        exception_handlers={HarnessError: _refused, OSError: _unreadable},
        lifespan=lifespan,
    )


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
