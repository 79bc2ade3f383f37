"""The bodies of stored HTTP responses as the site wrote them: content and transfer encodings undone (RFC 9110, RFC 9112)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from harness.common.wording import pip_install
from harness.pages.limits import LARGEST_PAGE
from harness.pages.packed import UndecodableBody, gunzip, within_limit

# A text in any encoding but UTF-16 and UTF-32 has no such characters at its start; what is packed has.
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_LOOKED_AT = 1000
_PIECE = 16  # bytes of Brotli that are unpacked at a time: 12 bytes can stand for 16 MB


def unpacked(body: bytes, content_encoding: str) -> bytes:
    """A body without the encodings that a `Content-Encoding` header lists, the last of which was applied last.

    Crawlers that store unpacked bodies often keep the header: a body that is text already stays as it is. Raises
    UndecodableBody, for a body of more than LARGEST_PAGE bytes too.
    """
    for name in reversed([part.strip().lower() for part in content_encoding.split(",")]):
        if name in ("", "identity"):
            continue
        if name not in _DECODERS:
            if is_text(body):
                return body
            raise UndecodableBody(f"its content encoding {name!r} is not known")
        try:
            body = _DECODERS[name](body)
        except ImportError as error:
            raise UndecodableBody(f"its content encoding {name!r} needs {error.name}: {pip_install('benchmarks')}") from None
        except UndecodableBody:
            raise
        except Exception as error:  # each library raises its own
            if is_text(body):
                return body
            raise UndecodableBody(f"its content encoding {name!r} cannot be undone: {error}") from None
    return body


def unchunked(body: bytes) -> bytes:
    """A body without the sizes of its chunks; as it is if it has none. Raises UndecodableBody if a chunk is missing."""
    chunks: list[bytes] = []
    place = 0
    while True:
        end = body.find(b"\r\n", place)
        size = re.fullmatch(rb"\s*([0-9a-fA-F]{1,15})\s*(?:;.*)?", body[place : max(end, 0)], re.S)
        if size is None and not chunks:
            return body
        if size is None or end + 2 + int(size[1], 16) > len(body):
            raise UndecodableBody("its body ends within a chunk")
        if not int(size[1], 16):
            return b"".join(chunks)
        chunks.append(body[end + 2 : end + 2 + int(size[1], 16)])
        place = end + 2 + int(size[1], 16) + 2


def is_text(body: bytes) -> bool:
    """Whether bytes look like a text: whether no control character is at their start."""
    return not _BINARY.search(body[:_LOOKED_AT])


def _deflate(body: bytes) -> bytes:
    try:
        return _inflate(body, zlib.MAX_WBITS)
    except zlib.error:  # some servers send the data without the header of zlib
        return _inflate(body, -zlib.MAX_WBITS)


def _inflate(body: bytes, bits: int) -> bytes:
    unpacker = zlib.decompressobj(bits)
    page = within_limit(unpacker.decompress(body, LARGEST_PAGE + 1))
    if not unpacker.eof:
        raise zlib.error("the data is incomplete")
    return page


def _brotli(body: bytes) -> bytes:
    import brotli

    unpacker = brotli.Decompressor()
    page = bytearray()
    for start in range(0, len(body), _PIECE):
        page += unpacker.process(body[start : start + _PIECE])
        if len(page) > LARGEST_PAGE:
            break
    else:
        if not unpacker.is_finished():
            raise ValueError("the data is incomplete")
    return within_limit(bytes(page))


def _zstd(body: bytes) -> bytes:
    import zstandard

    with zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True) as reader:
        return within_limit(reader.read(LARGEST_PAGE + 1))


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
