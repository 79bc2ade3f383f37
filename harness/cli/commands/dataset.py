"""`harness dataset add`: brings a public dataset into the user's cache."""

from __future__ import annotations

import argparse
import sys

from harness.cli.help import described
from harness.cli.listen import announcer
from harness.common.errors import OK, Impossible
from harness.common.wording import did_you_mean
from harness.datasets.catalogue import CATALOGUE, Known, dataset_path
from harness.datasets.fetch import bring
from harness.report.kit.terminal import escape_controls, stderr_console, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    about = "download a known dataset at its pinned commit with git, and verify it"
    add = what.add_parser("add", help=about, **described(about))
    add.add_argument("name", metavar="NAME", help="a dataset of `harness list datasets`")
    add.add_argument("--from", dest="source", metavar="URL-or-PATH", help="take it from a copy of its git repository")
    add.add_argument("--accept-licence", action="store_true", help="accept a non-permissive licence without a prompt")


def run(arguments: argparse.Namespace) -> int:
    """Add a dataset. Exit code 2 if it cannot be had so or its licence was not accepted, 3 if nothing could be fetched."""
    known = _known(arguments.name)
    messages = stderr_console()
    for line in _about(known):
        messages.print(line, soft_wrap=True)
    if dataset_path(known.name) is None and not known.permissive and not arguments.accept_licence:
        _ask(known)
    path = bring(known, arguments.source, announcer(messages))
    console = stdout_console()
    console.print(f"{known.name}: {known.pages:,} pages, verified at commit {known.commit}, in {path}", soft_wrap=True)
    console.print(f"score extractors on it: harness run -g {known.name}", soft_wrap=True)
    return OK


def _known(name: str) -> Known:
    known = CATALOGUE.get(name)
    if known is None:
        can = ", ".join(sorted(name for name, known in CATALOGUE.items() if known.commit))
        raise Impossible(f"unknown dataset {name!r}{did_you_mean(name, CATALOGUE)}; `harness dataset add` knows {can}")
    if not known.commit:
        raise Impossible(f"{name} cannot be added by git; {known.by_hand}")
    return known


def _about(known: Known) -> list[str]:
    return [
        f"{known.name}: {known.pages:,} pages, {known.repository}",
        f"  licence: {known.licence} (the pages in it belong to those who wrote them)",
        f"  cite: {known.citation}",
    ]


def _ask(known: Known) -> None:
    """Ask on a terminal whether the licence is accepted. Raises Impossible if it is not, or nobody can be asked."""
    read = f"read it at {known.repository}"
    if not sys.stdin.isatty():
        raise Impossible(
            f"{known.name} is not under a permissive licence ({known.licence}): {read}; "
            f"then: harness dataset add {known.name} --accept-licence"
        )
    try:
        answer = input(f"{known.name} is not under a permissive licence ({known.licence}): {read}. Do you accept it? [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise Impossible(
            f"{known.name} was not added: its licence was not accepted; you answered {escape_controls(answer)!r}"
        )
