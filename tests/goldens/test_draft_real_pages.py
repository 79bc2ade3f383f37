"""Drafts of real news pages: a person can read one at a glance, and a known main content labels it."""

from __future__ import annotations

from pathlib import Path

from factories.places import DATASETS, needs_datasets
from harness.alignment.align import align
from harness.alignment.known_text import find_text
from harness.alignment.words import page_words
from harness.datasets.entries import find_entries
from harness.goldens.draft import draft, rules_of
from harness.goldens.reader import Dumps, read_golden


@needs_datasets
def test_drafts_of_aeb_pages_are_short_and_a_known_text_labels_them(tmp_path: Path) -> None:
    entries = find_entries([f"aeb:{DATASETS}/aeb"], Dumps([])).entries
    kept = missed = leaked = 0
    for number, entry in enumerate(entries[::18][:10]):
        golden = entry.load()
        page = tmp_path / f"{number}.html"
        page.write_bytes(golden.page.raw)
        assert len(rules_of(draft(page, golden.page))) <= 40
        golden_file = page.with_suffix(".yaml")
        text = golden.main_content
        golden_file.write_text(draft(page, golden.page, find_text(golden.page, text).lines), encoding="utf-8")
        counts = align(page_words(read_golden(golden_file, Dumps([]))), text).counts
        kept, missed, leaked = kept + counts.kept, missed + counts.missed, leaked + counts.leaked
    assert kept > 5_000
    assert missed + leaked <= 0.01 * kept
