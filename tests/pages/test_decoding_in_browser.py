"""Pages of our own in the encodings of the web, read by us and by a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.chromium import CHROMIUM, read_in_chromium
from factories.encoded_pages import pages
from harness.pages.decoding import decode, encoding_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here: apt-get install chromium")]


def test_we_read_what_chromium_reads(tmp_path: Path) -> None:
    browser = read_in_chromium(pages(), tmp_path)
    assert len(browser) == len(pages())
    for page in pages():
        encoding = encoding_of(page.raw, page.header).name
        theirs, text = browser[page.name]
        assert text in decode(page.raw, encoding), page.name
        if not page.name.endswith("-undeclared"):  # there, several encodings give the same text
            assert encoding == theirs.lower()
