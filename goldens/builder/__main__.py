"""Builds the golden sets `web` and `web-heldout`.

    python -m goldens.builder             all sites (`make goldens`); files of pages that are no longer written are removed
    python -m goldens.builder NAME...     these sites, with what is wrong with their pages, and the measures of each

Needs Jinja2 (extra `scorecard`). The writer's guide is goldens/sites/README.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from goldens.builder.build import SETS, Built, build, write
from goldens.builder.measures import measure
from goldens.builder.source import SiteError, read_site, read_sites
from harness.evaluation.self_test import self_test
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps, GoldenError, read_golden
from harness.pages.words import words

GOLDENS = Path(__file__).resolve().parent.parent


def main(names: list[str]) -> int:
    """Build the sites with these names, or all. Exit code 1 if something is wrong with a page that was named."""
    try:
        if not names:
            _build_all()
            return 0
        built = [page for name in names for page in build(read_site(GOLDENS / "sites" / name))]
    except SiteError as error:
        print(error, file=sys.stderr)
        return 2
    for page in built:
        write(page, GOLDENS)
    print(f"{'page':40} {'kB':>6} {'elements':>8} {'words':>6} {'kept':>5} {'links':>5} {'code':>5}")
    return 1 if sum(_shown(page) for page in built) else 0


def _build_all() -> None:
    written = set()
    for site in read_sites(GOLDENS / "sites"):
        for page in build(site):
            write(page, GOLDENS)
            written |= {page.page_path(GOLDENS), page.golden_path(GOLDENS)}
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
    wrong = [*self_test(golden), *_unnamed(golden)]
    for reason in wrong:
        print(f"  {reason}")
    return len(wrong)


def _unnamed(golden: Golden) -> list[str]:
    """The texts that no rule names."""
    return [f"no rule names {s.text.strip()[:70]!r}" for s in golden.segments if s.kind == "other" and words(s.text)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
