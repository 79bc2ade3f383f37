"""Web archives, record by record."""

from __future__ import annotations

import gzip
from collections.abc import Sequence


def record(kind: str, url: str, block: bytes, content_type: str = "application/http") -> bytes:
    """A record of a WARC file."""
    number = hash((kind, url)) & 0xFFFF
    headers = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012x}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return headers.encode() + block + b"\r\n\r\n"


def response(url: str, body: bytes, status: str = "200 OK", content_type: str = "text/html", **headers: str) -> bytes:
    """A record of a response. Headers are named with `_` in place of `-`."""
    listed = {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in listed.items())
    return record("response", url, f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)


def archive(records: Sequence[bytes], packed: bool = False) -> bytes:
    """A file of records; packed: each on its own."""
    info = record("warcinfo", "", b"software: a test\r\n", "application/warc-fields")
    return b"".join(gzip.compress(part, mtime=0) if packed else part for part in (info, *records))
