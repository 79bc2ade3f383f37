"""Builds the golden sets `web` and `web-heldout`, and helps to label their pages a second time.

    python -m goldens.builder               all sites (`make goldens`); files of pages that are no longer written are removed
    python -m goldens.builder NAME...       these sites, with what is wrong with their pages, and the measures of each
    python -m goldens.builder outline PAGE  the elements of a built page, for a labeller who sees no labels and no templates
    python -m goldens.builder second SITE [PAGE]
                                            what is wrong with a site's second labels; of a page, each line with its label
    python -m goldens.builder agreement [SITE...]
                                            how far first and second labels agree; of named sites also each open dispute

Needs Jinja2 (extra `scorecard`). The writer's guide is goldens/sites/README.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from goldens.builder.agreement import print_agreement, two_labellings
from goldens.builder.build import SETS, Built, build, write
from goldens.builder.croissant import write_croissant
from goldens.builder.measures import measure
from goldens.builder.outline import outline
from goldens.builder.rules import PageRules, unnamed
from goldens.builder.second import golden_of, read_second, second_labels
from goldens.builder.source import SECOND_FILE, SiteError, SiteSource, read_site, read_sites
from harness.cli.streams import safe_streams
from harness.evaluation.self_test import self_test
from harness.goldens.labellers import BESIDE
from harness.goldens.reader import Dumps, GoldenError, read_golden
from harness.pages.packed import page_bytes
from harness.pages.page import Page
from harness.report.golden import print_golden
from harness.report.kit.terminal import stdout_console

GOLDENS = Path(__file__).resolve().parent.parent


def main(words: Sequence[str]) -> int:
    """Do what the words ask for. Exit code 1 if something is wrong with what was named, 2 if it cannot be read."""
    if words and words[0] in ("--help", "-h"):
        print(__doc__, end="")
        return 0
    command = COMMANDS.get(words[0]) if words else None
    try:
        return command(words[1:]) if command else _built(words)
    except SiteError as error:
        print(error, file=sys.stderr)
        return 2


def _built(names: Sequence[str]) -> int:
    if not names:
        _build_all()
        return 0
    built = [page for name in names for page in build(_site(name))]
    for page in built:
        write(page, GOLDENS)
    print(f"{'page':40} {'kB':>6} {'elements':>8} {'words':>6} {'kept':>5} {'links':>5} {'code':>5}")
    return 1 if sum(_shown(page) for page in built) else 0


def _build_all() -> None:
    built = [page for site in read_sites(GOLDENS / "sites") for page in build(site)]
    for page in built:
        write(page, GOLDENS)
    write_croissant(built, GOLDENS)
    written = {path for page in built for path in (page.page_path(GOLDENS), page.golden_path(GOLDENS))}
    for name in SETS.values():
        for pattern in ("*.html.gz", "*.yaml"):
            for path in set((GOLDENS / name).glob(pattern)) - written:
                path.unlink()


def _shown(built: Built) -> int:
    """Print the measures of a page and what is wrong with it. Returns the number of things that are."""
    try:
        golden = read_golden(built.golden_path(GOLDENS), Dumps([]))
    except GoldenError as error:
        print(built.name, *error.mistakes, sep="\n  ")
        return len(error.mistakes)
    found = measure(golden)
    kept = "–" if found.kept is None else f"{found.kept:.2f}"
    row = f"{found.kilobytes:6.0f} {found.elements:8} {found.words:6} {kept:>5} {found.in_links:5.2f} {found.code:5.2f}"
    print(f"{built.name:40} {row}")
    wrong = [*self_test(golden), *_unnamed(built.rules)]
    for reason in wrong:
        print(f"  {reason}")
    return len(wrong)


def _outlined(names: Sequence[str]) -> int:
    if len(names) != 1:
        raise SiteError("outline: name one page, such as harbour-lantern-ice-house")
    paths = [GOLDENS / name / f"{names[0]}.html.gz" for name in SETS.values()]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise SiteError(
            f"{names[0]}: neither {' nor '.join(map(str, paths))} is there: name the page as its file, or build it"
        )
    for line in outline(Page(page_bytes(path), "text/html").tree()):
        print(line)
    return 0


def _second_checked(names: Sequence[str]) -> int:
    """Say what is wrong with the second labels of a site. With a page, show every line of it with its label."""
    if not 1 <= len(names) <= 2:
        raise SiteError("second: name a site, and one of its pages to see its labels")
    site = _site(names[0])
    second = read_second(site)
    if second is None:
        raise SiteError(f"{site.folder / SECOND_FILE} is not there: write it first")
    built = build(site)
    labels, wrong = second_labels(built, second)
    if len(names) == 2:
        pages = {page.source.name: golden_of(page, rules) for page, rules in zip(built, labels)}
        if names[1] not in pages:
            raise SiteError(f"{site.name} has no page {names[1]!r}; its pages: {', '.join(pages)}")
        shown = [s for s in pages[names[1]].segments if s.verdict != "drop" or s.kind not in BESIDE]
        # the kind of page is for the labeller to decide: the one that the first labeller chose stays hidden
        print_golden(replace(pages[names[1]], labelled=tuple(shown), kind=""), stdout_console())
    for page, rules in zip(built, labels):
        wrong += [f"{page.source.name}: {reason}" for reason in _unnamed(rules)]
    for reason in wrong:
        print(reason)
    return 1 if wrong else 0


def _compared(names: Sequence[str]) -> int:
    """Compare first and second labels. Exit code 1 if the second labels of a site cannot be compared, 2 without any."""
    sites = [_site(name) for name in names] or read_sites(GOLDENS / "sites")
    found, missing, failed = [], [], 0
    for site in sites:
        try:
            compared = two_labellings(site)
        except SiteError as error:
            print(error, file=sys.stderr)
            failed += 1
            continue
        if compared is None:
            missing.append(site.name)
        else:
            found.append(compared)
    if missing:
        print(f"no {SECOND_FILE} yet: {', '.join(missing)}", file=sys.stderr)
    if not found:
        raise SiteError("there is nothing to compare")
    print_agreement(found, stdout_console(), disputes=bool(names))
    return 1 if failed else 0


def _site(name: str) -> SiteSource:
    return read_site(GOLDENS / "sites" / name)


def _unnamed(rules: PageRules) -> list[str]:
    return [f"no rule names {text[:70]!r}" for text in unnamed(rules.segments)]


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "outline": _outlined,
    "second": _second_checked,
    "agreement": _compared,
}
"""What the first word can ask for instead of building."""

if __name__ == "__main__":
    with safe_streams():
        code = main(sys.argv[1:])
    sys.exit(code)
