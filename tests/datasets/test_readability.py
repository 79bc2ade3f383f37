"""Readability's test pages as goldens: what is read, what is flagged, and what is said of files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.datasets import PAGE, write
from harness.datasets.base import DatasetError
from harness.datasets.formats import readability


@pytest.mark.parametrize("inside", ["", "test", "test/test-pages"])
def test_readability_gives_the_visible_text_of_what_the_tool_made(inside: str, tmp_path: Path) -> None:
    cases = tmp_path / "test/test-pages"
    for name, expected in (("b", "<p>The ferry &amp; its\n <b>crew</b></p><p>Noon</p>"), ("a", "<div></div>")):
        write(cases / name / "source.html", PAGE)
        write(cases / name / "expected.html", expected)
    a, b = readability.readability_entries(tmp_path / inside)
    assert (a.id, a.flags) == ("readability/a", ("empty-gold", "extractor-generated"))
    assert (b.id, b.flags, b.load().text) == ("readability/b", ("extractor-generated",), "The ferry & its crew\nNoon")


def test_readability_names_an_expectation_that_is_missing_or_no_utf8(tmp_path: Path) -> None:
    write(tmp_path / "a/source.html", PAGE)
    with pytest.raises(DatasetError, match=r"expected\.html: no such file"):
        list(readability.readability_entries(tmp_path))
    write(tmp_path / "a/expected.html", b"<p>\nF\xfc\xdfe")
    with pytest.raises(DatasetError, match=r"expected\.html:2: not UTF-8 \(byte 0xfc\)"):
        list(readability.readability_entries(tmp_path))
