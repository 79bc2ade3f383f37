"""Encodings that pages declare."""

from __future__ import annotations

import pytest

from harness.datasets import decoding


@pytest.mark.parametrize(
    ("raw", "declared", "text"),
    [
        (b"caf\xe9 \x93q\x94", "iso-8859-1", "café “q”"),  # browsers read it as Windows-1252
        ("пруд".encode("koi8-r"), " KOI8-R ", "пруд"),
        ("ı".encode("iso8859-9"), "latin5", "ı"),
        ("池".encode("gb18030"), "gb2312", "池"),
        ("池".encode("cp932"), "x-sjis", "池"),
        ("é".encode(), "no-such-charset", "é"),
        (b"<meta charset=utf-16>caf\xe9", None, "<meta charset=utf-16>café"),
        (b"<META http-equiv=x content='text/html; CHARSET=windows-1253'>\xe1", "idna", None),
        (b"a\x81b", None, "a\ufffdb"),
        (b"caf\xe9", "utf-8", "caf\ufffd"),
        (b"x", "\0", "x"),
    ],
)
def test_declared_encodings(raw: bytes, declared: str | None, text: str | None) -> None:
    found = decoding.decoded_as_declared(raw, declared)
    assert found == text if text is not None else found.endswith("α")
