"""Bodies of responses are unpacked as their headers say, or refused, never taken for pages while they are packed."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.datasets import content_encoding
from harness.datasets.content_encoding import unchunked, unpacked
from harness.pages import packed as packed_pages
from harness.pages.packed import UndecodableBody

PAGE = "<p>The café is open.</p>".encode() * 9


def packed(name: str) -> bytes:
    if name == "br":
        return pytest.importorskip("brotli", reason="the extra `benchmarks` is not installed").compress(PAGE)
    if name == "zstd":
        return pytest.importorskip("zstandard", reason="the extra `benchmarks` is not installed").compress(PAGE)
    return zlib.compress(PAGE) if name == "deflate" else gzip.compress(PAGE)


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "GZIP", "deflate", "br", "zstd"])
def test_a_body_is_unpacked(name: str) -> None:
    assert unpacked(packed(name.lower()), name) == PAGE


def test_what_was_packed_twice_is_unpacked_twice_the_last_first() -> None:
    assert unpacked(gzip.compress(gzip.compress(PAGE)), "gzip, gzip") == PAGE
    assert unpacked(gzip.compress(packed("br")), "br, gzip, identity") == PAGE


def test_deflate_may_lack_the_header_of_zlib() -> None:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert unpacked(packer.compress(PAGE) + packer.flush(), "deflate") == PAGE


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "compress", ""])
def test_a_body_that_was_stored_unpacked_stays_as_it_is(name: str) -> None:
    if name in ("br", "zstd"):
        packed(name)  # skips where it is not installed
    assert unpacked(PAGE, name) == PAGE


@pytest.mark.parametrize(
    ("cut_off", "name", "reason"),
    [
        (12, "gzip", "'gzip' cannot be undone"),
        (0, "compress", "'compress' is not known"),
        (0, "deflate", "'deflate' cannot be undone"),
    ],
)
def test_what_cannot_be_unpacked_is_refused(cut_off: int, name: str, reason: str) -> None:
    body = gzip.compress(PAGE)
    body = body[: len(body) - cut_off]
    with pytest.raises(UndecodableBody, match=reason):
        unpacked(body, name)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_body_is_unpacked_up_to_a_limit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def set_limit(number: int) -> None:
        for module in (content_encoding, packed_pages):
            monkeypatch.setattr(module, "LARGEST_PAGE", number)

    set_limit(len(PAGE))
    assert unpacked(packed(name), name) == PAGE
    set_limit(len(PAGE) - 1)
    with pytest.raises(UndecodableBody, match=f"more than {len(PAGE) - 1} bytes"):
        unpacked(packed(name), name)


@pytest.mark.parametrize(("name", "body"), [("br", packed), ("deflate", lambda _: zlib.compress(PAGE, 0))])
def test_a_body_that_is_cut_is_refused(name: str, body: Callable[[str], bytes]) -> None:
    with pytest.raises(UndecodableBody, match=f"'{name}' cannot be undone"):
        unpacked(body(name)[:-5], name)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1))
def test_chunks_are_joined(chunks: list[bytes]) -> None:
    body = b"".join(b"%x;name=value\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    assert unchunked(body) == b"".join(chunks)
    with pytest.raises(UndecodableBody, match="within a chunk"):
        unchunked(body[: body.index(b"\r\n") + 2 + len(chunks[0]) + 2])


def test_a_body_that_was_stored_without_its_chunks_stays_as_it_is() -> None:
    assert unchunked(PAGE) == PAGE
    assert unchunked(b"") == b""


def test_several_gzip_files_in_one_are_one_page_and_zeros_behind_it_are_none_of_it() -> None:
    assert unpacked(gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]) + b"\0\0", "gzip") == PAGE


def test_a_gzip_file_that_ends_early_or_has_a_wrong_checksum_is_no_page() -> None:
    whole = gzip.compress(PAGE)
    for damaged in (whole[:-9], whole[:-8] + b"\0" * 8):
        with pytest.raises(UndecodableBody):
            unpacked(damaged, "gzip")
