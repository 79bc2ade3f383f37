"""Stored pages in declared and legacy encodings, and the languages that pages declare."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.datasets.base import html_lang
from harness.datasets.utf8 import as_utf8

LEGACY = {
    "iso-8859-1": "Grüße aus der Bücherei",
    "iso-8859-2": "Zażółć gęślą jaźń",
    "windows-1251": "Паром уходит в полдень",
    "koi8-r": "Паром уходит в полдень",
    "shift_jis": "正午に船が出る",
    "euc-kr": "정오에 배가 떠난다",
    "gbk": "渡轮中午开航",
}


@pytest.mark.parametrize("charset", LEGACY)
def test_a_page_in_a_declared_encoding_keeps_its_text(charset: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>{LEGACY[charset]}'
    assert as_utf8(page.encode(charset)).decode() == page


@given(st.text(max_size=40), st.sampled_from(["", "<meta charset=iso-8859-1>", "<meta charset=utf-8>"]))
def test_a_page_in_utf8_stays_as_it_is_whatever_it_declares(text: str, declared: str) -> None:
    raw = (declared + text).encode()
    assert as_utf8(raw) == raw


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<meta charset=latin1>Füße – “so”".encode("cp1252"), "<meta charset=latin1>Füße – “so”"),
        ("Füße".encode("cp1252"), "Füße"),
        *(
            (f'<meta charset="{name}">Fü'.encode("cp1252"), f'<meta charset="{name}">Fü')
            for name in ("idna", "rot13", "nonsense")
        ),
        ("Ψωμί".encode("utf-16"), "Ψωμί"),
        (b'<meta charset="utf-8">F\xfc\xdfe', '<meta charset="utf-8">F\ufffd\ufffde'),
    ],
)
def test_legacy_pages_are_read_as_a_browser_reads_them(raw: bytes, text: str) -> None:
    assert as_utf8(raw).decode() == text


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ('<html lang="en">', "en"),
        ("<HTML class=no-js LANG=EN-gb>", "en-GB"),
        ("<html lang='de_AT'>", "de-AT"),
        ('<html lang="zh-Hans-CN">', "zh-Hans-CN"),
        ('<html xmlns="x" xml:lang="ja">', "ja"),
        ('<html lang="" xml:lang="fi">', "fi"),
        ('<html lang="english">', None),
        ('<html data-lang="en" hreflang="en">', None),
        ('<html><body lang="en">', None),
        (" " * 30_000 + '<html lang="en">', None),
    ],
)
def test_the_language_is_what_the_root_element_declares(tag: str, lang: str | None) -> None:
    assert html_lang(tag.encode()) == lang
