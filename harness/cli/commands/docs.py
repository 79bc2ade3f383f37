"""`harness docs`: the documentation of this version, in the terminal."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from harness.common.errors import OK, Impossible
from harness.common.places import bundled
from harness.common.wording import did_you_mean
from harness.report.kit.terminal import stdout_console
from harness.report.listing import Listing, print_listing

_HOME = "index"
_OF_THE_SITE = "api-reference"  # only the site can make it
_WIDEST = 100  # cells of a line of text


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("page", nargs="?", metavar="PAGE", help="page to show, such as gate (default: list all pages)")


def run(arguments: argparse.Namespace) -> int:
    """List the pages, or show one: laid out in a terminal, else as Markdown."""
    pages = _pages()
    console = stdout_console()
    if arguments.page is None:
        shown = {name: path for name, path in pages.items() if not name.startswith("decisions/")}
        rows = [{"page": name, "title": _title(path)} for name, path in shown.items()]
        folder = bundled("docs")
        notes = [f"`harness docs PAGE` shows one. They are Markdown files in {folder}."]
        print_listing(Listing({"page": "page", "title": "about"}, rows, notes), console)
        return OK
    name = arguments.page.removesuffix(".md")
    if name not in pages:
        hint = did_you_mean(name, pages) or "; `harness docs` lists them"
        raise Impossible(f"the documentation has no page {arguments.page!r}{hint}")
    text = pages[name].read_text(encoding="utf-8")
    if name == "commands":
        from harness.cli.reference import COMMANDS_GO_HERE, commands_as_markdown

        text = text.replace(COMMANDS_GO_HERE, commands_as_markdown())
    if console.is_terminal:
        from rich.markdown import Markdown

        console.print(Markdown(text, hyperlinks=False), width=min(console.width, _WIDEST))
    else:
        sys.stdout.write(text)
    return OK


def _pages() -> dict[str, Path]:
    """The pages by name: the home page, then all others; a folder's own page has the folder's name."""
    folder = bundled("docs")
    paths = {path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(folder.rglob("*.md"))}
    named = {name.removesuffix("/README"): path for name, path in paths.items() if name != _OF_THE_SITE}
    return {_HOME: named[_HOME]} | named


def _title(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
