"""Pages without labels: a folder of HTML files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from harness.datasets.base import DatasetError
from harness.datasets.formats.pages import pages_entries
from harness.datasets.unlabelled import with_format

PAGE = '<html lang="de-at"><head>{}</head><body><p>Der Dampfer fuhr ab.</p></body></html>'


def write(path: Path, head: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = PAGE.format(head).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def test_a_page_is_of_the_site_of_its_own_address_else_of_its_folder_else_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "a.html", '<link rel="canonical" href="https://www.pond.example/story">')
    write(tmp_path / "dam.example/b.htm")
    write(tmp_path / "c.html.gz")
    entries = {entry.id.partition("/")[2]: entry for entry in pages_entries(tmp_path)}
    assert {name: entry.site for name, entry in entries.items()} == {
        "a.html": "pond.example",
        "c.html.gz": f"{tmp_path.name}/c.html.gz",
        "dam.example/b.htm": "dam.example",
    }
    golden = entries["a.html"].load()
    assert golden.page.url == "https://www.pond.example/story" and golden.lang == "de-AT"
    assert not golden.has_main_content
    assert b"Dampfer" in entries["c.html.gz"].load().page.raw


def test_a_broken_page_is_an_entry_that_says_why_when_it_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(b"no gzip")
    (entry,) = pages_entries(tmp_path)
    with pytest.raises(DatasetError, match=r"a\.html\.gz"):
        entry.load()


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no page"):
        list(pages_entries(tmp_path))


def test_folders_of_pages_and_archives_need_no_format(tmp_path: Path) -> None:
    pages = write(tmp_path / "pages/a.html").parent
    archive = tmp_path / "crawl/x.warc.gz"
    archive.parent.mkdir()
    archive.touch()
    labelled = write(tmp_path / "goldens/a.html").parent
    (labelled / "a.yaml").touch()
    assert with_format(str(pages)) == f"pages:{pages}"
    assert with_format(str(archive)) == f"warc:{archive}"
    assert with_format("crawl/*.warc.gz") == "warc:crawl/*.warc.gz"
    assert with_format("warc:crawl/x.warc.gz") == "warc:crawl/x.warc.gz"
    assert with_format(str(archive.parent)) == f"warc:{archive.parent}"
    assert with_format(str(labelled)) == str(labelled)
    assert with_format("core") == "core" and with_format("") == ""
