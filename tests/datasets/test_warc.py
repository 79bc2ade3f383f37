"""Web archives as goldens: pages and texts, and archives that are damaged or no archives."""

from __future__ import annotations

import gzip
import json
import re
import sys
from pathlib import Path

import pytest

from factories.archives import archive, record, response
from factories.datasets import loaded, write
from harness.cli.main import main
from harness.datasets import Entry
from harness.datasets.base import DatasetError
from harness.datasets.formats import warc

fastwarc = pytest.importorskip("fastwarc", reason="the extra `benchmarks` is not installed")

RUSSIAN = "<html lang=ru>Пруд</html>".encode("cp1251")
RECORDS = [
    record("request", "http://www.a.example/", b"GET / HTTP/1.1\r\n\r\n"),
    response("http://www.a.example/", RUSSIAN, content_type="text/html; charset=windows-1251"),
    response("http://a.example/logo", b"\x89PNG", content_type="image/png"),
    response("http://a.example/old", b"<p>gone</p>", "301 Moved Permanently"),
    response("http://b.example:8080/", '<meta charset="shift_jis"><p>池</p>'.encode("shift_jis")),
    response("http://b.example/utf8", "<p>café</p>".encode(), content_type="Text/HTML"),
    response("http://b.example/latin", "<p>café</p>".encode("latin-1"), content_type="application/xhtml+xml"),
    response("http://b.example/bom", "\ufeff<p>café</p>".encode("utf-16-le"), content_type="text/html; charset=latin1"),
]
PAGES = {
    "x/0000001-a.example": "<html lang=ru>Пруд</html>",
    "x/0000002-b.example": '<meta charset="shift_jis"><p>池</p>',
    "x/0000003-b.example": "<p>café</p>",
    "x/0000004-b.example": "<p>café</p>",
    "x/0000005-b.example": "<p>café</p>",
}


def faults(entries: list[Entry]) -> dict[str, str]:
    """What is said of the entries that cannot be loaded, by id."""
    found = {}
    for entry in entries:
        try:
            entry.load()
        except DatasetError as error:
            found[entry.id] = str(error)
    return found


@pytest.mark.parametrize("packing", ["plain", "each", "whole"])
def test_pages_of_an_archive(tmp_path: Path, packing: str) -> None:
    content = archive(RECORDS, packed=packing == "each")
    file = tmp_path / "x.warc.gz"
    file.write_bytes(gzip.compress(content) if packing == "whole" else content)
    goldens = loaded(warc.warc_entries(file))
    assert {key: golden.page.content for key, golden in goldens.items()} == PAGES
    first = goldens["x/0000001-a.example"]
    assert (first.page.url, first.lang, first.site) == ("http://www.a.example/", "ru", "a.example")
    assert first.page.raw == RUSSIAN  # what the site sent
    assert not first.has_main_content
    assert first.flags == ("unlabelled",)


def test_texts_of_an_archive_and_folders(tmp_path: Path) -> None:
    (tmp_path / "b.warc.gz").write_bytes(archive(RECORDS, packed=True))
    texts = [
        record("conversion", url, "Tomé\nnext".encode(), "text/plain") for url in ("http://x.example/", "http://[::1]/")
    ]
    (tmp_path / "a.warc.wet.gz").write_bytes(archive(texts, packed=True))
    write(tmp_path / "notes.txt", "not an archive")
    goldens = loaded(warc.warc_entries(tmp_path))
    assert list(goldens)[:3] == ["a/0000001-x.example", "a/0000002-__1", "b/0000001-a.example"]
    first = goldens["a/0000001-x.example"].page
    assert (first.media, first.text) == ("text/plain", "Tomé\nnext")
    write(tmp_path / "b.warc", b"")
    with pytest.raises(DatasetError, match=r"b\.warc\.gz: its ids would be those of b\.warc"):
        list(warc.warc_entries(tmp_path))


@pytest.mark.parametrize("packed", [False, True])
def test_of_an_archive_that_is_cut_anywhere_the_rest_is_read_and_the_cut_is_said(tmp_path: Path, packed: bool) -> None:
    info, *parts = [archive([], packed), *(archive([part], packed)[len(archive([], packed)) :] for part in RECORDS)]
    whole = b"".join([info, *parts])
    ends = [len(info) + sum(map(len, parts[: number + 1])) for number in range(len(parts))]
    between = {len(info), *ends} | {end - back for end in ends for back in (range(1, 5) if not packed else ())}
    for length in range(len(info), len(whole), 13):
        file = write(tmp_path / "x.warc", whole[:length])
        entries = list(warc.warc_entries(file))
        wrong = faults(entries)
        read = {entry.id: entry.load().page.content for entry in entries if entry.id not in wrong}
        assert read == dict(list(PAGES.items())[: len(read)])
        # Each page that is there as a whole is read, and what is not there is said once.
        complete = sum(end <= length for end, part in zip(ends, RECORDS) if part in (RECORDS[1], *RECORDS[4:]))
        assert len(read) >= complete
        assert len(wrong) == (0 if length in between or length - 4 < len(info) else 1), length
        for message in wrong.values():
            place = re.search(r"x\.warc, byte (\d+): .*(within|missing)", message)
            assert place, message
            assert int(place[1]) <= length


@pytest.mark.parametrize("packed", [False, True])
def test_a_record_that_cannot_be_read_is_named_and_the_others_are_read(tmp_path: Path, packed: bool) -> None:
    parts = [archive([part], packed)[len(archive([], packed)) :] for part in RECORDS]
    start = len(archive([], packed)) + sum(map(len, parts[:4]))
    parts[4] = b"\0\0\0\0" + parts[4][4:]
    file = write(tmp_path / "x.warc", archive([], packed) + b"".join(parts))
    entries = list(warc.warc_entries(file))
    assert faults(entries) == {entries[1].id: next(iter(faults(entries).values()))}
    assert f"x.warc, byte {start}: the record cannot be read" in faults(entries)[entries[1].id]
    assert [entry.load().page.content for index, entry in enumerate(entries) if index != 1] == [
        text for name, text in PAGES.items() if name != "x/0000002-b.example"
    ]


def test_a_record_that_is_longer_than_it_says_is_named(tmp_path: Path) -> None:
    head, length, tail = archive(RECORDS).rpartition(b"Content-Length: ")
    number, rest = tail.split(b"\r\n", 1)
    file = write(tmp_path / "x.warc", head + length + b"%d\r\n" % (int(number) - 5) + rest)
    assert len(faults(list(warc.warc_entries(file)))) == 1


def test_pages_are_unpacked_and_what_cannot_be_is_left_out_of_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = b"<p>The ferry leaves at noon.</p>"
    zipped = gzip.compress(page)
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(zipped), zipped)
    records = [
        response("http://a.example/", zipped, Content_Encoding="x-gzip"),
        response("http://b.example/", chunked, Content_Encoding="gzip", Transfer_Encoding="chunked"),
        response("http://c.example/", zipped, Content_Encoding="secret"),
    ]
    write(tmp_path / "x.warc", archive(records))
    entries = list(warc.warc_entries(tmp_path / "x.warc"))
    assert [entry.load().page.raw for entry in entries[:2]] == [page, page]
    main(["run", "-g", "warc:x.warc", "-e", "keep_everything", "--format", "json"])
    printed = capsys.readouterr()
    assert json.loads(printed.out)["goldens"] == {"pages": 2, "skipped": 0, "broken": 1}
    assert "the page of http://c.example/ cannot be read: its content encoding 'secret' is not known" in printed.err


def test_a_record_beyond_the_limit_is_named_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "LARGEST_PAGE", 1000)
    bodies = [b"<p>short</p>", b"<p>" + b"long " * 300, b"<p>short again</p>"]
    file = tmp_path / "x.warc.gz"
    file.write_bytes(archive([response(f"http://{n}.example/", body) for n, body in enumerate(bodies)], packed=True))
    entries = list(warc.warc_entries(file))
    wrong = faults(entries)
    assert list(wrong) == [entries[1].id]
    assert "more than 1,000 bytes" in wrong[entries[1].id]
    assert len(entries) == 3


@pytest.mark.parametrize("content", [b"<html>no archive</html>\n" * 9, b"\x1f\x8b\x08\x00garbage garbage garbage"])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DatasetError, match=r"x\.warc, byte 0: the record cannot be read"):
        list(warc.warc_entries(write(tmp_path / "x.warc", content)))


def test_archives_need_a_folder_with_some_and_fastwarc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="holds no archive"):
        list(warc.warc_entries(tmp_path))
    with pytest.raises(DatasetError, match="no such file"):
        list(warc.warc_entries(tmp_path / "none.warc"))
    write(tmp_path / "x.warc", b"")
    for name in [name for name in sys.modules if name.partition(".")[0] == "fastwarc"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastwarc", None)
    with pytest.raises(DatasetError, match=r"pip install 'extraction-harness\[benchmarks\]'"):
        list(warc.warc_entries(tmp_path))
