"""The sets of made websites that come with the harness: what ships is what the sources say, and follows the guide."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from factories.places import ROOT
from goldens.builder.build import SETS, build
from goldens.builder.source import SECOND_FILE, SITE_FILE, read_site
from harness.evaluation.self_test import self_test
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps
from harness.goldens.sets import find_goldens, load_goldens
from harness.pages.packed import page_bytes
from harness.pages.words import words

SITES = sorted(path.parent for path in (ROOT / "goldens" / "sites").glob(f"*/{SITE_FILE}"))
FOLDERS = [ROOT / "goldens" / name for name in SETS.values()]


@cache
def shipped() -> list[Golden]:
    files = find_goldens([str(folder) for folder in FOLDERS if any(folder.glob("*.yaml"))])
    loaded = load_goldens(files, Dumps([]))
    assert (loaded.mistakes, loaded.skipped) == ([], [])
    return loaded.goldens


def require_what_ships(site: Path) -> None:
    for page in build(read_site(site)):
        again = "`make goldens` makes it anew"
        assert page_bytes(page.page_path(ROOT / "goldens")) == page.raw, again
        assert page.golden_path(ROOT / "goldens").read_text("utf-8") == page.golden, again


@pytest.mark.parametrize("site", SITES[:: max(1, len(SITES) // 3)], ids=lambda site: site.name)
def test_what_ships_is_what_some_sources_say(site: Path) -> None:
    require_what_ships(site)


@pytest.mark.slow
@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_what_ships_is_what_all_sources_say(site: Path) -> None:
    require_what_ships(site)


def test_nothing_ships_that_no_source_has() -> None:
    written = {
        f"{site.name}-{page.stem}"
        for site in SITES
        for page in site.glob("*.yaml")
        if page.name not in (SITE_FILE, SECOND_FILE)
    }
    assert {path.stem for folder in FOLDERS for path in folder.glob("*.yaml")} == written
    assert {path.name.removesuffix(".html.gz") for folder in FOLDERS for path in folder.glob("*.html.gz")} == written


@pytest.mark.slow
def test_every_golden_scores_1_by_its_own_labels_and_no_text_is_without_a_rule() -> None:
    for golden in shipped():
        assert self_test(golden) == [], golden.id
        assert [s.text for s in golden.segments if s.kind == "other" and words(s.text)] == [], golden.id


@pytest.mark.slow
def test_no_two_sites_share_ten_words_in_a_row() -> None:
    said_by: dict[tuple[str, ...], str] = {}
    shared = set()
    for golden in shipped():
        sequence = words("\n".join(segment.text for segment in golden.segments))
        for start in range(len(sequence) - 9):
            run = tuple(sequence[start : start + 10])
            is_said = not "".join(run).isdecimal()  # the days of a calendar, the pages of a list
            if is_said and said_by.setdefault(run, golden.site) != golden.site:
                shared.add((golden.site, said_by[run], " ".join(run)))
    assert sorted(shared) == []
