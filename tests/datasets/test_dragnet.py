"""dragnet as goldens: what is read, rewritten and flagged, and what is said of files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.datasets import loaded, of_verdict, write
from harness.datasets.formats import dragnet


@pytest.mark.parametrize("folder", ["Corrected", "corrected/Corrected"])
def test_dragnet_sets_comments_apart(tmp_path: Path, folder: str) -> None:
    write(tmp_path / "HTML/R7.html", b"<html lang=en><title>T</title><body><p>Tea caf\xe9</p><p>Menu</p><div>First!</div>")
    write(tmp_path / "HTML/spare.html", "<p>no golden")
    write(
        tmp_path / f"{folder}/R7.html.corrected.txt", b"Tea caf\xe9\n\nIt is good.\n!@#$%^&*()  COMMENTS\nFirst!\n\nSecond\n"
    )
    write(tmp_path / "HTML/S8.html", "<p>Soup</p>")
    write(tmp_path / f"{folder}/S8.html.corrected.txt", "Soup. COMMENTS welcome.\n")
    write(tmp_path / "HTML/T9.html", "<p>Toast</p>")
    write(tmp_path / f"{folder}/T9.html.corrected.txt", "!@#$%^&*()  COMMENTS\nOnly a comment")
    goldens = loaded(dragnet.dragnet_entries(tmp_path))
    assert list(goldens) == ["dragnet/R7", "dragnet/S8", "dragnet/T9"]
    golden = goldens["dragnet/R7"]
    assert golden.text == "Tea caf\u00e9\n\nIt is good."
    assert "caf\u00e9" in golden.page.content
    assert of_verdict(golden, "keep") == [("Tea caf\u00e9", "body"), ("It is good.", "body")]
    assert of_verdict(golden, "maybe") == [("First!", "comment"), ("Second", "comment")]
    assert of_verdict(golden, "drop") == [("Tea caf\u00e9", "other"), ("Menu", "other"), ("First!", "other")]
    assert [part.line for part in golden.segments] == list(range(7))
    assert goldens["dragnet/S8"].main_content == "Soup. COMMENTS welcome."
    assert goldens["dragnet/T9"].flags == ("empty-gold",)
    assert of_verdict(goldens["dragnet/T9"], "maybe") == [("Only a comment", "comment")]
