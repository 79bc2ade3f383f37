"""Starts the server of the workbench, and the browser."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import uvicorn

from harness.common.errors import Impossible
from harness.goldens.reader import Dumps
from harness.workbench.app import application
from harness.workbench.bench import Workbench
from harness.workbench.desk import Desk
from harness.workbench.proposals import Voters
from harness.workbench.reading import Shelf

_LOOPBACK = "127.0.0.1"
_HTTP = 80  # the port that browsers leave out of `Host`


def serve(
    names: Sequence[str],
    dumps: Dumps,
    *,
    labeller: str,
    own_files: bool,
    blind: bool,
    run: Path | None,
    host: str | None,
    port: int,
    browser: bool,
    tell: Callable[[str, str], None],
) -> None:
    """Serve until the process is interrupted.

    labeller, own_files, blind: as `Desk`. run: the file of a run, whose outputs vote, and that is shown first.
    host: the name or address by which other machines call this one; None for this machine alone. port: 0 for any that is
    free. browser: whether one is opened. tell: is called with the address and the password, which is empty without `host`.
    Raises Impossible for a host or a port that cannot be used.
    """
    desk = Desk(names, dumps, labeller, blind=blind, own_files=own_files)
    with _socket(host or _LOOPBACK, port) as listening:
        number = listening.getsockname()[1]
        called = f"[{host}]" if host and ":" in host else host or _LOOPBACK
        hosts = [f"{called}:{number}".lower()]
        hosts += [] if host else [f"localhost:{number}"]
        hosts += [called.lower()] if number == _HTTP else []
        password = secrets.token_urlsafe(18) if host else ""
        shelf = Shelf(named=run)
        voters = Voters(partial(shelf.run, run.stem) if run else None)
        app = application(Workbench(desk, voters, shelf, tuple(hosts), password))
        config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
        address = f"http://{called}:{number}/"
        address += f"run/{quote(run.stem)}" if run else ""
        tell(address, password)
        if browser:
            threading.Timer(0.3, webbrowser.open, [address]).start()
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _socket(host: str, port: int) -> socket.socket:
    """A socket of an address of this machine. Of the default one, no other machine reaches it."""
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise Impossible(f"--host {host}: no such address; name one of this machine, as others call it") from None
    if ipaddress.ip_address(str(place[0]).partition("%")[0]).is_unspecified:
        raise Impossible(f"--host {host} means all addresses: name the one by which others call this machine")
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise Impossible(f"--host {host}: no address of this machine; name the one by which others call it") from None
        raise Impossible(f"port {port} cannot be used: {error.strerror}; name another with --port, or 0 for any") from None
    return listening
