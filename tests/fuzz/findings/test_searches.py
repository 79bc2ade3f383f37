"""Records of searches: what stands in them, and which searches leave none."""

import json
import shutil
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from factories.goldens import save_golden
from factories.layouts import OTHER_BODY, html_golden, text_golden
from factories.searches import FOUND, NAME, RECORD, SEARCH, TEXT, copy, run_gate
from harness.cli import main as cli
from harness.fuzz.findings import searches
from harness.fuzz.findings.finding import FindingError
from harness.fuzz.findings.searches import SearchRecord


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "60")


@pytest.mark.slow
def test_options_of_the_search_are_in_its_record(measured_project, capsys):
    copy(measured_project)
    search = ["fuzz", "-e", NAME, "--search", "--examples", "2", "-g"]
    cli.main([*search, "goldens", "--operators", "D18,D2", "--operators", "D2"])
    assert "only the operators D18, D2" in run_gate(capsys)[1]
    cli.main([*search, "goldens", "--seconds", "0.001"])
    assert "ended after 0.001 seconds" in run_gate(capsys)[1]
    cli.main([*search, "goldens/lamps"])
    assert "pages" not in run_gate(capsys)[1], "the other golden is not of its track"
    save_golden(Path("goldens"), html_golden("dog", OTHER_BODY, "lake.example"), "dog")
    cli.main([*search, "goldens"])
    assert "it was made on other pages or labels" in run_gate(capsys)[1]


@pytest.mark.slow
def test_the_same_search_leaves_the_same_record(searched_project):
    copy(searched_project)
    before = RECORD.read_bytes()
    RECORD.unlink()
    assert cli.main(SEARCH) == 0, "the findings are there already"
    assert RECORD.read_bytes() == before


@pytest.mark.slow
def test_a_search_can_be_written_as_json_with_what_is_known_of_each_finding(searched_project, capsys):
    copy(searched_project)
    kept = yaml.safe_load(RECORD.read_text(encoding="utf-8"))
    Path("reports/findings.accepted.yaml").write_text(f"- {kept['found'][0]['id']}\n")
    assert cli.main([*SEARCH, "--format", "json", "-o", "out/search.json"]) == (1 if len(kept["found"]) > 1 else 0)
    assert capsys.readouterr().out == ""
    (written,) = json.loads(Path("out/search.json").read_text(encoding="utf-8"))
    states = [row.pop("state") for row in written["found"]]
    assert {"search": searches.SEARCH_FILE_FORMAT, **written} == kept
    assert states == ["accepted"] + ["new"] * (len(states) - 1)


@pytest.mark.parametrize("what", ["--search", "--limits"])
def test_what_is_no_table_of_numbers_is_not_written_as_markdown(searched_project, capsys, what):
    copy(searched_project)
    assert cli.main(["fuzz", "-e", NAME, "-g", "goldens", what, "--format", "md"]) == 2
    assert "--format json" in capsys.readouterr().err


def test_pages_that_cannot_be_searched_leave_no_record(measured_project, capsys):
    copy(measured_project)
    shutil.rmtree("goldens")
    save_golden(Path("goldens"), text_golden(), "dump")
    Path("goldens/dump.yaml").write_text(
        Path("goldens/dump.yaml").read_text(encoding="utf-8").partition("labels:")[0] + "labels: []\n", encoding="utf-8"
    )
    assert cli.main(["fuzz", "-e", NAME, "-g", "goldens", "--search"]) == 3
    assert not RECORD.exists()


@pytest.mark.parametrize("key", [field.name for field in fields(SearchRecord)] + ["level", "kept"])
def test_a_record_without_one_of_its_values_is_damaged(searched_project, key):
    copy(searched_project)
    values = yaml.safe_load(RECORD.read_text(encoding="utf-8"))
    del (values if key in values else values["found"][0])[key]
    RECORD.write_text(yaml.safe_dump(values))
    with pytest.raises(FindingError, match=f"damaged.*{key}"):
        searches.read_search(NAME)


@given(st.lists(FOUND, max_size=4, unique_by=lambda found: found.id), TEXT, st.none() | st.floats(0.5, 9))
def test_a_record_is_read_as_it_was_written(tmp_path_factory, found, name, seconds):
    folder = tmp_path_factory.mktemp("records")
    search = SearchRecord(name, "i", "0", {"text": 1}, "g", 1, 2, ("D1",), seconds, 10.0, tuple(found))
    searches.write_search(search, folder)
    assert searches.read_search(name, folder) == search
    assert searches.read_search(f"{name}!", folder) is None, "the same file, another extractor"
