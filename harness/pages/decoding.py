"""Bytes of pages and golds as text, read as browsers read them.

Labels and codecs are those of webencodings, which follows the WHATWG Encoding Standard; the detector is Firefox's,
chardetng. Where Python's codecs differ from what browsers have, this module adds the difference.
docs/decisions/2026-11-30-one-decoder.md says why.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import webencodings
from chardetng_py import EncodingDetector

from harness.pages.tags import Tag, tags

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))

# Chromium looks for a <meta> in so many characters, and after them as long as all tags are of these elements.
_ALWAYS_SEARCHED = 1024
_IN_HEAD = frozenset("html head base link meta noscript object script style template title".split())

_CHARSET = re.compile(r"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"']+))", re.I)
_XML = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"'>]*)[\"']")

_UNMAPPED = "harness-unmapped"
_REPLACEMENT = "\ufffd"

_DETECTED = {"cp874": "windows-874"}  # the detector has Python's name
_SAME_DECODER = {"gbk": "gb18030"}  # by the standard

# Where Python has the characters of national standards and browsers others.
_JIS = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")
_CORRECTIONS = {
    "big5": str.maketrans("•､‾∼♁☉¥¢£", "‧﹑¯～⊕⊙￥￠￡"),
    "euc-jp": _JIS,
    "iso-2022-jp": _JIS,
    "koi8-u": str.maketrans("╝╬", "ўЎ"),
}


@dataclass(frozen=True)
class Encoding:
    """The encoding of a page or a text, and how it is known."""

    name: str
    """As the WHATWG Encoding Standard names it, in lower case."""
    guessed: bool = False
    """Whether nothing declares it, so that a detector had to guess."""
    misdeclared: bool = False
    """Whether the bytes are UTF-8 although another encoding is declared."""


def encoding_of(raw: bytes, charset: str | None = None, *, html: bool = True) -> Encoding:
    """The encoding of bytes.

    The first of these that there is decides: a byte order mark; `charset`, the label that came with the bytes in an HTTP
    header; more valid sequences of UTF-8 than invalid bytes, since stored pages often were converted without their
    `<meta>`; the `<meta>` of the page, then its XML declaration (unless `html` is false); a detector.
    """
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            return Encoding(marked)
    if came_with := known_encoding(charset):
        return Encoding(came_with, misdeclared=came_with != "utf-8" and is_utf8(raw))
    declared = declared_encoding(raw) if html else None
    if is_utf8(raw):
        return Encoding("utf-8", misdeclared=declared not in (None, "utf-8"))
    if declared:
        return Encoding(declared)
    if raw.isascii() and b"\x1b" not in raw:
        return Encoding("utf-8")
    detector = EncodingDetector()
    detector.feed(raw, last=True)
    guess = detector.guess(tld=None, allow_utf8=True)
    return Encoding(known_encoding(_DETECTED.get(guess, guess)) or "windows-1252", guessed=True)


def text_of(raw: bytes, charset: str | None = None, *, html: bool = True) -> str:
    """The text of bytes in the encoding that `encoding_of` tells."""
    if (text := _as_valid_utf8(raw, charset)) is not None:
        return text
    return decode(raw, encoding_of(raw, charset, html=html).name)


def utf8_of(raw: bytes, charset: str | None = None, *, html: bool = True) -> bytes:
    """The text of bytes (see `text_of`) in UTF-8: the same bytes, where they are that."""
    if _as_valid_utf8(raw, charset) is not None:
        return raw
    return text_of(raw, charset, html=html).encode("utf-8", "ignore")


def _as_valid_utf8(raw: bytes, charset: str | None) -> str | None:
    """The text of bytes that are UTF-8 whatever the page declares, as most pages are; else None."""
    if charset or raw.isascii() or raw.startswith(tuple(mark for mark, _ in _MARKS)):
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def decode(raw: bytes, encoding: str) -> str:
    """The text of bytes in an encoding of the Encoding Standard, without a byte order mark. Bytes without a meaning become
    U+FFFD, as many as in a browser.
    """
    for mark, name in _MARKS:
        if name == encoding:
            return raw.removeprefix(mark).decode(encoding, "replace")
    if encoding == "replacement":  # browsers refuse to decode the encodings of this name
        return _REPLACEMENT * bool(raw)
    codec = webencodings.lookup(_SAME_DECODER.get(encoding, encoding)).codec_info
    text: str = codec.decode(raw, _UNMAPPED)[0]
    return text.translate(_CORRECTIONS[encoding]) if encoding in _CORRECTIONS else text


def known_encoding(label: str | None) -> str | None:
    """The name of the encoding that a label means on the web, in lower case; None for a label that browsers do not know."""
    found = webencodings.lookup(label) if label and label.isascii() else None
    return None if found is None else found.name


def is_utf8(raw: bytes) -> bool:
    """Whether bytes hold sequences of UTF-8 beyond ASCII, and more of them than bytes that are no UTF-8."""
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
        return True
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    written = raw.count(_REPLACEMENT.encode())
    invalid = text.count(_REPLACEMENT) - written
    valid = sum(not character.isascii() for character in text) - invalid
    return valid > invalid


def declared_encoding(raw: bytes) -> str | None:
    """The encoding that an HTML page declares in a `<meta>`, else in an XML declaration; None if in neither.

    A `<meta>` inside a comment, a script or an attribute is none. What declares UTF-16 in ASCII is UTF-8.
    """
    in_head = True
    for tag in tags(raw.decode("latin-1")):
        if tag.name == "meta" and not tag.closing and (found := _in_meta(tag)):
            return found
        in_head = in_head and tag.name in _IN_HEAD and not (tag.closing and tag.name == "head")
        if not in_head and tag.end >= _ALWAYS_SEARCHED:
            break
    declaration = _XML.match(raw)
    return _of_ascii(declaration[1].decode("latin-1")) if declaration else None


def _in_meta(tag: Tag) -> str | None:
    values = {attribute.name: attribute.value for attribute in reversed(tag.attributes)}  # the first of a name counts
    if "charset" in values:
        return _of_ascii(values["charset"])
    if values.get("http-equiv", "").strip().lower() != "content-type":
        return None
    match = _CHARSET.search(values.get("content", ""))
    return _of_ascii(next(filter(None, match.groups()), "")) if match else None


def _of_ascii(label: str) -> str | None:
    """The encoding that a label means which could be read as ASCII."""
    instead = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}
    name = known_encoding(label)
    return instead.get(name, name) if name else None


def _unmapped(error: UnicodeError) -> tuple[str, int]:
    """What browsers make of bytes that Python's codec has no character for, and where they read on."""
    assert isinstance(error, UnicodeDecodeError)
    raw, start, codec = error.object, error.start, error.encoding
    if codec == "charmap":  # single bytes: controls stay controls
        return (chr(raw[start]) if raw[start] < 0xA0 else _REPLACEMENT), start + 1
    if codec == "gb18030" and raw[start] == 0x80:
        return "€", start + 1
    pair = raw[start : start + 2]
    if codec == "euc_jp" and pair[0] == 0x8F:
        return _REPLACEMENT, start + 3
    if found := _other_table(pair, codec):
        return found, start + 2
    # A second byte that may begin a tag is read again; in ISO-2022-JP both bytes look like ASCII.
    is_pair = len(pair) == 2 and (pair[1] >= 0x80 or (codec == "iso2022_jp" and min(pair) >= 0x21 and max(pair) < 0x7F))
    return _REPLACEMENT, start + (2 if is_pair else 1)


def _other_table(pair: bytes, codec: str) -> str | None:
    """The character of two bytes in another table of the same encoding: Microsoft's, in Big5 and in Japanese."""
    if codec == "big5hkscs":
        other, name = pair, "cp950"
    elif codec in ("euc_jp", "iso2022_jp") and len(pair) == 2 and min(byte & 0x7F for byte in pair) > 0x20:
        other, name = _shift_jis(pair[0] & 0x7F, pair[1] & 0x7F), "cp932"
    else:
        return None
    try:
        return other.decode(name)
    except UnicodeDecodeError:
        return None


def _shift_jis(row: int, cell: int) -> bytes:
    """A place in the Japanese table (each from 0x21 on) in the bytes of Shift_JIS, by the rule of JIS X 0208."""
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes((lead & 0xFF, trail & 0xFF))


codecs.register_error(_UNMAPPED, _unmapped)
