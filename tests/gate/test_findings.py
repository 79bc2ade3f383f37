"""The gate's rule on findings, through the command line: an extractor, its search, the verdict in every form."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import fields, replace
from pathlib import Path

import pytest
import yaml

from factories.places import ROOT
from factories.searches import NAME, RECORD, RULE, SEARCH, copy, found_ids, printed_search, run_gate
from harness.cli import main as cli
from harness.fuzz.findings import searches
from harness.fuzz.findings.searches import SearchRecord
from harness.gate.rules import FindingsRule
from harness.gate.rules_file import read_rules

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "60")


@pytest.mark.slow
def test_from_no_search_to_findings_to_accepted_to_another_extractor(measured_project, capsys):
    copy(measured_project)
    code, out = run_gate(capsys)
    assert code == 3 and out.startswith(f"could not tell: {NAME} was not searched for findings")
    assert printed_search(out) == SEARCH

    assert cli.main(printed_search(out)) == 1
    code, out = run_gate(capsys)
    assert code == 1 and re.match(rf"{len(found_ids())} new findings?: {re.escape(NAME)}\n", out)
    assert found_ids() and all(f"harness replay {id}\n" in out for id in found_ids())
    assert out.rstrip().endswith("If this is what you want: harness fuzz --accept")

    assert cli.main(["fuzz", "--accept"]) == 0
    assert run_gate(capsys)[0] == 0
    shutil.rmtree("reports/findings")
    assert run_gate(capsys)[0] == 3, "nothing searched is never green"

    assert cli.main(printed_search(run_gate(capsys)[1])) == 0, "all of it is accepted"
    assert run_gate(capsys)[0] == 0
    Path("mine.py").write_text(Path("mine.py").read_text() + "# another version\n")
    assert cli.main(["run", "-e", NAME, "-g", "goldens"]) == 0
    code, out = run_gate(capsys)
    assert code == 3 and "it was made with another version of the extractor or of its packages" in out


def test_every_command_of_a_new_finding_works(searched_project, capsys):
    copy(searched_project)
    commands = [line.strip() for line in run_gate(capsys)[1].splitlines() if line.startswith("    harness")]
    assert len(commands) == 2 * len(found_ids())
    for command in commands:
        assert cli.main(shlex.split(command)[1:]) == (1 if "replay" in command else 0)


def test_all_reports_name_findings_and_how_to_see_and_accept_them(searched_project, capsys, monkeypatch):
    copy(searched_project)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    code, out = run_gate(capsys, "--junit", "g.xml", "--markdown", "g.md", "--json", "g.json")
    assert code == 1
    broken = json.loads(Path("g.json").read_text(encoding="utf-8"))["broken"]
    rows = {row["id"]: row for row in yaml.safe_load(RECORD.read_text(encoding="utf-8"))["found"]}
    assert {rule["found"]: {key: rule[key] for key in ("kind", "level", "severity", "operators")} for rule in broken} == {
        id: {key: row[key] for key in ("kind", "level", "severity", "operators")} for id, row in rows.items()
    }
    cases = {case.get("name"): case.find("failure") for case in ET.parse("g.xml").getroot().iter("testcase")}
    markdown = Path("g.md").read_text(encoding="utf-8")
    annotations = [line for line in out.splitlines() if line.startswith("::error")]
    for id, row in rows.items():
        failure = cases[f"rule findings: {id}"]
        (annotation,) = (line for line in annotations if id in line)
        for text in (failure.text, annotation):
            assert f"{row['kind']} ({row['level']}, " in text and row["operators"] in text
        for text in (failure.text, annotation, markdown):
            assert f"harness replay {id}" in text
            assert f"harness fuzz --minimal {id}" in text and "harness fuzz --accept" in text
        assert f"{row['kind']} ({row['level']}, " in markdown


@pytest.mark.slow
def test_findings_and_worse_pages_are_told_apart(searched_project, capsys):
    copy(searched_project)
    source = Path("mine.py").read_text()
    Path("mine.py").write_text(source.replace("paragraphs(page.html))", "paragraphs(page.html)[1:])", 1))
    assert cli.main(["run", "-e", NAME, "-g", "goldens"]) == 0
    cli.main(SEARCH)
    code, out = run_gate(capsys)
    head, *_, last = out.splitlines()
    assert code == 1
    assert re.fullmatch(rf"worse than reports/baseline.json: {NAME} on 1 page; \d new findings?: {NAME}", head)
    assert re.fullmatch(r"If this is what you want: harness accept \S+ && harness fuzz --accept", last)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (RULE, 1),
        ("findings = { examples = 20, new = 1 }", 1),
        ("findings = { examples = 20, new = 2 }", 0),
        ("findings = { examples = 20, level = 'high' }", 1),
        ("findings = { examples = 20, level = 'critical' }", 0),
        ("findings = { examples = 20, seed = 1 }", 3),
        ("findings = { examples = 21 }", 3),
        ("findings = {}", 3),
    ],
)
def test_a_rule_allows_what_it_says_of_the_search_that_it_says(searched_project, capsys, rule, code):
    copy(searched_project, rule)
    search = searches.read_search(NAME)
    # How many a search finds, and how bad, differs between releases of Hypothesis: these are always two of level high.
    two = tuple(replace(search.found[0], id=f"mine.py-sound/leak_{number}", level="high") for number in (1, 2))
    searches.write_search(replace(search, found=two))
    found, out = run_gate(capsys)
    assert found == code
    if code == 3:
        asked = read_rules().findings
        assert printed_search(out)[-4:] == ["--search-seed", str(asked.seed), "--examples", str(asked.examples)]


OTHERS = {
    "identity": ("0" * 24, "it was made with another version of the extractor or of its packages"),
    "harness": ("0.0.9", "it was made with another version of the harness"),
    "definitions": ({"text": 0, "words": 1}, "it was made with another version of the harness"),
    "goldens": ("0" * 64, "it was made on other pages or labels"),
    "seed": (7, "its seed was 7, not 0"),
    "examples": (19, "it looked at 19 examples, not 20"),
    "operators": (("D18", "D2"), "it had only the operators D18, D2"),
    "seconds": (2.5, "it was ended after 2.5 seconds"),
}


@pytest.mark.parametrize("field", [field.name for field in fields(SearchRecord) if field.name not in ("found", "timeout")])
def test_another_search_than_the_rule_asks_for_is_none(searched_project, capsys, field):
    copy(searched_project)
    search = searches.read_search(NAME)
    value, reason = OTHERS.get(field, ("other", f"{NAME} was not searched"))
    searches.write_search(replace(search, **{field: value}))
    (RECORD.parent / "other.search.yaml").replace(RECORD) if field == "extractor" else None
    code, out = run_gate(capsys)
    assert code == 3 and reason in out
    assert printed_search(out) == SEARCH


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not YAML"),
        ("- a", "not the record of a search"),
        ("search: 9", "written in format 9"),
        ("search: 1", "damaged: Object missing required field `extractor`"),
    ],
)
def test_a_damaged_record_is_told_with_its_file_and_what_to_do(searched_project, capsys, content, said):
    copy(searched_project)
    RECORD.write_text(content)
    code, out = run_gate(capsys)
    assert code == 3 and said in out and str(RECORD) in out
    assert printed_search(out) == SEARCH
    assert cli.main(["fuzz", "--accept"]) == 2
    assert said in (err := capsys.readouterr().err) and "search again" in err


def test_a_damaged_list_of_accepted_findings_is_impossible(searched_project, capsys):
    copy(searched_project)
    Path("reports/findings.accepted.yaml").write_text("{a: 1}")
    code, out = run_gate(capsys)
    assert code == 2 and "reports/findings.accepted.yaml: must be a list" in out


def test_a_gate_without_the_rule_does_not_look_at_searches(searched_project, capsys):
    copy(searched_project, "mean_drop = 0")
    RECORD.write_text("{")
    Path("reports/findings.accepted.yaml").write_text("{a: 1}")
    code, with_searches = run_gate(capsys, "--json", "a.json", "--junit", "a.xml", "--markdown", "a.md")
    shutil.rmtree("reports/findings")
    assert run_gate(capsys, "--json", "b.json", "--junit", "b.xml", "--markdown", "b.md") == (code, with_searches)
    assert code == 0
    assert all(Path(f"a.{kind}").read_bytes() == Path(f"b.{kind}").read_bytes() for kind in ("json", "xml", "md"))


def test_accepting_adds_and_never_removes(searched_project, capsys):
    copy(searched_project)
    accepted = Path("reports/findings.accepted.yaml")
    accepted.write_text("- gone/leak_00000000\n")
    assert cli.main(["fuzz", "--accept"]) == 0
    assert yaml.safe_load(accepted.read_text()) == sorted(["gone/leak_00000000", *found_ids()])
    assert run_gate(capsys)[0] == 0, "what no search finds any more is no matter of the gate"


def test_a_finding_whose_page_could_not_be_kept_can_be_accepted_all_the_same(searched_project, capsys):
    copy(searched_project)
    search = searches.read_search(NAME)
    searches.write_search(replace(search, found=tuple(replace(found, kept=False) for found in search.found)))
    shutil.rmtree("reports/findings/mine.py-sound")
    code, out = run_gate(capsys)
    assert code == 1 and "harness replay" not in out and f"    harness {shlex.join(SEARCH)}\n" in out
    assert cli.main(["fuzz", "--accept"]) == 0
    assert run_gate(capsys)[0] == 0


def test_outputs_that_were_made_elsewhere_cannot_be_searched(measured_project, capsys):
    copy(measured_project)
    Path("outputs").mkdir()
    Path("outputs/lamps.txt").write_text("Seventeen lamplighters")
    Path("outputs/dump.txt").write_text("Seventeen lamplighters")
    assert cli.main(["score", "outputs", "-g", "goldens"]) == 0
    assert cli.main(["accept", "--baseline", "other.json"]) == 0
    code, out = run_gate(capsys, "--baseline", "other.json")
    assert code == 3 and "outputs cannot be searched for findings: its outputs were made elsewhere" in out


def test_a_hostile_record_steers_nothing(searched_project, capsys, monkeypatch):
    copy(searched_project)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    nasty = "\x1b[31m\u202e\n::error::forged\n<script>alert(1)</script> [x](http://evil.example) `|`"
    search = searches.read_search(NAME)
    (found, *_) = search.found
    searches.write_search(replace(search, found=(replace(found, operators=nasty),)))
    code, out = run_gate(capsys, "--junit", "g.xml", "--markdown", "g.md")
    assert code == 1 and not CONTROLS.search(out)
    assert len([line for line in out.splitlines() if line.startswith("::")]) == 1
    markdown = Path("g.md").read_text(encoding="utf-8")
    assert not CONTROLS.search(markdown) and "\n<script>" not in markdown and "[x](" not in markdown
    assert ET.parse("g.xml").getroot().find(".//failure") is not None
    for key in ("id", "kind", "level"):
        searches.write_search(replace(search, found=(replace(found, **{key: nasty}),)))
        code, out = run_gate(capsys)
        assert code == 3 and "damaged" in out and not CONTROLS.search(out)
        assert len([line for line in out.splitlines() if line.startswith("::")]) == 1


@pytest.mark.slow
def test_the_recipe_in_the_docs_works(measured_project, capsys, monkeypatch):
    """The search's new findings do not end the step; the gate says them, and not before the search was made."""
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8").partition("## No new findings")[2].partition("\n## ")[0]
    (rules,), (steps,) = (re.findall(f"```{kind}\n(.*?)```", page, re.S) for kind in ("toml", "yaml"))
    copy(measured_project)
    Path("pyproject.toml").write_text(rules.replace("200", "20"))
    assert read_rules().findings == FindingsRule(seed=0, examples=20)
    program = Path("bin/harness")
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m harness "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent.resolve()}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    lines = [step["run"] for step in yaml.safe_load(steps) if step.get("run", "").startswith("harness")]
    script = "\n".join(lines).replace("mypkg.module:extract", NAME).replace("200", "20")
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert Path("gate.md").read_text(encoding="utf-8").startswith(f"### ❌ Gate: {len(found_ids())} new finding")
    assert cli.main(["fuzz", "--accept"]) == 0
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
