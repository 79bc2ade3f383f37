"""Which HTML cannot be beyond the limits of parsers, told by counts over its bytes: usual pages need no more."""

from __future__ import annotations

import sys

import numpy as np

from harness.pages.limits import FORMATTING, PAGES, ParserLimits

_MAY_SEPARATE = np.zeros(256, bool)  # attributes, whatever the encoding
_MAY_SEPARATE[[*b"\t\n\v\f\r\x1c\x1d\x1e\x1f /", *range(0x80, 0x100)]] = True
_NAME_BYTES = 8  # of a tag's name that are looked at: no formatting element has as many
_FORMATTING_NAMES = np.array(
    [int.from_bytes(name.encode("ascii").ljust(_NAME_BYTES, b"\0"), sys.byteorder) for name in FORMATTING], np.uint64
)
_ENDS_NAME = np.zeros(256, bool)
_ENDS_NAME[[*b" \t\n\x0b\f\r\x1c\x1d\x1e\x1f/<>\0"]] = True


def is_plain(raw: bytes, limits: ParserLimits = PAGES) -> bool:
    """Whether bytes cannot be HTML beyond the limits, by much simpler counts, none of which is too low: usual pages need no
    more.

    Bytes in which `<` and `>` may be parts of other characters, as in UTF-16 and ISO-2022-JP, are not told to be plain.
    """
    if b"\0" in raw or b"\x1b" in raw:
        return False
    padded = np.frombuffer(raw + bytes(_NAME_BYTES + 2), np.uint8)
    tags = np.flatnonzero(padded == ord("<"))
    if len(tags) > min(limits.depth, limits.options):
        return False
    long = np.flatnonzero(np.diff(tags, append=len(raw)) > limits.attributes).tolist()
    begins = [*tags.tolist(), len(raw)] if long else []
    if any(_has_many_attributes(raw, begins[k], begins[k + 1], limits) for k in long):
        return False
    is_end = padded[tags + 1] == ord("/")
    letters = padded[(tags + 1 + is_end)[:, None] + np.arange(_NAME_BYTES)]
    in_name = np.logical_and.accumulate(~_ENDS_NAME[letters], axis=1)
    names = np.where(in_name, letters | 0x20, 0).astype(np.uint8).view(np.uint64)[:, 0]
    is_formatting = np.isin(names, _FORMATTING_NAMES)
    opened = np.zeros(len(tags), np.int64)  # by how much each tag changes the number of formatting elements that are open
    for name in np.unique(names[is_formatting]):
        places = np.flatnonzero(names == name)
        balance = np.cumsum(np.where(is_end[places], -1, 1))
        left_open = balance - np.minimum.accumulate(np.minimum(balance, 0))
        opened[places] = np.diff(left_open, prepend=0)
    return int(np.cumsum(opened)[~is_formatting & ~is_end].sum()) <= limits.copies


def _has_many_attributes(raw: bytes, begin: int, end: int, limits: ParserLimits) -> bool:
    """Whether a tag that begins and ends there, with the text behind it, may have too many attributes."""
    close = raw.find(b">", begin, end)
    length = (end if close < 0 else close) - begin
    if length < limits.attributes or not raw[begin + 1 : begin + 3].lstrip(b"/")[:1].isalpha():
        return False
    separates = _MAY_SEPARATE[np.frombuffer(raw, np.uint8, length, begin)]
    return int(separates[0]) + int(np.count_nonzero(separates[1:] & ~separates[:-1])) >= limits.attributes
