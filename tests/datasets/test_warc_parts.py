"""Web archives by pattern, listing and address, and in parts: whatever the parts, the pages and their ids are the same."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from factories.archives import archive, record, response
from harness.datasets import DatasetError, Entry
from harness.datasets.formats import warc

pytest.importorskip("fastwarc", reason="the extra `benchmarks` is not installed")


def pages(site: str, number: int) -> list[bytes]:
    """Responses of several sizes, with records between them that hold no page."""
    found = []
    for place in range(number):
        url = f"http://{site}.example/{place}"
        found.append(record("request", url, b"GET / HTTP/1.1\r\n\r\n"))
        found.append(response(url, f"<html lang=en><p>{f'{site} {place} ' * 40 * (place % 4)}".encode()))
        found.append(response(url, b"gone", "404 Not Found"))
    return found


def told(entries: list[Entry]) -> list[tuple[str, str, str]]:
    """What entries say, and what their pages hold."""
    return [(entry.id, entry.lang, entry.load().page.content) for entry in entries]


def whole(path: Path | str) -> list[tuple[str, str, str]]:
    return told(list(warc.warc_entries(Path(path))))


def in_parts(path: Path | str, shards: int) -> list[list[tuple[str, str, str]]]:
    return [told(list(warc.warc_part(Path(path), number, shards))) for number in range(1, shards + 1)]


@pytest.fixture
def crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three archives in two folders: each record packed, none packed, and all packed as one."""
    monkeypatch.chdir(tmp_path)
    for folder in ("crawl/1", "crawl/2"):
        Path(folder).mkdir(parents=True)
    Path("crawl/1/b.warc.gz").write_bytes(archive(pages("b", 9), packed=True))
    Path("crawl/2/a.warc").write_bytes(archive(pages("a", 5)))
    Path("crawl/2/c.warc.gz").write_bytes(gzip.compress(archive(pages("c", 7))))
    return tmp_path


@pytest.mark.parametrize("shards", [1, 2, 3, 4, 7, 40])
def test_every_page_is_in_one_part_with_the_id_that_it_has_in_the_whole(crawl: Path, shards: int) -> None:
    parts = in_parts("crawl/*/*", shards)
    assert [page for part in parts for page in part] == whole("crawl/*/*")
    assert len({page[0] for part in parts for page in part}) == 21


def test_a_damaged_record_is_in_one_part(crawl: Path) -> None:
    content = Path("crawl/1/b.warc.gz").read_bytes()
    middle = content.index(b"\x1f\x8b\x08", len(content) // 2)
    Path("x.warc.gz").write_bytes(content[: middle + 20] + b"\xff" * 9 + content[middle + 29 :])
    entries = list(warc.warc_entries(Path("x.warc.gz")))
    for shards in (2, 5, 11):
        parts = [list(warc.warc_part(Path("x.warc.gz"), number, shards)) for number in range(1, shards + 1)]
        assert [entry.id for part in parts for entry in part] == [entry.id for entry in entries]


def test_listings_name_files_beside_them(crawl: Path) -> None:
    listed = "1/b.warc.gz\n2/a.warc\n\n2/c.warc.gz\n"
    Path("crawl/warc.paths").write_text(listed)
    Path("crawl/packed.paths.gz").write_bytes(gzip.compress(listed.encode()))
    assert whole("crawl/warc.paths") == whole("crawl/packed.paths.gz") == whole("crawl/*/*")
    assert [len(part) for part in in_parts("crawl/warc.paths", 3)] == [5, 9, 7]


@pytest.mark.parametrize(
    "line",
    ["/etc/passwd", "../x.warc", "1/../../x.warc", "file:///etc/passwd", "zip://x.warc::file:///x.zip", "C:x", "a\0b"],
)
def test_a_listing_names_no_other_file_of_this_machine(crawl: Path, line: str) -> None:
    Path("crawl/warc.paths").write_text(f"1/b.warc.gz\n{line}\n")
    with pytest.raises(DatasetError, match=r"^crawl/warc\.paths:2: .*listing"):
        list(warc.warc_entries(Path("crawl/warc.paths")))


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("crawl/none-*.warc", "holds no archive"),
        ("crawl/none.warc", "no such file"),
        ("crawl/none.paths", "no such file"),
        ("crawl/broken.paths.gz", "is no listing"),
        ("crawl/empty.paths", "holds no archive"),
        ("crawl/lost.paths", "cannot be read: No such file"),
    ],
)
def test_what_is_not_there_is_named(crawl: Path, place: str, message: str) -> None:
    Path("crawl/broken.paths.gz").write_bytes(b"1/b.warc.gz")
    Path("crawl/empty.paths").write_text("\n")
    Path("crawl/lost.paths").write_text("1/lost.warc.gz\n")
    with pytest.raises(DatasetError, match=message):
        list(warc.warc_entries(Path(place)))
    if "lost" not in place:
        with pytest.raises(DatasetError, match=message):
            list(warc.warc_part(Path(place), 1, 9))


def test_archives_of_one_name_are_refused(crawl: Path) -> None:
    Path("crawl/1/a.warc").write_bytes(archive(pages("a", 1)))
    with pytest.raises(DatasetError, match=r"crawl/2/a\.warc: its ids would be those of a\.warc"):
        list(warc.warc_entries(Path("crawl/*/*")))
