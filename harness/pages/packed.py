"""Pages that are stored packed (`.html.gz`)."""

from __future__ import annotations

import errno
import gzip
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from harness.common.files import content_of
from harness.pages.limits import LARGEST_PAGE

PACKED = ".gz"
"""The ending of a packed page's name, behind that of the page."""
_GZIP = 16 + zlib.MAX_WBITS


class UndecodableBody(ValueError):
    """A body that cannot be unpacked; the message says why."""


def page_bytes(path: Path) -> bytes:
    """The bytes of a page's file, unpacked if its name ends in `.gz`.

    Raises OSError, also for what cannot be unpacked and for a page of more than LARGEST_PAGE bytes.
    """
    content = content_of(path, LARGEST_PAGE)
    if path.suffix.lower() != PACKED:
        return content
    try:
        return gunzip(content)
    except (EOFError, OSError, zlib.error, UndecodableBody) as error:
        raise OSError(errno.EINVAL, f"it cannot be unpacked: {error}", str(path)) from error


def page_name(path: Path) -> Path:
    """The path of a page's file without the ending of a packed one."""
    return path.with_suffix("") if path.suffix.lower() == PACKED else path


def gunzip(body: bytes) -> bytes:
    """What a gzip file holds. Raises UndecodableBody for more than LARGEST_PAGE bytes; OSError, EOFError, zlib.error."""
    unpacker = zlib.decompressobj(_GZIP)
    with suppress(zlib.error):
        page = unpacker.decompress(body, LARGEST_PAGE + 1)
        if unpacker.eof and not unpacker.unused_data:
            return within_limit(page)
    with gzip.open(BytesIO(body)) as file:  # several files in one, or damaged: it knows why
        return within_limit(file.read(LARGEST_PAGE + 1))


def within_limit(page: bytes) -> bytes:
    """The page. Raises UndecodableBody if it has more than LARGEST_PAGE bytes."""
    if len(page) > LARGEST_PAGE:
        raise UndecodableBody(f"it has more than {LARGEST_PAGE:,} bytes when it is unpacked")
    return page
