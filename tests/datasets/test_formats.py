"""What all formats of datasets promise: sorted entries that agree with their goldens, and mistakes that name their file."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.datasets import PAGE, ids, small_dataset, temporary_folder, write
from factories.places import DATASETS, needs_datasets
from harness.datasets import DATASET_FORMATS
from harness.datasets.base import DatasetError, DatasetFormat
from harness.datasets.formats import aeb, folder, readability, trafilatura, wceb, wcxb
from harness.goldens.vocabulary import FLAGS, PAGE_KINDS

FORMATS = [aeb.AEB, folder.FOLDER, readability.READABILITY, trafilatura.TRAFILATURA, wceb.WCEB, wcxb.WCXB]


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_an_entry_says_what_its_golden_says_in_another_process_too(format: DatasetFormat, tmp_path: Path) -> None:
    (entry,) = format.entries(small_dataset(format.name, tmp_path))
    golden = pickle.loads(pickle.dumps(entry)).load()
    assert golden == entry.load()
    assert (golden.id, golden.kind, golden.lang, golden.site) == (entry.id, entry.kind, entry.lang, entry.site)
    assert golden.flags == entry.flags
    assert (golden.page.raw, golden.page.media, golden.lang) == (PAGE, "text/html", "en")
    assert golden.kind in PAGE_KINDS and set(golden.flags) <= set(FLAGS)
    assert golden.text in (None, "The ferry sails at noon.", "The ferry sails at noon.\n")
    assert (golden.text is None) == (format.name == "trafilatura")


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_a_folder_of_another_kind_is_told_what_the_format_expects(format: DatasetFormat, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(DatasetError, match="expected") as caught:
        list(format.entries(tmp_path))
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("format", [f for f in FORMATS if f.name not in ("folder", "readability")], ids=lambda f: f.name)
def test_a_page_that_is_missing_spoils_only_its_own_golden(format: DatasetFormat, tmp_path: Path) -> None:
    root = small_dataset(format.name, tmp_path)
    (page,) = (file for file in root.rglob("*") if file.name.endswith((".html", ".html.gz")))
    page.unlink()
    (entry,) = format.entries(root)
    assert entry.lang == "und"
    with pytest.raises(DatasetError, match="no such file") as caught:
        entry.golden()
    assert str(page) in str(caught.value)


@pytest.mark.parametrize("format", [aeb.AEB, wcxb.WCXB], ids=lambda format: format.name)
def test_a_packed_page_that_is_cut_off_is_named(format: DatasetFormat, tmp_path: Path) -> None:
    root = small_dataset(format.name, tmp_path)
    (page,) = root.rglob("*.html.gz")
    page.write_bytes(page.read_bytes()[:-9])
    (entry,) = format.entries(root)
    with pytest.raises(DatasetError, match="cannot be unpacked") as caught:
        entry.golden()
    assert str(page) in str(caught.value)


@pytest.mark.parametrize("format", [f for f in FORMATS if f.name not in ("folder", "readability")], ids=lambda f: f.name)
def test_what_is_not_json_is_named_with_its_place(format: DatasetFormat, tmp_path: Path) -> None:
    root = small_dataset(format.name, tmp_path)
    (truth,) = (file for file in root.rglob("*.json*"))
    for broken in (b"{", b'{"a": \xff}', b"[" * 100_000):
        truth.write_bytes(broken)
        with pytest.raises(DatasetError, match="not JSON") as caught:
            list(format.entries(root))
        assert str(truth) in str(caught.value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(), max_size=5)
    | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)


def places(value: object) -> list[tuple[object, ...]]:
    """The paths to everything inside a value of JSON, the value itself first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(), *((key, *rest) for key, item in inside for rest in places(item))]


def replaced(value: object, place: tuple[object, ...], new: Callable[[object], object]) -> object:
    if not place:
        return new(value)
    first, *rest = place
    if isinstance(value, list):
        return [replaced(item, tuple(rest), new) if i == first else item for i, item in enumerate(value)]
    return {key: replaced(item, tuple(rest), new) if key == first else item for key, item in value.items()}


def odd_keys(value: object) -> object:
    """An object's values under keys that are no text; of anything else, such an object."""
    return {f"\ud800{key}": item for key, item in value.items()} if isinstance(value, dict) else {"\ud800": value}


@given(st.sampled_from([f for f in FORMATS if f.name not in ("folder", "readability")]), st.data())
def test_any_other_value_anywhere_is_read_or_reported_with_its_file(format: DatasetFormat, data: st.DataObject) -> None:
    with temporary_folder() as root:
        small_dataset(format.name, root)
        (truth,) = (file for file in root.rglob("*.json*"))
        value = json.loads(truth.read_bytes())
        new = data.draw(st.just(odd_keys) | JSON.map(lambda other: lambda _: other))
        changed = replaced(value, data.draw(st.sampled_from(places(value))), new)
        truth.write_text(json.dumps(changed), "utf-8")
        try:
            goldens = [entry.load() for entry in format.entries(root)]
        except DatasetError as error:
            assert str(root) in str(error)
        else:
            for golden in goldens:
                golden.main_content.encode()
                assert all(isinstance(part, str) for part in (golden.id, golden.site, golden.text or ""))


@pytest.mark.parametrize("name", ["../../secret", "..", "", "a/b", "a\\b", "a\0b"])
def test_no_name_in_a_dataset_leads_out_of_it(name: str, tmp_path: Path) -> None:
    write(tmp_path / "aeb/ground-truth.json", {name: {"articleBody": "x"}})
    write(tmp_path / "tests/evaldata.json", {"https://a.example/": {"file": name, "with": ["x"], "without": ["y"]}})
    (tmp_path / "html").mkdir()
    write(tmp_path / "ground-truth/cetd.jsonl", {"page_id": name, "plaintext": "x"})
    for format, root in ((aeb.AEB, tmp_path / "aeb"), (trafilatura.TRAFILATURA, tmp_path), (wceb.WCEB, tmp_path)):
        with pytest.raises(DatasetError, match="not the name of a file"):
            list(format.entries(root))


@needs_datasets
@pytest.mark.parametrize(
    ("name", "path"), [("aeb", "aeb"), ("trafilatura", "trafilatura"), ("readability", "readability"), ("wcxb", "wcxb")]
)
def test_real_entries_come_in_order_and_agree_with_their_goldens(name: str, path: str) -> None:
    entries = list(DATASET_FORMATS[name].entries(Path(DATASETS or "") / path))
    assert ids(entries) == sorted(set(ids(entries)))
    for entry in entries[::25]:
        golden = entry.load()
        assert (golden.id, golden.lang, golden.site, golden.flags) == (entry.id, entry.lang, entry.site, entry.flags)
