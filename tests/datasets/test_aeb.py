"""AEB as goldens: what is read, what is flagged, and what is said of files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.datasets import write
from harness.datasets.base import DatasetError
from harness.datasets.formats import aeb


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"url": "https://a.example"}, "has no 'articleBody'"),
        ({"articleBody": None}, "'articleBody' must be text, not null"),
        ({"articleBody": "x", "url": 5}, "'url' must be text, not a number"),
        ("text", "must be an object, not text"),
    ],
)
def test_aeb_names_the_page_whose_row_is_wrong(row: object, reason: str, tmp_path: Path) -> None:
    write(tmp_path / "ground-truth.json", {"a1": row})
    with pytest.raises(DatasetError, match=rf"ground-truth\.json: 'a1': {reason}"):
        list(aeb.aeb_entries(tmp_path))
