"""Entries of a dataset that are kept: taken again only while nothing that they were read from has changed."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from factories.datasets import PAGE, ids, wcxb_page, write
from harness.common.places import cache_folder
from harness.datasets.entries import find_entries
from harness.datasets.formats.wcxb import WCXB
from harness.datasets.kept import kept_entries
from harness.goldens.reader import Dumps


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    for name in ("0001", "0002", "0003"):
        wcxb_page(tmp_path / "dev", name)
    return tmp_path / "dev"


def unlisted(path: Path) -> list:
    raise AssertionError("the dataset is listed again")


def test_entries_are_kept_whole_and_load_the_same_goldens(dev: Path) -> None:
    first = list(kept_entries(WCXB, dev))
    again = list(kept_entries(replace(WCXB, entries=unlisted), dev))
    assert [replace(entry, load=unlisted) for entry in again] == [replace(entry, load=unlisted) for entry in first]
    assert [entry.load() for entry in again] == [entry.load() for entry in first]


@pytest.mark.parametrize("change", ["a page", "a golden", "a new page", "a page less", "the other split", "metadata.json"])
def test_a_change_of_any_file_that_entries_depend_on_makes_them_be_read_again(dev: Path, change: str) -> None:
    list(kept_entries(WCXB, dev))
    if change == "a page":
        write(dev / "html" / "0002.html.gz", PAGE.replace(b"en", b"de", 1))
    elif change == "a golden":
        wcxb_page(dev, "0002", _internal={"page_type": {"primary": "forum"}})
    elif change == "a new page":
        wcxb_page(dev, "0004")
    elif change == "a page less":
        (dev / "ground-truth" / "0002.json").unlink()
    elif change == "the other split":
        wcxb_page(dev.parent / "test", "0009")
    else:
        write(dev.parent / "metadata.json", {"files": {"0002": {"domain": "other.example"}}})
    fresh = [replace(entry, load=unlisted) for entry in WCXB.entries(dev)]
    assert [replace(entry, load=unlisted) for entry in kept_entries(WCXB, dev)] == fresh


def test_a_change_that_leaves_the_size_is_seen_by_its_time(dev: Path) -> None:
    list(kept_entries(WCXB, dev))
    file = dev / "ground-truth" / "0002.json"
    file.write_text(file.read_text().replace("article", "product"))
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1_000_000))
    assert [entry.kind for entry in kept_entries(WCXB, dev)] == ["article", "product", "article"]


def test_a_folder_of_the_same_name_elsewhere_has_entries_of_its_own(dev: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(dev.parent)
    list(kept_entries(WCXB, Path("dev")))
    (dev.parent / "elsewhere").mkdir()
    monkeypatch.chdir(dev.parent / "elsewhere")
    wcxb_page(Path("dev"), "0007")
    assert ids(kept_entries(WCXB, Path("dev"))) == ["wcxb-dev/0007"]


def test_part_of_the_entries_is_not_kept_as_if_it_were_all(dev: Path) -> None:
    next(kept_entries(WCXB, dev))
    assert ids(kept_entries(WCXB, dev)) == ["wcxb-dev/0001", "wcxb-dev/0002", "wcxb-dev/0003"]


def test_a_few_entries_are_read_without_a_look_at_all_files_and_many_are_those_that_are_kept(dev: Path) -> None:
    list(kept_entries(WCXB, dev))
    kept = replace(WCXB, entries=unlisted)
    assert ids(kept_entries(kept, dev, 200)) == ["wcxb-dev/0001", "wcxb-dev/0002", "wcxb-dev/0003"]
    with pytest.raises(AssertionError, match="listed again"):
        list(kept_entries(kept, dev, 2))


def test_a_cache_that_cannot_be_written_changes_nothing(dev: Path) -> None:
    cache_folder().write_text("a file where a folder is expected")
    assert (
        ids(kept_entries(WCXB, dev)) == ids(kept_entries(WCXB, dev)) == ["wcxb-dev/0001", "wcxb-dev/0002", "wcxb-dev/0003"]
    )


def test_the_first_entries_are_found_without_reading_the_others(dev: Path) -> None:
    write(dev / "ground-truth" / "0003.json", "broken")
    assert [entry.id for entry in find_entries([f"wcxb:{dev}"], Dumps([]), enough=2).entries] == [
        "wcxb-dev/0001",
        "wcxb-dev/0002",
    ]
