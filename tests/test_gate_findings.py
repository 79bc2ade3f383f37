"""The gate's rule on findings, through the command line: a planted extractor, its search, the verdict in every form."""

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
from fuzz_pages import OTHER_BODY, html_golden, text_golden
from hypothesis import given
from hypothesis import strategies as st

from harness import cli
from harness.errors import Impossible
from harness.fuzz import searches
from harness.fuzz.findings import FindingError
from harness.fuzz.golden_labels import golden_text
from harness.fuzz.relations import KINDS
from harness.fuzz.searches import Found, Search
from harness.gate_findings import Searches, new_findings
from harness.gate_rules import LEVELS, FindingsRule, read_rules
from harness.store import Run

ROOT = Path(__file__).resolve().parent.parent
NAME = "mine.py:sound"
SEARCH = ["fuzz", "-e", NAME, "-g", "goldens", "--search", "--seed", "0", "--examples", "20"]
RECORD = Path("reports/findings/mine.py-sound.search.yaml")
RULE = "findings = { seed = 0, examples = 20 }"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def add_golden(folder, golden, name):
    page = f"{name}.html" if golden.page.media == "text/html" else f"{name}.txt"
    folder.mkdir(exist_ok=True)
    (folder / page).write_bytes(golden.page.raw)
    (folder / f"{name}.yaml").write_text(golden_text(golden, page, golden.labels), encoding="utf-8")


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A project with an extractor that takes every `p`, goldens of both tracks, a run, and that run as the baseline."""
    folder = tmp_path_factory.mktemp("measured")
    before = Path.cwd()
    os.chdir(folder)
    try:
        shutil.copy(ROOT / "tests/planted_extractors.py", "mine.py")
        add_golden(folder / "goldens", html_golden(), "lamps")
        add_golden(folder / "goldens", text_golden(), "dump")
        assert cli.main(["run", "-e", NAME, "-g", "goldens"]) == 0
        assert cli.main(["accept"]) == 0
    finally:
        os.chdir(before)
    return folder


@pytest.fixture(scope="module")
def searched(measured, tmp_path_factory):
    """The same after a search."""
    folder = shutil.copytree(measured, tmp_path_factory.mktemp("searched") / "project")
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert cli.main(SEARCH) == 1
    finally:
        os.chdir(before)
    return folder


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "60")


def copy(project, rule=RULE):
    """A copy of the project in the current folder, with these rules."""
    shutil.copytree(project, Path.cwd(), dirs_exist_ok=True)
    Path("pyproject.toml").write_text(f"[tool.harness.gate]\n{rule}\n")


def gate(capsys, *options):
    """The gate's exit code and what it prints."""
    capsys.readouterr()
    code = cli.main(["gate", *options])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def printed_search(out):
    """The words of the command that the gate prints, without `harness`."""
    (line,) = (line for line in out.splitlines() if line.startswith("  harness fuzz"))
    return shlex.split(line)[1:]


def found_ids():
    return [row["id"] for row in yaml.safe_load(RECORD.read_text(encoding="utf-8"))["found"]]


def test_from_no_search_to_findings_to_accepted_to_another_extractor(measured, capsys):
    copy(measured)
    code, out = gate(capsys)
    assert code == 3 and out.startswith(f"could not tell: {NAME} was not searched for findings")
    assert printed_search(out) == SEARCH

    assert cli.main(printed_search(out)) == 1
    code, out = gate(capsys)
    assert code == 1 and out.startswith(f"{len(found_ids())} new findings: {NAME}\n")
    assert found_ids() and all(f"harness replay {id}\n" in out for id in found_ids())
    assert out.rstrip().endswith("If this is what you want: harness fuzz --accept")

    assert cli.main(["fuzz", "--accept"]) == 0
    assert gate(capsys)[0] == 0
    shutil.rmtree("reports/findings")
    assert gate(capsys)[0] == 3, "nothing searched is never green"

    assert cli.main(printed_search(gate(capsys)[1])) == 0, "all of it is accepted"
    assert gate(capsys)[0] == 0
    Path("mine.py").write_text(Path("mine.py").read_text() + "# another version\n")
    assert cli.main(["run", "-e", NAME, "-g", "goldens"]) == 0
    code, out = gate(capsys)
    assert code == 3 and "the extractor, or what is installed with it, was another one" in out


def test_every_command_of_a_new_finding_works(searched, capsys):
    copy(searched)
    commands = [line.strip() for line in gate(capsys)[1].splitlines() if line.startswith("    harness")]
    assert len(commands) == 2 * len(found_ids())
    for command in commands:
        assert cli.main(shlex.split(command)[1:]) == (1 if "replay" in command else 0)


def test_all_reports_name_findings_and_how_to_see_and_accept_them(searched, capsys, monkeypatch):
    copy(searched)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    code, out = gate(capsys, "--junit", "g.xml", "--markdown", "g.md", "--json", "g.json")
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


def test_findings_and_worse_pages_are_told_apart(searched, capsys):
    copy(searched)
    source = Path("mine.py").read_text()
    Path("mine.py").write_text(source.replace("paragraphs(page.html))", "paragraphs(page.html)[1:])", 1))
    assert cli.main(["run", "-e", NAME, "-g", "goldens"]) == 0
    cli.main(SEARCH)
    code, out = gate(capsys)
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
def test_a_rule_allows_what_it_says_of_the_search_that_it_says(searched, capsys, rule, code):
    copy(searched, rule)
    assert len(found_ids()) == 2, "the rules of this test are about two findings of level high"
    found, out = gate(capsys)
    assert found == code
    if code == 3:
        asked = read_rules().findings
        assert printed_search(out)[-4:] == ["--seed", str(asked.seed), "--examples", str(asked.examples)]


OTHERS = {
    "identity": ("0" * 24, "the extractor, or what is installed with it, was another one"),
    "harness": ("0.0.9", "the harness was another one"),
    "definitions": ({"text": 0, "words": 1}, "the harness was another one"),
    "goldens": ("0" * 64, "its pages or their labels were others"),
    "seed": (7, "its seed was 7, not 0"),
    "examples": (19, "it looked at 19 examples, not 20"),
    "operators": (("D18", "D2"), "it had only the operators D18, D2"),
    "seconds": (2.5, "it was ended after 2.5 seconds"),
}


@pytest.mark.parametrize("field", [field.name for field in fields(Search) if field.name not in ("found", "timeout")])
def test_another_search_than_the_rule_asks_for_is_none(searched, capsys, field):
    copy(searched)
    search = searches.load(NAME)
    value, reason = OTHERS.get(field, ("other", f"{NAME} was not searched"))
    searches.save(replace(search, **{field: value}))
    (RECORD.parent / "other.search.yaml").replace(RECORD) if field == "extractor" else None
    code, out = gate(capsys)
    assert code == 3 and reason in out
    assert printed_search(out) == SEARCH


def test_options_of_the_search_are_in_its_record(measured, capsys):
    copy(measured)
    search = ["fuzz", "-e", NAME, "--search", "--examples", "2", "-g"]
    cli.main([*search, "goldens", "--operators", "D18,D2", "--operators", "D2"])
    assert "only the operators D18, D2" in gate(capsys)[1]
    cli.main([*search, "goldens", "--seconds", "0.001"])
    assert "ended after 0.001 seconds" in gate(capsys)[1]
    cli.main([*search, "goldens/lamps"])
    assert "pages" not in gate(capsys)[1], "the other golden is not of its track"
    add_golden(Path("goldens"), html_golden("dog", OTHER_BODY, "lake.example"), "dog")
    cli.main([*search, "goldens"])
    assert "its pages or their labels were others" in gate(capsys)[1]


def test_the_same_search_leaves_the_same_record(searched):
    copy(searched)
    before = RECORD.read_bytes()
    RECORD.unlink()
    assert cli.main(SEARCH) == 0, "the findings are there already"
    assert RECORD.read_bytes() == before


def test_a_search_can_be_written_as_json_with_what_is_known_of_each_finding(searched, capsys):
    copy(searched)
    kept = yaml.safe_load(RECORD.read_text(encoding="utf-8"))
    Path("reports/findings.accepted.yaml").write_text(f"- {kept['found'][0]['id']}\n")
    assert cli.main([*SEARCH, "--format", "json", "-o", "out/search.json"]) == (1 if len(kept["found"]) > 1 else 0)
    assert capsys.readouterr().out == ""
    (written,) = json.loads(Path("out/search.json").read_text(encoding="utf-8"))
    states = [row.pop("state") for row in written["found"]]
    assert {"search": searches.FORMAT, **written} == kept
    assert states == ["accepted"] + ["new"] * (len(states) - 1)


@pytest.mark.parametrize("what", ["--search", "--limits"])
def test_what_is_no_table_of_numbers_is_not_written_as_markdown(searched, capsys, what):
    copy(searched)
    assert cli.main(["fuzz", "-e", NAME, "-g", "goldens", what, "--format", "md"]) == 2
    assert "--format json" in capsys.readouterr().err


def test_pages_that_cannot_be_searched_leave_no_record(measured, capsys):
    copy(measured)
    shutil.rmtree("goldens")
    add_golden(Path("goldens"), text_golden(), "dump")
    Path("goldens/dump.yaml").write_text(
        Path("goldens/dump.yaml").read_text(encoding="utf-8").partition("labels:")[0] + "labels: []\n", encoding="utf-8"
    )
    assert cli.main(["fuzz", "-e", NAME, "-g", "goldens", "--search"]) == 3
    assert not RECORD.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not YAML"),
        ("- a", "not the record of a search"),
        ("search: 9", "written in format 9"),
        ("search: 1", "missing or of a wrong type: extractor, identity"),
    ],
)
def test_a_damaged_record_is_told_with_its_file_and_what_to_do(searched, capsys, content, said):
    copy(searched)
    RECORD.write_text(content)
    code, out = gate(capsys)
    assert code == 3 and said in out and str(RECORD) in out
    assert printed_search(out) == SEARCH
    assert cli.main(["fuzz", "--accept"]) == 2
    assert said in (err := capsys.readouterr().err) and "search again" in err


@pytest.mark.parametrize("key", [field.name for field in fields(Search)] + ["level", "kept"])
def test_a_record_without_one_of_its_values_is_damaged(searched, key):
    copy(searched)
    values = yaml.safe_load(RECORD.read_text(encoding="utf-8"))
    del (values if key in values else values["found"][0])[key]
    RECORD.write_text(yaml.safe_dump(values))
    with pytest.raises(FindingError, match=f"damaged.*{key}"):
        searches.load(NAME)


def test_a_damaged_list_of_accepted_findings_is_impossible(searched, capsys):
    copy(searched)
    Path("reports/findings.accepted.yaml").write_text("{a: 1}")
    code, out = gate(capsys)
    assert code == 2 and "reports/findings.accepted.yaml: must be a list" in out


def test_a_gate_without_the_rule_does_not_look_at_searches(searched, capsys):
    copy(searched, "mean_drop = 0")
    RECORD.write_text("{")
    Path("reports/findings.accepted.yaml").write_text("{a: 1}")
    code, with_searches = gate(capsys, "--json", "a.json", "--junit", "a.xml", "--markdown", "a.md")
    shutil.rmtree("reports/findings")
    assert gate(capsys, "--json", "b.json", "--junit", "b.xml", "--markdown", "b.md") == (code, with_searches)
    assert code == 0
    assert all(Path(f"a.{kind}").read_bytes() == Path(f"b.{kind}").read_bytes() for kind in ("json", "xml", "md"))


def test_accepting_adds_and_never_removes(searched, capsys):
    copy(searched)
    accepted = Path("reports/findings.accepted.yaml")
    accepted.write_text("- gone/leak_00000000\n")
    assert cli.main(["fuzz", "--accept"]) == 0
    assert yaml.safe_load(accepted.read_text()) == sorted(["gone/leak_00000000", *found_ids()])
    assert gate(capsys)[0] == 0, "what no search finds any more is no matter of the gate"


def test_a_finding_whose_page_could_not_be_kept_can_be_accepted_all_the_same(searched, capsys):
    copy(searched)
    search = searches.load(NAME)
    searches.save(replace(search, found=tuple(replace(found, kept=False) for found in search.found)))
    shutil.rmtree("reports/findings/mine.py-sound")
    code, out = gate(capsys)
    assert code == 1 and "harness replay" not in out and f"    harness {shlex.join(SEARCH)}\n" in out
    assert cli.main(["fuzz", "--accept"]) == 0
    assert gate(capsys)[0] == 0


def test_outputs_that_were_made_elsewhere_cannot_be_searched(measured, capsys):
    copy(measured)
    Path("outputs").mkdir()
    Path("outputs/lamps.txt").write_text("Seventeen lamplighters")
    Path("outputs/dump.txt").write_text("Seventeen lamplighters")
    assert cli.main(["score", "outputs", "-g", "goldens"]) == 0
    assert cli.main(["accept", "--baseline", "other.json"]) == 0
    code, out = gate(capsys, "--baseline", "other.json")
    assert code == 3 and "outputs cannot be searched for findings: its outputs were made elsewhere" in out


def test_the_command_has_all_that_decides_what_is_searched():
    arguments = {
        "goldens": ["a b"],
        "kind": ["forum"],
        "lang": ["de"],
        "site": [],
        "without_flag": ["x"],
        "dumps": ["d"],
        "sample": 5,
        "limit": None,
        "plugins": ["p.py"],
        "local_packages": ["../lib"],
        "isolated": True,
    }
    run = Run("now", {"arguments": arguments}, {}, (), True)
    _, (doubt,) = new_findings(run, FindingsRule(3, 9), ["cmd:cat -"], Searches())
    assert doubt.remedy == (
        "harness fuzz -e 'cmd:cat -' -g 'a b' --kind forum --lang de --without-flag x --dumps d --sample 5 "
        "--plugins p.py --with ../lib --isolated --search --seed 3 --examples 9"
    )
    parsed = cli._parser().parse_args(shlex.split(doubt.remedy)[1:])
    assert (parsed.seed, parsed.examples, parsed.sample, parsed.isolated) == (3, 9, 5, True)


def test_mistakes_in_the_rule_are_named_by_file_and_key(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text("findings = { sed = 1, seed = -1, examples = 0, new = 0.5, level = 'hihg' }")
    with pytest.raises(Impossible) as error:
        read_rules(file)
    lines = [line.removeprefix(f"{file}: findings.") for line in str(error.value).splitlines()]
    assert sorted(lines) == [
        "examples: 0 is not a whole number of 1 or more",
        "level: unknown level 'hihg'; did you mean 'high'?; known: critical, high, medium, low",
        "new: 0.5 is not a whole number of 0 or more",
        "sed: unknown key; did you mean 'seed'?; known: seed, examples, new, level",
        "seed: -1 is not a whole number of 0 or more",
    ]
    file.write_text("findings = true")
    with pytest.raises(Impossible, match="findings: True is not a table"):
        read_rules(file)


TEXT = st.text(max_size=20)
ID = st.from_regex(r"[a-z@.]{1,3}/leak_[0-9a-f]{1,3}", fullmatch=True)
FOUND = st.builds(Found, ID, st.sampled_from(list(KINDS)), st.sampled_from(LEVELS), st.floats(0, 1), TEXT, st.booleans())


@given(st.lists(FOUND, max_size=4, unique_by=lambda found: found.id), TEXT, st.none() | st.floats(0.5, 9))
def test_a_record_is_read_as_it_was_written(tmp_path_factory, found, name, seconds):
    folder = tmp_path_factory.mktemp("records")
    search = Search(name, "i", "0", {"text": 1}, "g", 1, 2, ("D1",), seconds, 10.0, tuple(found))
    searches.save(search, folder)
    assert searches.load(name, folder) == search
    assert searches.load(f"{name}!", folder) is None, "the same file, another extractor"


@given(st.lists(FOUND, max_size=5, unique_by=lambda found: found.id), st.integers(0, 3), st.sampled_from(LEVELS), st.data())
def test_what_is_new_is_neither_accepted_nor_too_mild(found, allowed, level, data):
    accepted = frozenset(data.draw(st.sets(st.sampled_from([one.id for one in found])))) if found else frozenset()
    search = Search("x", "i", "0", {}, searches.goldens_hash({}), 0, 300, (), None, 10.0, tuple(found))
    run = Run("now", {"extractors": {"x": {"identity": "i"}}, "harness": "0"}, {}, (), True)
    broken, doubts = new_findings(run, FindingsRule(new=allowed, level=level), ["x"], Searches({"x": search}, accepted))
    mild = {"critical": 0, "high": 1, "medium": 2, "low": 3}
    new = [one for one in found if one.id not in accepted and mild[one.level] <= mild[level]]
    assert not doubts
    assert sorted(rule.found for rule in broken) == (sorted(one.id for one in new) if len(new) > allowed else [])
    assert [mild[rule.level] for rule in broken] == sorted(mild[rule.level] for rule in broken), "the worst first"


def test_a_hostile_record_steers_nothing(searched, capsys, monkeypatch):
    copy(searched)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    nasty = "\x1b[31m\u202e\n::error::forged\n<script>alert(1)</script> [x](http://evil.example) `|`"
    search = searches.load(NAME)
    (found, *_) = search.found
    searches.save(replace(search, found=(replace(found, operators=nasty),)))
    code, out = gate(capsys, "--junit", "g.xml", "--markdown", "g.md")
    assert code == 1 and not CONTROLS.search(out)
    assert len([line for line in out.splitlines() if line.startswith("::")]) == 1
    markdown = Path("g.md").read_text(encoding="utf-8")
    assert not CONTROLS.search(markdown) and "\n<script>" not in markdown and "[x](" not in markdown
    assert ET.parse("g.xml").getroot().find(".//failure") is not None
    for key in ("id", "kind", "level"):
        searches.save(replace(search, found=(replace(found, **{key: nasty}),)))
        code, out = gate(capsys)
        assert code == 3 and "damaged" in out and not CONTROLS.search(out)
        assert len([line for line in out.splitlines() if line.startswith("::")]) == 1


@pytest.mark.slow
def test_the_recipe_in_the_docs_works(measured, capsys, monkeypatch):
    """The search's new findings do not end the step; the gate says them, and not before the search was made."""
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8").partition("## No new findings")[2].partition("\n## ")[0]
    (rules,), (steps,) = (re.findall(f"```{kind}\n(.*?)```", page, re.S) for kind in ("toml", "yaml"))
    copy(measured)
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
    assert Path("gate.md").read_text(encoding="utf-8").startswith("### ❌ Gate: 2 new findings")
    assert cli.main(["fuzz", "--accept"]) == 0
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
