"""WCXB as goldens: what is read, what is flagged, and what is said of files that are wrong."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.datasets import flags, ids, temporary_folder, wcxb_page, write
from factories.places import DATASETS, needs_datasets
from harness.alignment.words import PageWords
from harness.datasets.base import DatasetError
from harness.datasets.entries import load_each
from harness.datasets.formats import wcxb
from harness.goldens.reader import Mistake
from harness.metrics.base import Case
from harness.metrics.benchmarks.wcxb import WCXB as METRICS_OF_WCXB


def test_wcxb_gives_all_that_a_file_holds(tmp_path: Path) -> None:
    shop = {"page_type": {"primary": "category"}, "spa": True}
    wcxb_page(tmp_path / "dev", "0007", _internal=shop, main_content_markdown="# Plan\n\nThe ferry sails at noon.")
    (entry,) = wcxb.wcxb_entries(tmp_path / "dev")
    golden = entry.load()
    assert (entry.id, entry.kind, entry.site, entry.lang) == ("wcxb-dev/0007", "collection", "ferry.example", "en")
    assert golden.page.url == "https://www.ferry.example/plan"
    assert golden.markdown == "# Plan\n\nThe ferry sails at noon."
    assert (golden.snippets.required, golden.snippets.forbidden) == (("sails at NOON",), ("Share",))
    assert entry.flags == ("llm-drafted", "spa")


def test_wcxb_reads_a_page_only_for_what_needs_it(tmp_path: Path) -> None:
    wcxb_page(tmp_path / "dev", "0001")
    (entry,) = wcxb.wcxb_entries(tmp_path / "dev")
    golden = entry.load()
    (tmp_path / "dev" / "html" / "0001.html.gz").unlink()
    scores = METRICS_OF_WCXB.values(Case(golden, golden.main_content, page_words_that_nobody_asks_for))
    assert scores == {"wcxb.P": 1, "wcxb.R": 1, "wcxb.F": 1}
    assert golden.lang == "en"
    with pytest.raises(DatasetError, match=r"0001\.html\.gz: no such file"):
        assert golden.page.text


def page_words_that_nobody_asks_for() -> PageWords:
    raise AssertionError("the words of the page are read")


@pytest.mark.parametrize("damage", ["absent", "cut off"])
def test_a_page_that_cannot_be_read_is_told_before_anything_is_scored(damage: str, tmp_path: Path) -> None:
    wcxb_page(tmp_path / "dev", "0001")
    file = tmp_path / "dev" / "html" / "0001.html.gz"
    file.unlink() if damage == "absent" else file.write_bytes(file.read_bytes()[:-9])
    told: list[Mistake] = []
    assert not [*load_each(wcxb.wcxb_entries(tmp_path / "dev"), told.append)]
    assert "0001.html.gz" in str(told)


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"main_content": " \n"}, "empty-gold"),
        ({"main_content": None}, "empty-gold"),
        ({"with": ["the FERRY sails", "at eleven"]}, "snippets-contradict-gold"),
        ({"without": ["nothing", "FERRY"]}, "snippets-contradict-gold"),
        ({"with": ["The  ferry"]}, "snippets-contradict-gold"),  # the benchmark leaves white space as it is
    ],
)
def test_wcxb_flags_golds_that_are_empty_or_contradict_themselves(
    changes: dict[str, object], flag: str, tmp_path: Path
) -> None:
    wcxb_page(tmp_path / "dev", "0001")
    wcxb_page(tmp_path / "dev", "0002", **changes)
    found = flags(wcxb.wcxb_entries(tmp_path / "dev"))
    assert flag not in found["wcxb-dev/0001"] and flag in found["wcxb-dev/0002"]


def test_wcxb_takes_a_page_type_it_does_not_know_for_a_mistake(tmp_path: Path) -> None:
    wcxb_page(tmp_path / "dev", "0001", _internal={"page_type": {"primary": "poem"}})
    with pytest.raises(DatasetError, match=r"0001\.json: unknown page type 'poem'; known are article"):
        list(wcxb.wcxb_entries(tmp_path))


def test_wcxb_knows_sites_of_pages_without_a_url_and_script_pages_from_metadata(tmp_path: Path) -> None:
    for id in ("0001", "0002", "0003"):
        wcxb_page(tmp_path / "dev", id, url=None)
    # Both splits have a page 0002; metadata.json can list only one of them.
    listed = {"0001": {"split": "dev", "domain": "WWW.Ferry.example", "spa": True}, "0002": {"split": "test", "spa": True}}
    write(tmp_path / "metadata.json", {"files": listed})
    one, two, three = wcxb.wcxb_entries(tmp_path / "dev")
    assert [entry.site for entry in (one, two, three)] == ["ferry.example", "0002", "0003"]
    assert ["spa" in entry.flags for entry in (one, two, three)] == [True, False, False]


SPLIT = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([b"one", b"two", b"three"]), st.integers(1, 9)), max_size=4
)


@settings(max_examples=30)
@given(SPLIT.filter(bool), SPLIT.filter(bool))
def test_wcxb_flags_sites_and_copies_that_are_in_both_splits(dev: list, test: list) -> None:
    with temporary_folder() as root:
        for split, pages in (("dev", dev), ("test", test)):
            for number, (site, page, level) in enumerate(pages):
                wcxb_page(root / split, f"{number:04}", url=f"https://www.{site}.example/{split}")
                packed = gzip.compress(page, level, mtime=number)  # equal pages in unlike files
                (root / split / "html" / f"{number:04}.html.gz").write_bytes(packed)
        both = flags(wcxb.wcxb_entries(root))
        alone = flags(wcxb.wcxb_entries(root / "dev"))
    assert alone == {id: held for id, held in both.items() if id.startswith("wcxb-dev")}
    assert len(both) == len(dev) + len(test)
    for split, pages, others in (("dev", dev, test), ("test", test, dev)):
        for number, (site, page, _) in enumerate(pages):
            held = both[f"wcxb-{split}/{number:04}"]
            assert ("in-both-splits" in held) == (site in {other for other, _, _ in others})
            assert ("copy-in-other-split" in held) == (page in {other for _, other, _ in others})


def test_wcxb_compares_pages_themselves_and_not_only_their_checksums(tmp_path: Path) -> None:
    wcxb_page(tmp_path / "dev", "0001", b"plan A")
    wcxb_page(tmp_path / "test", "0001", b"plan A")
    other = tmp_path / "test/html/0001.html.gz"
    other.write_bytes(gzip.compress(b"plan B")[:-8] + other.read_bytes()[-8:])
    assert "copy-in-other-split" not in flags(wcxb.wcxb_entries(tmp_path / "dev"))["wcxb-dev/0001"]
    for split in ("dev", "test"):  # what cannot be read is a copy of nothing
        (tmp_path / split / "html/0001.html.gz").write_bytes(b"not packed at all")
    assert "copy-in-other-split" not in flags(wcxb.wcxb_entries(tmp_path / "dev"))["wcxb-dev/0001"]


def test_wcxb_lists_a_split_only_under_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wcxb_page(tmp_path / "dev", "0001")
    monkeypatch.chdir(tmp_path / "dev")
    assert ids(wcxb.wcxb_entries(Path())) == ["wcxb-dev/0001"]
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/test").symlink_to(tmp_path / "dev")
    assert ids(wcxb.wcxb_entries(tmp_path / "linked/test")) == ["wcxb-test/0001"]
    wcxb_page(tmp_path / "mine", "0001")
    with pytest.raises(DatasetError, match="the name of a split is dev or test"):
        list(wcxb.wcxb_entries(tmp_path / "mine"))


@needs_datasets
def test_wcxb_has_the_pages_and_defects_that_were_counted_in_its_files() -> None:
    entries = list(wcxb.wcxb_entries(Path(DATASETS or "") / "wcxb" / "dev"))
    assert Counter(entry.kind for entry in entries) == {
        **{
            "article": 793,
            "service": 165,
            "product": 119,
            "collection": 117,
            "forum": 113,
            "listing": 99,
            "documentation": 91,
        }
    }
    assert sum("empty-gold" in entry.flags for entry in entries) == 21
    assert sum("spa" in entry.flags for entry in entries) == 19
    absent = present = required = forbidden = 0
    for entry in entries:
        truth = json.loads(next(arg for arg in entry.load.args if arg.suffix == ".json").read_bytes())["ground_truth"]
        text = truth.get("main_content", "").lower()
        mine = sum(snippet.lower() not in text for snippet in truth["with"])
        theirs = sum(snippet.lower() in text for snippet in truth["without"])
        assert ("snippets-contradict-gold" in entry.flags) == (mine + theirs > 0), entry.id
        absent, present = absent + mine, present + theirs
        required, forbidden = required + len(truth["with"]), forbidden + len(truth["without"])
    assert (absent, required, present, forbidden) == (57, 6659, 13, 5824)
