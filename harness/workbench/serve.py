"""Starts the server of the workbench, and the browser."""

from __future__ import annotations

import contextlib
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

import uvicorn

from harness.common.errors import Impossible
from harness.goldens.reader import Dumps
from harness.runs.record import Run
from harness.workbench.app import Workbench, application
from harness.workbench.desk import Desk
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf

_LOOPBACK = "127.0.0.1"


def serve(
    names: Sequence[str],
    dumps: Dumps,
    *,
    labeller: str,
    own_files: bool,
    blind: bool,
    run: Run | None,
    run_file: Path | None,
    port: int,
    browser: bool,
    tell: Callable[[str], None],
) -> None:
    """Serve until the process is interrupted.

    labeller, own_files, blind: as `Desk`. run: whose outputs vote, and that is shown
    first. run_file: where it lies. port: 0 for any that is free. browser: whether one is
    opened. tell: is called with the address. Raises Impossible for a port that cannot be used.
    """
    desk = Desk(names, dumps, labeller, blind=blind, own_files=own_files)
    with _socket(port) as listening:
        number = listening.getsockname()[1]
        hosts = (f"{_LOOPBACK}:{number}", f"localhost:{number}")
        app = application(Workbench(desk, Voters(run), Shelf(named=run_file), hosts))
        config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
        address = f"http://{_LOOPBACK}:{number}/"
        address += f"run/{quote(run.id)}" if run else ""
        tell(address)
        if browser:
            threading.Timer(0.3, webbrowser.open, [address]).start()
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _socket(port: int) -> socket.socket:
    """A socket of this machine's own address, which no other machine reaches."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_LOOPBACK, port))
    except OSError as error:
        listening.close()
        raise Impossible(f"port {port} cannot be used: {error.strerror}; name another with --port, or 0 for any") from None
    return listening
