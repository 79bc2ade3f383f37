"""Real files of public datasets: every page and gold can be read, in the encoding that it is in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from factories.places import DATASETS, needs_datasets
from harness.datasets import DATASET_FORMATS
from harness.pages.words import words

pytestmark = needs_datasets

SETS = ("aeb", "cleaneval", "cleanportaleval", "dragnet", "l3s-gn1", "readability", "trafilatura", "wcxb", "webmainbench")
MOST = 150  # pages of a set


def goldens(name):
    path = Path(DATASETS) / name
    if not path.exists():
        pytest.skip(f"no {name} there")
    paths = sorted(path.glob("*.jsonl")) if name == "webmainbench" else [path]
    entries = [entry for path in paths for entry in DATASET_FORMATS[name].entries(path)]
    return [entry.load() for entry in entries[:: max(1, len(entries) // MOST)]]


@pytest.mark.parametrize("name", SETS)
def test_all_pages_and_golds_are_read(name):
    found = goldens(name)
    assert found
    for golden in found:
        gold = golden.text or ""
        assert "\0" not in gold, golden.id
        assert ("\ufffd" in golden.page.html) == ("characters-lost" in golden.page.flags), golden.id


@pytest.mark.parametrize("name", ["cleaneval", "cleanportaleval", "dragnet", "l3s-gn1"])
def test_words_beyond_ascii_of_the_golds_are_on_the_pages(name):
    """Were a page or a gold read in a wrong encoding, its words with accents would not be found on the other side."""
    found = missing = 0
    for golden in goldens(name):
        on_page = Counter(words(golden.page.text))
        special = [word for word in words(golden.main_content) if not word.isascii()]
        found += len(special)
        missing += sum((Counter(special) - on_page).values())
    assert missing <= found * 0.15, f"{missing} of {found}"


def test_golds_of_dragnet_in_utf16_are_the_texts_of_their_pages():
    by_name = {golden.id.partition("/")[2]: golden for golden in goldens("dragnet")}
    for number in {"27", "39", "42", "49", "158"} & by_name.keys():
        gold = Counter(words(by_name[number].main_content))
        missing = gold - Counter(words(by_name[number].page.text))
        assert gold.total() > 20
        assert missing.total() < gold.total() * 0.1, number


@pytest.mark.parametrize("number", ["445", "738"])
def test_wrappers_of_cleaneval_that_lie_lose_no_characters(number):
    page = {golden.id: golden.page for golden in goldens("cleaneval")}.get(f"cleaneval/{number}")
    if page is None:
        pytest.skip("that page is not there")
    assert "characters-lost" not in page.flags
    assert page.encoding.name == "windows-1252"
