"""A finding that the baseline's version fails on, too, is not new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories.records import counted, run_of, store
from factories.searches import NAME, copy, found_ids
from harness.cli import main as cli
from harness.common.errors import OK, WORSE
from harness.evaluation import earlier_findings
from harness.evaluation.earlier_findings import Replayed, replay_on
from harness.fuzz.findings.searches import FindingSummary, SearchRecord, write_search
from harness.goldens.hashes import goldens_hash
from harness.runs.request import RunRequest


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.mark.slow
def test_a_finding_is_old_where_the_other_version_fails_in_the_same_way(searched_project):
    copy(searched_project)
    ids = found_ids()
    told = replay_on(NAME, ids, RunRequest(), print)
    assert [(one.id, one.is_old) for one in told] == [(one, True) for one in ids]
    assert told[0].detail.startswith(f"FAILED on {NAME}: severity")
    Path("all.py").write_text("def extract(page):\n    return page.text\n")
    told = replay_on("./all.py:extract", ids, RunRequest(), print)
    assert {one.id: one.is_old for one in told} == {one: "/leak_" in one for one in ids}, "all text loses no body"


def test_what_cannot_be_replayed_stays_news(searched_project):
    copy(searched_project)
    (one,) = replay_on("nowhere@1.0", found_ids()[:1], RunRequest(), print)
    assert not one.is_old and "nowhere@1.0 cannot run: unknown extractor 'nowhere@1.0'" in one.detail
    (one,) = replay_on(NAME, ["x/crash_00000000"], RunRequest(), print)
    assert not one.is_old and one.detail


def searched(*ids: str, version: str) -> None:
    """A run of the extractor `x` of this version, searched with these findings."""
    run = run_of(counted(), versions={"x": version})
    found = tuple(FindingSummary(one, "body lost", "high", 0.9, "[]", True) for one in ids)
    facts = {"core/a": run.header.golden("core/a").hashes}
    definitions = dict(run.header.definitions)
    write_search(SearchRecord("x", "", "", definitions, goldens_hash(facts), 0, 300, (), None, 10.0, found))
    store(run)


@pytest.mark.parametrize(("old", "code"), [({"x/a_1", "x/a_2"}, OK), ({"x/a_1"}, WORSE), (set(), WORSE)])
def test_the_gate_replays_what_is_new_on_the_release_of_the_baseline(monkeypatch, capsys, old, code):
    Path("rules.toml").write_text("findings = {}\n")
    store(run_of(counted(), versions={"x": "1.0"}))
    assert cli.main(["accept"]) == OK
    searched("x/a_1", "x/a_2", version="2.0")
    asked = []

    def replayed(extractor, ids, request, announce):
        asked.append((extractor, list(ids)))
        return [Replayed(one, one in old, f"FIXED on {extractor}: F is 1.00") for one in ids]

    monkeypatch.setattr(earlier_findings, "replay_on", replayed)
    assert cli.main(["gate", "--rules", "rules.toml", "--json", "gate.json"]) == code
    assert asked == [("x@1.0", ["x/a_1", "x/a_2"])]
    verdict = json.loads(Path("gate.json").read_text())
    assert {rule["found"] for rule in verdict["broken"]} == {"x/a_1", "x/a_2"} - old
    assert all("; FIXED on x@1.0: F is 1.00; 0 allowed" in rule["message"] for rule in verdict["broken"])
    assert ("not new, since x@1.0 fails in the same way" in " ".join(verdict["notes"])) == bool(old)


def test_the_same_release_and_a_source_tree_are_not_replayed(monkeypatch):
    Path("rules.toml").write_text("findings = {}\n")
    monkeypatch.setattr(earlier_findings, "replay_on", lambda *arguments: pytest.fail("there is no such release"))
    for version in ("2.0", "1.0+tree.abc"):
        store(run_of(counted(), versions={"x": version}))
        assert cli.main(["accept"]) == OK
        searched("x/a_1", version="2.0")
        assert cli.main(["gate", "--rules", "rules.toml"]) == WORSE
