"""Web archives as goldens: pages and texts, and archives that are cut or no archives."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from factories.datasets import loaded, write
from harness.datasets.base import DatasetError
from harness.datasets.formats import warc

RESPONSES = [
    # URL, content type, status, body
    ("http://www.a.example/", "text/html; charset=windows-1251", "200 OK", "<html lang=ru>Пруд</html>".encode("cp1251")),
    ("http://a.example/logo", "image/png", "200 OK", b"\x89PNG"),
    ("http://a.example/old", "text/html", "301 Moved Permanently", b"<p>gone</p>"),
    ("http://b.example:8080/", "text/html", "200 OK", '<meta charset="shift_jis"><p>池</p>'.encode("shift_jis")),
    ("http://b.example/utf8", "Text/HTML", "200 OK", "<p>café</p>".encode()),
    ("http://b.example/latin", "application/xhtml+xml", "200 OK", "<p>café</p>".encode("latin-1")),
    ("http://b.example/bom", "text/html; charset=latin1", "200 OK", "\ufeff<p>café</p>".encode("utf-16-le")),
]


def archive(file: Path, packed: bool) -> Path:
    pytest.importorskip("warcio", reason="the extra `benchmarks` is not installed")
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(file.name, {"software": "a test"}))
        for url, content_type, status, body in RESPONSES:
            head = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "request", payload=io.BytesIO(b""), http_headers=head))
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head))
    return file


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_an_archive(tmp_path: Path, packed: bool) -> None:
    goldens = loaded(warc.warc_entries(archive(tmp_path / ("crawl-1.warc.gz" if packed else "crawl-1.warc"), packed)))
    assert {key: golden.page.content for key, golden in goldens.items()} == {
        "crawl-1/0000001-a.example": "<html lang=ru>Пруд</html>",
        "crawl-1/0000002-b.example": '<meta charset="shift_jis"><p>池</p>',
        "crawl-1/0000003-b.example": "<p>café</p>",
        "crawl-1/0000004-b.example": "<p>café</p>",
        "crawl-1/0000005-b.example": "<p>café</p>",
    }
    first = goldens["crawl-1/0000001-a.example"]
    assert (first.page.url, first.lang, first.site) == ("http://www.a.example/", "ru", "a.example")
    assert not first.has_main_content
    assert first.flags == ("unlabelled",)


def test_texts_of_an_archive_and_folders(tmp_path: Path) -> None:
    archive(tmp_path / "b.warc.gz", packed=True)
    from warcio.warcwriter import WARCWriter

    with (tmp_path / "a.warc.wet.gz").open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for url in ("http://x.example/", "http://[::1]/"):
            text = io.BytesIO("Tomé\nnext".encode())
            writer.write_record(writer.create_warc_record(url, "conversion", text, warc_content_type="text/plain"))
    write(tmp_path / "notes.txt", "not an archive")
    goldens = loaded(warc.warc_entries(tmp_path))
    assert list(goldens)[:3] == ["a/0000001-x.example", "a/0000002-__1", "b/0000001-a.example"]
    assert (goldens["a/0000001-x.example"].page.media, goldens["a/0000001-x.example"].page.text) == (
        "text/plain",
        "Tomé\nnext",
    )
    write(tmp_path / "b.warc", b"")
    with pytest.raises(DatasetError, match=r"b\.warc\.gz: its ids would be those of b\.warc"):
        list(warc.warc_entries(tmp_path))


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_that_is_cut_anywhere_is_an_error_or_ends_between_records(tmp_path: Path, packed: bool) -> None:
    cut = archive(tmp_path / "cut.warc", packed)
    whole = cut.read_bytes()
    pages = [(entry.load.args[1], entry.load()) for entry in warc.warc_entries(cut)]
    failed = 0
    for length in range(20, len(whole), 37):
        cut.write_bytes(whole[:length])
        try:
            found = list(warc.warc_entries(cut))
        except DatasetError as error:
            failed += 1
            offset = re.search(r"cut\.warc, byte (\d+): the record cannot be read", str(error))
            assert offset, error
            assert int(offset[1]) <= length
        else:
            assert [entry.load() for entry in found] == [golden for _, golden in pages[: len(found)]]
            assert len(found) >= sum(start < length for start, _ in pages) - 1
    assert failed > 10


def test_a_record_that_is_longer_than_it_says_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = archive(tmp_path / "x.warc", packed=False)
    head, length, tail = file.read_bytes().rpartition(b"Content-Length: ")
    number, rest = tail.split(b"\r\n", 1)
    file.write_bytes(head + length + b"%d\r\n" % (int(number) - 5) + rest)
    with pytest.raises(
        DatasetError, match=r"byte \d{4}: the record cannot be read: the record goes on after its Content-Length"
    ):
        list(warc.warc_entries(file))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>no archive</html>\n" * 9, r"byte 0: the record cannot be read"),
        (b"\x1f\x8b\x08\x00garbage garbage garbage", r"byte 0: the record cannot be read"),
    ],
)
def test_what_is_no_archive_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    pytest.importorskip("warcio", reason="the extra `benchmarks` is not installed")
    with pytest.raises(DatasetError, match=message):
        list(warc.warc_entries(write(tmp_path / "x.warc", content)))


def test_archives_need_a_folder_with_some_and_warcio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DatasetError, match="holds no archive"):
        list(warc.warc_entries(tmp_path))
    with pytest.raises(DatasetError, match="no such file"):
        list(warc.warc_entries(tmp_path / "none.warc"))
    write(tmp_path / "x.warc", b"")
    for name in [name for name in sys.modules if name.partition(".")[0] == "warcio"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "warcio", None)
    with pytest.raises(DatasetError, match=r"pip install 'extraction-harness\[benchmarks\]'"):
        list(warc.warc_entries(tmp_path))
