"""A folder of pages and texts as a set of goldens."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.datasets import PAGE, ids, write
from harness.datasets.base import DatasetError
from harness.datasets.formats import folder
from harness.pages.limits import PAGES


def test_a_folder_of_pages_is_a_set_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("b", "\ufeffThe ferry sails at noon.\n"), ("a", " \n")):
        write(tmp_path / "mine" / f"{name}.html", PAGE)
        write(tmp_path / "mine" / f"{name}.txt", text)
    write(tmp_path / "mine" / "notes.md", "no page")
    a, b = folder.folder_entries(tmp_path / "mine")
    assert (a.id, a.flags, b.id, b.flags) == ("mine/a", ("empty-gold",), "mine/b", ())
    assert b.load().text == "The ferry sails at noon.\n"
    monkeypatch.chdir(tmp_path / "mine")
    assert ids(folder.folder_entries(Path())) == ["mine/a", "mine/b"]


def test_all_that_is_wrong_with_a_folder_is_said_at_once(tmp_path: Path) -> None:
    for name in ("lonely.html", "torn.html"):
        write(tmp_path / name, PAGE)
    write(tmp_path / "orphan.txt", "text")
    write(tmp_path / "torn.txt", b"one\ntwo\nth\xffree")
    with pytest.raises(DatasetError) as caught:
        list(folder.folder_entries(tmp_path))
    lonely, orphan, torn = str(caught.value).splitlines()
    assert "lonely.html: has no lonely.txt" in lonely
    assert "orphan.txt: has no orphan.html" in orphan
    assert "torn.txt:3: not UTF-8 (byte 0xff)" in torn


def test_a_text_that_is_not_on_its_page_is_flagged(tmp_path: Path) -> None:
    for name, text in (("right", "The ferry sails at noon."), ("other", "The grocer closes at noon on Sundays.")):
        write(tmp_path / f"{name}.html", PAGE)
        write(tmp_path / f"{name}.txt", text)
    assert {entry.id.rpartition("/")[2]: entry.flags for entry in folder.folder_entries(tmp_path)} == {
        "other": ("gold-not-on-page",),
        "right": (),
    }


def test_a_page_that_takes_too_long_to_read_leaves_the_others(tmp_path: Path) -> None:
    for name, page in (("deep", "<div>" * (PAGES.depth + 1)), ("usual", PAGE)):
        write(tmp_path / f"{name}.html", page)
        write(tmp_path / f"{name}.txt", "The ferry sails at noon.")
    deep, usual = (entry.load() for entry in folder.folder_entries(tmp_path))
    assert (bool(deep.page.unreadable), usual.page.unreadable) == (True, "")
