"""`harness workbench`: label pages and read runs in a browser."""

from __future__ import annotations

import argparse
import getpass
from importlib.util import find_spec
from pathlib import Path

from harness.cli.options import request_options, word
from harness.common.errors import OK, Impossible
from harness.common.wording import pip_install, plural
from harness.goldens.sets import dumps_from
from harness.report.kit.terminal import stdout_console
from harness.runs.file import read_run_header
from harness.runs.find import find_run

_NEEDED = ("jinja2", "starlette", "uvicorn")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    about = "folder, set or file to label; pages of a folder that have no golden, too (default: all sets)"
    parser.add_argument("paths", nargs="*", metavar="GOLDENS", help=about)
    parser.add_argument(
        "--run", metavar="RUN", help="a stored run, whose outputs are the votes: its id, its file, or latest~N"
    )
    about = "label in files of your own, PAGE.NAME.yaml, as one of several people"
    parser.add_argument("--labeller", metavar="NAME", help=about)
    parser.add_argument("--blind", action="store_true", help="show no output of an extractor, nor drafts made of them")
    about = "let other machines in, which call this one so: a name or an address of it; a password is made and printed"
    parser.add_argument("--host", metavar="HOST", help=f"{about} (default: this machine alone)")
    parser.add_argument("--port", type=word(_port), default=0, metavar="N", help="its port (default: any that is free)")
    parser.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")
    about = "write the run as files to an empty folder, for a host of files or to be opened from disk, and start no server"
    parser.add_argument("--export", type=Path, metavar="DIR", help=about)
    request_options(parser, ["dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Serve until it is interrupted. Raises Impossible without the libraries that it needs."""
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise Impossible(f"the workbench needs {', '.join(missing)}: {pip_install('workbench')}")
    if arguments.export:
        return _export(arguments)
    from harness.workbench.guard import USER
    from harness.workbench.serve import serve

    labeller = arguments.labeller or _user()
    if not labeller.replace("-", "").replace("_", "").isalnum():
        raise Impossible(f"{labeller!r} is not a valid name of a labeller: use letters, digits, - and _ (--labeller NAME)")
    path = find_run(arguments.run) if arguments.run else None
    if path:
        read_run_header(path)  # what is no run is told before the server starts
    console = stdout_console()

    def tell(address: str, password: str) -> None:
        console.print(f"The workbench is at {address} until you press Ctrl-C.", soft_wrap=True)
        if password:
            console.print(f"Browsers ask for a name and a password: {USER}, {password}", soft_wrap=True)

    serve(
        arguments.paths,
        dumps_from(arguments.dumps),
        labeller=labeller,
        own_files=arguments.labeller is not None,
        blind=arguments.blind,
        run=path,
        host=arguments.host,
        port=arguments.port,
        browser=not arguments.no_browser,
        tell=tell,
    )
    return OK


def _export(arguments: argparse.Namespace) -> int:
    from harness.workbench.export import export
    from harness.workbench.index import indexed
    from harness.workbench.reading import shown_of

    if arguments.paths:
        raise Impossible("--export writes a run: name it with --run RUN, and no goldens")
    number = export(indexed(find_run(arguments.run or "latest"), shown_of), arguments.export)
    stdout_console().print(f"{plural(number, 'page')} written; open {arguments.export / 'index.html'}", soft_wrap=True)
    return OK


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and int(text) < 65536:
        return int(text)
    raise ValueError(f"{text!r} is not a port: a number from 0 to 65535")
