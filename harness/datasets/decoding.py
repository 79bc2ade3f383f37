"""Stored bytes of old pages and goldens as text: pages are UTF-8 from here on, whatever they were."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from harness.datasets.base import DatasetError, read_page

_HEAD = 20_000  # bytes in which a page declares its encoding
_META = re.compile(rb"<meta[^<>]*?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# Encodings of web pages by their Python names, and what a browser reads them as (WHATWG Encoding Standard). No other is
# taken from a page: Python also has codecs that are slow on hostile bytes or no encodings of text.
_WEB = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "utf-16": "utf-16-le",
    "euc_kr": "cp949",
} | {
    name: name
    for name in (
        "utf-8 utf-16-le utf-16-be gb18030 big5 big5hkscs cp932 cp949 euc_jp iso2022_jp koi8-r koi8-u cp866 cp874 mac-roman "
        "mac-cyrillic cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 "
        "iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16"
    ).split()
}

_UNKNOWN_TO_PYTHON = {"x-sjis": "cp932", "windows-31j": "cp932", "windows-874": "cp874", "x-gbk": "gb18030"}


def decoded(raw: bytes) -> str:
    """Text in UTF-8 or, where it is not valid UTF-8, in Windows-1252; without a byte order mark."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def decoded_as_declared(raw: bytes, declared: str | None) -> str:
    """A page in the encoding of its byte order mark, else of `declared`, else of its `<meta>`, else detected."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, errors="replace")
    meta = _META.search(raw[:_HEAD])
    # A <meta> that could be read was not written in UTF-16: browsers take it for UTF-8.
    in_meta = None if meta is None or meta[1].lower().startswith(b"utf-16") else meta[1].decode("ascii")
    known = usable(declared) or usable(in_meta)
    return raw.decode(known, errors="replace") if known else decoded(raw)


def usable(label: str | None) -> str | None:
    """Python's name of the encoding that a label means on the web; None for an unknown label."""
    label = (label or "").strip().lower()
    try:
        return _UNKNOWN_TO_PYTHON.get(label) or _WEB.get(codecs.lookup(label).name)
    except (LookupError, ValueError):  # ValueError: a null character
        return None


def read_decoded(path: Path) -> str:
    """The text of a golden's file in UTF-8 or Windows-1252, with `\\n` as line end. Raises DatasetError."""
    text = decoded(read_page(path)).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise DatasetError(f"{path}: holds null characters: not a text file in UTF-8 or Windows-1252; restore it")
    return text
