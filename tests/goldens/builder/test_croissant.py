"""The sets of made websites describe themselves as Croissant."""

from __future__ import annotations

import hashlib
import json

import pytest

from factories.places import ROOT
from goldens.builder.build import SETS
from goldens.builder.croissant import FILE
from harness.pages.packed import page_bytes

SHIPPED = ROOT / "goldens" / FILE


def test_each_page_that_ships_has_a_row_with_its_checksum() -> None:
    rows = json.loads(SHIPPED.read_text("utf-8"))["recordSet"][0]["data"]
    pages = {path for name in SETS.values() for path in (ROOT / "goldens" / name).glob("*.html.gz")}
    assert {ROOT / row["goldens/page"] for row in rows} == pages
    assert all((ROOT / row["goldens/labels"]).is_file() for row in rows)
    for row in rows[::40]:
        assert row["goldens/sha256"] == hashlib.sha256(page_bytes(ROOT / row["goldens/page"])).hexdigest()


@pytest.mark.slow
def test_the_reference_implementation_finds_no_error_and_reads_the_rows() -> None:
    mlcroissant = pytest.importorskip("mlcroissant", reason="extra dev")
    dataset = mlcroissant.Dataset(jsonld=SHIPPED)
    assert dataset.metadata.ctx.issues.errors == set()
    assert {row["goldens/set"] for row in dataset.records("goldens")} == {*SETS.values()}
