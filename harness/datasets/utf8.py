"""Stored pages in UTF-8, as `harness.page` wants them."""

from __future__ import annotations

from harness.datasets.decoding import decoded_as_declared


def as_utf8(raw: bytes) -> bytes:
    """The bytes of a page in UTF-8: as they are if they are that, whatever the page declares, since many pages were
    converted when they were stored and kept their `<meta>`; else converted from the encoding that the page declares.
    """
    try:
        raw.decode("utf-8")
        return raw
    except UnicodeDecodeError:
        return decoded_as_declared(raw, None).encode("utf-8")
