"""Goldens that a list names get the flag `suspect`, as long as their page and their main content are those of the list."""

import json
from importlib.resources import files

import pytest

from factories.goldens import write_golden
from factories.places import DATASETS, needs_datasets
from harness.analysis.audit import REASONS
from harness.datasets import DatasetError
from harness.datasets.choice import Choice
from harness.datasets.entries import find_entries
from harness.datasets.suspected import SUSPECTS_FILE, main_checksum
from harness.goldens.reader import Dumps

SHIPPED = sorted((files("harness.datasets") / "suspects").iterdir(), key=lambda file: file.name)


@pytest.fixture
def ponds(tmp_path):
    for name in ("ice", "mill"):
        write_golden(tmp_path / "ponds", name, f"<p>The {name} is here.</p>", [{"keep": "p", "as": "body"}])
    return tmp_path / "ponds"


def entries(folder):
    return find_entries([str(folder)], Dumps([])).entries


def row_of(golden):
    sums = {"page": golden.page.sha256, "main": main_checksum(golden)}
    return {"name": golden.id.rpartition("/")[2], **sums, "reason": "kept", "effect": 0.2, "words": 3}


def suspects_list(folder, **changed):
    (golden,) = (entry.load() for entry in entries(folder) if entry.id == "ponds/ice")
    whole = {"suspects": 1, "pages": 2, "voters": ["one 1.0"], "goldens": [row_of(golden) | changed]}
    (folder / SUSPECTS_FILE).write_text(json.dumps(whole))


def test_a_golden_of_the_list_has_the_flag_and_is_left_out(ponds):
    suspects_list(ponds)
    assert {entry.id: entry.load().flags for entry in entries(ponds)} == {"ponds/ice": ("suspect",), "ponds/mill": ()}
    left = Choice(without_flags=("suspect",)).of(entries(ponds))
    assert [entry.id for entry in left] == ["ponds/mill"]


@pytest.mark.parametrize("changed", [{"page": "0" * 64}, {"main": "0" * 64}, {"name": "mill"}])
def test_a_golden_that_changed_since_is_not_suspected(ponds, changed):
    suspects_list(ponds, **changed)
    assert [entry.load().flags for entry in entries(ponds)] == [(), ()]
    assert len(Choice(without_flags=("suspect",)).of(entries(ponds))) == 2


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"suspects": 2, "goldens": []}', '{"suspects": 1, "pages": "x"}'])
def test_a_list_that_cannot_be_read_is_named_with_the_command_that_writes_it(ponds, written):
    (ponds / SUSPECTS_FILE).write_text(written)
    with pytest.raises(DatasetError, match=r"suspects\.json: .*harness audit SET --format suspects"):
        entries(ponds)


def test_a_dataset_may_have_a_list_beside_its_pages(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/ice.html").write_text("<p>The ice is here.</p>")
    (tmp_path / "pages/ice.txt").write_text("The ice is here.")
    (golden,) = (entry.load() for entry in find_entries([f"folder:{tmp_path / 'pages'}"], Dumps([])).entries)
    whole = {"suspects": 1, "pages": 1, "voters": [], "goldens": [row_of(golden)]}
    (tmp_path / "pages" / SUSPECTS_FILE).write_text(json.dumps(whole))
    (entry,) = find_entries([f"folder:{tmp_path / 'pages'}"], Dumps([])).entries
    assert entry.load().flags == ("suspect",)
    assert Choice(without_flags=("suspect",)).of([entry]) == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_lists_of_the_harness_hold_facts_only(file):
    found = json.loads(file.read_text())
    assert 0 < len(found["goldens"]) < found["pages"]
    for row in found["goldens"]:
        assert row.keys() == {"name", "page", "main", "reason", "effect", "words"}
        assert row["reason"] in REASONS
        assert len(row["page"]) == len(row["main"]) == 64


@pytest.mark.slow
@needs_datasets
@pytest.mark.parametrize(("name", "folder"), [("aeb", "aeb"), ("wcxb-dev", "wcxb")])
def test_lists_of_the_harness_name_goldens_of_the_published_sets(name, folder):
    file = next(file for file in SHIPPED if file.name == f"{name}.json")
    wanted = {row["name"] for row in json.loads(file.read_text())["goldens"]}
    found = find_entries([f"{name.partition('-')[0]}:{DATASETS}/{folder}"], Dumps([])).entries
    suspected = [entry.id.rpartition("/")[2] for entry in found if entry.may_be_suspect and "suspect" in entry.load().flags]
    assert set(suspected) == wanted
