"""Bytes become text as in a browser, whatever declares their encoding, or nothing."""

from __future__ import annotations

import pytest
import webencodings
from hypothesis import given
from hypothesis import strategies as st

from factories.encoded_pages import META, TEXTS, EncodedPage, encoded_page, pages
from harness.pages.decoding import Encoding, decode, encoding_of, known_encoding, utf8_of
from harness.pages.page import Page


def text_of(raw: bytes, charset: str | None = None) -> str:
    return Page(raw, "text/html", charset=charset).content


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_pages_are_read_as_their_authors_wrote_them(page: EncodedPage) -> None:
    read = Page(page.raw, "text/html", charset=page.header)
    assert f'<p id="text">{page.text}</p>' in read.content
    assert ("encoding-guessed" in read.flags) == page.name.endswith("-undeclared")
    assert ("characters-lost" in read.flags) == (page.name == "utf-8-bad-byte")


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        (b"caf\xe9 \x93q\x94", "iso-8859-1", "café “q”"),  # browsers read it as Windows-1252
        ("пруд".encode("koi8-r"), " KOI8-R ", "пруд"),
        ("ı".encode("iso8859-9"), "latin5", "ı"),
        (b"a\x81b", "cp1252", "a\x81b"),
        (b"caf\xe9", "utf-8", "caf\ufffd"),
        ("café".encode("utf-16-le"), "utf-16", "café"),
        ("Ψωμί".encode("utf-16"), "koi8-r", "Ψωμί"),
        (b"\x80 12", "gb18030", "€ 12"),
        (b"\x80 12", "gbk", "€ 12"),
        (b"\xf9\xd8\xf9\xd6", "big5", "裏碁"),  # what ETEN added to Big5
        (b"\x1b$B-!-j\x1b(B!", "iso-2022-jp", "①㈱!"),
        (b"\x1b$B!A\x1b(B", "iso-2022-jp", "\uff5e"),
        (b"\x81<p>", "shift_jis", "\ufffd<p>"),  # half a character takes no tag with it
        (b"\x1b$)C", "iso-2022-kr", "\ufffd"),
        (b"\xae", "koi8-u", "ў"),
    ],
)
def test_encodings_have_the_characters_that_browsers_have(raw: bytes, charset: str, text: str) -> None:
    assert text_of(raw, charset) == text


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"<meta charset=utf-16>caf\xe9", "utf-8"),  # what can be read as ASCII is not UTF-16
        (b"<META http-equiv=content-type content='text/html; CHARSET=windows-1253'>\xe1", "windows-1253"),
        (b"<meta http-equiv=refresh content='1; charset=koi8-r'><meta charset=cp1251>\xe1", "windows-1251"),
        (b"<meta charset=none><meta charset=l2>\xe1", "iso-8859-2"),
        (b"<meta charset=cp1251 charset=koi8-r>\xe1", "windows-1251"),
        (b"<textarea><meta charset=koi8-r></textarea><meta charset=cp1251>\xe1", "windows-1251"),
        (b"<body>" + b"<p>" * 400 + b"<meta charset=koi8-r>" + TEXTS["ru"].encode("cp1251"), "windows-1251"),  # too late
        (b'<?xml version="1.0" encoding="koi8-r"?><meta charset=cp1251>\xe1', "windows-1251"),
        (b"<?xml version encoding='koi8-r'?>\xe1", "koi8-r"),
        (b"<meta charset=x-user-defined>\xe1", "windows-1252"),
    ],
)
def test_a_page_declares_its_encoding_as_browsers_look_for_it(raw: bytes, name: str) -> None:
    assert encoding_of(raw).name == name


def test_what_came_with_the_bytes_goes_before_the_page_and_a_mark_before_both() -> None:
    raw = META.format(label="koi8-r").encode() + TEXTS["ru"].encode("cp1251")
    assert encoding_of(raw, "windows-1251") == Encoding("windows-1251")
    assert encoding_of(raw, "no such label") == Encoding("koi8-r")
    assert encoding_of(b"\xef\xbb\xbf" + raw, "windows-1251") == Encoding("utf-8")
    assert encoding_of(raw, html=False).name == "windows-1251"  # a text declares nothing


@given(st.text(max_size=60).filter(lambda text: not text.isascii()), st.sampled_from(["iso-8859-1", "gbk", "utf-8"]))
def test_what_is_utf8_is_that_whatever_the_page_declares(text: str, label: str) -> None:
    raw = (META.format(label=label) + text).encode()
    assert text_of(raw) == raw.decode()
    assert encoding_of(raw).misdeclared == (label != "utf-8")


@given(st.sampled_from(["fr", "ru", "el", "ja", "ko"]), st.integers(0, 80), st.sampled_from(["utf-8", "iso-8859-1", None]))
def test_one_bad_byte_does_not_change_the_encoding(lang: str, place: int, label: str | None) -> None:
    raw = encoded_page("page", lang, "utf-8", META.format(label=label) if label else "").raw
    start = raw.index(b'"text">') + 7
    bad = raw[: start + place] + b"\xe9" + raw[start + place :]
    assert encoding_of(bad).name == encoding_of(raw).name == "utf-8"
    assert Page(bad, "text/html").flags[-1] == "characters-lost"


def test_a_page_of_ascii_only_is_not_guessed() -> None:
    assert encoding_of(b"<p>Plain") == Encoding("utf-8")


@pytest.mark.parametrize("text", ["café", "Füße"])
def test_short_undeclared_texts_are_western(text: str) -> None:
    assert encoding_of(text.encode("cp1252")) == Encoding("windows-1252", guessed=True)


def test_all_labels_of_the_standard_are_known_and_decode() -> None:
    labels = webencodings.labels.LABELS
    assert len(labels) == 228
    for label in labels:
        assert known_encoding(label.upper()) == labels[label]


@given(st.binary(max_size=60), st.sampled_from(sorted(set(webencodings.labels.LABELS.values()))))
def test_no_bytes_fail_in_any_encoding(raw: bytes, name: str) -> None:
    decode(raw, name).encode("utf-8")


@given(st.binary(max_size=60), st.sampled_from([None, "utf-16", "x", "\0", "é"]))
def test_any_bytes_are_a_page(raw: bytes, charset: str | None) -> None:
    page = Page(raw, "text/html", charset=charset)
    assert isinstance(page.content, str)
    assert page.encoding.name in webencodings.labels.LABELS.values()


@pytest.mark.parametrize(
    "raw", ["Käse".encode(), b"\xef\xbb\xbfK\xc3\xa4se", "Käse".encode("latin-1"), b"cheese", "Käse".encode("utf-16")]
)
def test_a_page_in_utf_8_has_the_same_text(raw: bytes):
    assert utf8_of(raw).decode() == text_of(raw)


def test_a_page_that_is_utf_8_already_is_not_copied():
    raw = "<p>Käse".encode()
    assert utf8_of(raw) is raw
