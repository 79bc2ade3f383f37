"""`harness new`: a draft golden for a page, or an extractor to start from."""

from __future__ import annotations

import argparse
import builtins
import keyword
import sys
import unicodedata
from collections.abc import Container
from pathlib import Path

from harness.cli.commands.fuzz import promote
from harness.cli.help import described
from harness.cli.options import findings_option
from harness.common.errors import OK, Impossible
from harness.goldens.draft import draft, media_of
from harness.pages.page import Page
from harness.plugins.registry import Registry
from harness.plugins.template import NAMES_IN_FILE, extractor_file
from harness.report.kit.terminal import stdout_console

# Names that mean something else in a plugin file, or whose file would hide a module of Python or the harness.
_TAKEN = {*keyword.kwlist, *dir(builtins), *sys.stdlib_module_names, "harness", *NAMES_IN_FILE}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    about = "write a draft golden beside a page, every block listed and set to `drop`"
    golden = kinds.add_parser("golden", help=about, **described(about))
    golden.add_argument("page", nargs="?", type=Path, metavar="PAGE", help="a page: .html or .txt")
    golden.add_argument("--from", dest="finding", metavar="FINDING", help="the page of a finding of `fuzz`, with its labels")
    findings_option(golden)
    about = "write NAME.py with an extractor that works"
    extractor = kinds.add_parser("extractor", help=about, **described(about))
    extractor.add_argument("name", metavar="NAME", help="its name, a Python identifier")


def run(arguments: argparse.Namespace) -> int:
    """Write what was asked for, never over an existing file."""
    if arguments.what == "extractor":
        return _extractor(arguments.name)
    if (arguments.page is None) == (arguments.finding is None):
        raise Impossible("give a page, or --from FINDING")
    return _golden(arguments.page) if arguments.page else promote(arguments.finding, arguments.findings)


def _golden(path: Path) -> int:
    if not path.is_file():
        raise Impossible(f"no page {str(path)!r}")
    target = path.with_suffix(".yaml")
    for existing in (target, path.with_suffix(".yml")):
        if existing.exists():
            raise Impossible(f"{existing} is there already: edit it, or remove it for a new draft")
    raw = path.read_bytes()
    target.write_text(draft(path, Page(raw, media_of(path, raw))), encoding="utf-8")
    console = stdout_console()
    console.print(f"{target} lists every block as `drop`. Turn what belongs to the main content into `keep`, then:")
    console.print(f"  harness check {target}", soft_wrap=True)
    return OK


def _extractor(name: str) -> int:
    name = unicodedata.normalize("NFKC", name)  # as Python does with identifiers
    known = Registry().plugins
    if not name.isidentifier():
        raise Impossible(f"{name!r} is no name for a Python function; try {_free(name, known)!r}")
    if name in known:
        raise Impossible(f"there is an extractor {name!r} already, from {known[name].origin}; try {_free(name, known)!r}")
    if name in _TAKEN:
        raise Impossible(f"{name!r} means something else in Python or in the file; try {_free(name, known)!r}")
    target = Path(f"{name}.py")
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(extractor_file(name))
    except FileExistsError:
        raise Impossible(f"{target} is there already: edit it, or choose another name") from None
    console = stdout_console()
    console.print(f"{target} holds an extractor that works. Make it yours, and see what it gets wrong:", soft_wrap=True)
    console.print(f"  harness run --plugins {target} -e {name} -e trafilatura", soft_wrap=True)
    console.print(f"  harness show --worst 5 -e {name}", soft_wrap=True)
    return OK


def _free(name: str, known: Container[str]) -> str:
    """A name like this one that can be had."""
    base = "".join(c if f"_{c}".isidentifier() else "_" for c in name.removesuffix(".py").rpartition("/")[2]).strip("_")
    free = base if base.isidentifier() else f"my_{base or 'extractor'}"
    while free in known or free in _TAKEN or Path(f"{free}.py").exists():
        free = f"my_{free}"
    return free
