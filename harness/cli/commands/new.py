"""`harness new`: a draft golden for a page, or an extractor to start from."""

from __future__ import annotations

import argparse
import builtins
import keyword
import sys
import unicodedata
from collections import Counter
from collections.abc import Container, Sequence
from pathlib import Path

from rich.console import Console

from harness.alignment.known_text import find_text
from harness.cli.commands.fuzz import promote
from harness.cli.help import described
from harness.cli.options import findings_option
from harness.cli.writing import opened
from harness.common.errors import OK, Impossible
from harness.common.files import content_of
from harness.common.wording import command_line, plural
from harness.goldens.draft import draft, media_of, rules_of
from harness.pages.packed import page_bytes, page_name
from harness.pages.page import Page
from harness.plugins.registry import Registry
from harness.plugins.template import NAMES_IN_FILE, extractor_file
from harness.report.kit.terminal import stdout_console

# Names that mean something else in a plugin file, or whose file would hide a module of Python or the harness.
_TAKEN = {*keyword.kwlist, *dir(builtins), *sys.stdlib_module_names, "harness", *NAMES_IN_FILE}

_FOUND = 0.9  # share of the words of a known main content below which the page may be another


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    about = "write a draft golden beside a page, its blocks in groups, each with a guess at its kind"
    golden = kinds.add_parser("golden", help=about, **described(about))
    golden.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="a page or several: .html or .txt")
    golden.add_argument(
        "--from-text", type=Path, metavar="FILE", help="the main content of the page as text: what it has becomes `keep`"
    )
    golden.add_argument("--from", dest="finding", metavar="FINDING", help="the page of a finding of `fuzz`, with its labels")
    golden.add_argument("--labeller", metavar="NAME", help="one of several people: the draft is PAGE.NAME.yaml")
    findings_option(golden)
    about = "write NAME.py with an extractor that works"
    extractor = kinds.add_parser("extractor", help=about, **described(about))
    extractor.add_argument("name", metavar="NAME", help="its name, a Python identifier")


def run(arguments: argparse.Namespace) -> int:
    """Write what was asked for, never over an existing file."""
    if arguments.what == "extractor":
        return _extractor(arguments.name)
    if bool(arguments.pages) == bool(arguments.finding):
        raise Impossible("give a page or several, or --from FINDING")
    if arguments.finding:
        return promote(arguments.finding, arguments.findings)
    labeller = arguments.labeller or ""
    if not labeller.replace("-", "").replace("_", "").isalnum() and arguments.labeller is not None:
        raise Impossible(f"{labeller!r} is not a valid name of a labeller: use letters, digits, - and _")
    return _goldens(arguments.pages, arguments.from_text, labeller)


def _goldens(pages: Sequence[Path], main: Path | None, labeller: str) -> int:
    """Write a draft for each page; none if one of them cannot be had."""
    if main is not None and len(pages) > 1:
        raise Impossible("--from-text is the main content of one page: give one page")
    targets = [_target(page, labeller) for page in pages]
    if twice := [target for target, number in Counter(targets).items() if number > 1]:
        raise Impossible(f"two of these pages would be the golden {twice[0]}: rename one")
    text = _text_of(main) if main is not None else None
    console = stdout_console()
    for path, target in zip(pages, targets):
        _golden(path, target, text, labeller, console)
    about = "Check each label, and turn" if text is not None else "Turn"
    console.print(f"{about} what belongs to the main content into `keep`, see what that says of the page, then check it:")
    console.print(f"  {command_line('show', '--golden', targets[0])}", soft_wrap=True)
    console.print(f"  {command_line('check', *targets)}", soft_wrap=True)
    return OK


def _text_of(path: Path) -> str:
    try:
        return content_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Impossible(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None


def _target(path: Path, labeller: str) -> Path:
    if not path.is_file():
        raise Impossible(f"no page {str(path)!r}")
    try:
        path.name.encode("utf-8")
    except UnicodeEncodeError:
        raise Impossible(f"{path}: a golden names its page in UTF-8: rename the page") from None
    target = page_name(path).with_suffix(f".{labeller}.yaml" if labeller else ".yaml")
    for existing in (target, target.with_suffix(".yml")):
        if existing.exists():
            raise Impossible(f"{existing} is there already: edit it, or remove it for a new draft")
    return target


def _golden(path: Path, target: Path, text: str | None, labeller: str, console: Console) -> None:
    raw = page_bytes(path)
    page = Page(raw, media_of(path, raw))
    known = find_text(page, text) if text is not None else None
    written = draft(path, page, known.lines if known else None, labeller)
    with opened(target) as file:
        file.write(written)
    console.print(f"{target}: {plural(len(rules_of(written)), 'rule')}", soft_wrap=True)
    if known is not None and known.found < _FOUND:
        about = f"{path}: only {known.found:.0%} of the words of the text stand on the page in this order"
        console.print(f"{about}; is it the text of this page?", style="yellow", soft_wrap=True)


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
        with opened(target, "x") as file:
            file.write(extractor_file(name))
    except FileExistsError:
        raise Impossible(f"{target} is there already: edit it, or choose another name") from None
    console = stdout_console()
    console.print(f"{target} holds an extractor that works. Make it yours, and see what it gets wrong:", soft_wrap=True)
    console.print(f"  {command_line('run', '--plugins', target, '-e', name, '-e', 'trafilatura')}", soft_wrap=True)
    console.print(f"  {command_line('show', '--worst', 5, '-e', name)}", soft_wrap=True)
    return OK


def _free(name: str, known: Container[str]) -> str:
    """A name like this one that can be had."""
    base = "".join(c if f"_{c}".isidentifier() else "_" for c in name.removesuffix(".py").rpartition("/")[2]).strip("_")
    free = base if base.isidentifier() else f"my_{base or 'extractor'}"
    while free in known or free in _TAKEN or Path(f"{free}.py").exists():
        free = f"my_{free}"
    return free
