"""Which HTML cannot be beyond the limits of parsers, told by counts over its bytes: usual pages need no more."""

from __future__ import annotations

import re
import sys

import numpy as np

from harness.pages.limits import FORMATTING, PAGES, ParserLimits

_MAY_SEPARATE = re.compile(rb"[\s\x1c-\x1f/\x80-\xff]+")  # attributes, whatever the encoding
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
    if any(_has_many_attributes(raw[tags[k] : tags[k + 1] if k + 1 < len(tags) else None], limits) for k in long):
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


def _has_many_attributes(tag: bytes, limits: ParserLimits) -> bool:
    """Whether a tag, with the text behind it, may have too many attributes."""
    if not tag[1:3].lstrip(b"/")[:1].isalpha() or b">" in tag[: limits.attributes]:
        return False
    return len(_MAY_SEPARATE.findall(tag.partition(b">")[0])) >= limits.attributes
