"""Rules in pyproject.toml, TOML and YAML: all of them are read alike, and all mistakes are named at once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from factories.places import ROOT
from factories.verdicts import OFF
from harness.common.errors import Impossible
from harness.gate.rules import Amount, Amounts, Limits, Ratio, Rules
from harness.gate.rules_file import read_rules


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


FULL = """
metric = "MER"
mean_drop = 0.002
page_drop = 0.05
new_failures = 1
leak_growth = "1%"
page_leak_growth = { any = 20, consent = 0, related = "2.5%" }
optional_loss = inf
slices = ["kind", "lang"]
slice_drop = 0.01
speed = { reference = "resiliparse", ratio = 30 }
[kind.forum]
page_drop = 0.1
[set.core]
new_failures = 0
"""


def test_rules_are_read_from_pyproject_a_file_and_yaml_alike(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_rules() == Rules()
    inside = FULL.replace("[kind", "[tool.harness.gate.kind").replace("[set", "[tool.harness.gate.set")
    write(tmp_path, "pyproject.toml", "[project]\nname = 'x'\n[tool.harness.gate]" + inside)
    rules = read_rules()
    base = Limits(
        mean_drop=0.002,
        page_drop=0.05,
        new_failures=1,
        leak_growth=Amounts(Amount(share=0.01)),
        page_leak_growth=Amounts(Amount(20), {"consent": Amount(0), "related": Amount(share=0.025)}),
        optional_loss=Amounts(Amount(OFF)),
    )
    assert rules == Rules(
        metric="MER",
        limits=base,
        slices=("kind", "lang"),
        slice_drop=0.01,
        speed=Ratio("resiliparse", 30),
        kinds={"forum": replace(base, page_drop=0.1)},
        sets={"core": replace(base, new_failures=0)},
    )
    assert read_rules(write(tmp_path, "rules.toml", FULL)) == rules
    yaml = """
metric: MER
mean_drop: 0.002
page_drop: 0.05
new_failures: 1
leak_growth: 1%
page_leak_growth: {any: 20, consent: 0, related: 2.5%}
optional_loss: .inf
slices: [kind, lang]
slice_drop: 0.01
speed: {reference: resiliparse, ratio: 30}
kind: {forum: {page_drop: 0.1}}
set: {core: {new_failures: 0}}
"""
    assert read_rules(write(tmp_path, "rules.yaml", yaml)) == rules
    write(tmp_path, "pyproject.toml", "[project]\nname = 'x'\n")
    assert read_rules() == Rules()


def test_the_rules_of_the_docs_are_rules(tmp_path):
    page = (ROOT / "docs" / "gate.md").read_text()
    (block,) = re.findall("```toml\n(.*?)```", page, re.S)
    assert read_rules(write(tmp_path, "pyproject.toml", block)).kinds["forum"].page_drop == 0.1
    table = page.partition("| rule | default |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in table.splitlines()[2:])))
    sections = {"limits", "pages", "sites", "extractors", "kinds", "sets"}  # in tables of their own
    in_files = {"floors": "floor", "known_failures": "known_failure", "uses_baseline": "preset"}
    assert named == {in_files.get(name, name) for name in {*vars(Limits()), *vars(Rules())} - sections}


def test_all_mistakes_in_rules_are_named_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        "pyproject.toml",
        """
[tool.harness.gate]
page_dorp = 1
metric = "FF"
mean_drop = "much"
new_failures = true
page_leak_growth = { consnt = 1, legal = "x%" }
optional_loss = { moved = 1 }
leak_growth = -1
slices = ["knd"]
speed = { reference = 3, ratio = 0 }
memory = 3
[tool.harness.gate.kind.forun]
page_drop = 0.1
[tool.harness.gate.set.core]
kind = {}
""",
    )
    with pytest.raises(Impossible) as error:
        read_rules()
    lines = str(error.value).splitlines()
    prefix = "pyproject.toml: tool.harness.gate."
    assert all(line.startswith(prefix) for line in lines)
    keys = [line[len(prefix) :].split(":")[0] for line in lines]
    assert sorted(keys) == sorted(
        "page_dorp metric mean_drop new_failures page_leak_growth.consnt page_leak_growth.legal optional_loss.moved "
        "leak_growth slices speed.reference speed.ratio memory kind.forun set.core.kind".split()
    )
    assert "did you mean 'page_drop'?" in str(error.value) and "did you mean 'forum'?" in str(error.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("rules.toml", "mean_drop = = 1", "not TOML"),
        ("rules.yaml", "a: [", "not YAML"),
        ("rules.yaml", "- a", "is not a table"),
        ("rules.toml", 'metric = "LF"', "does not keep LF"),
        ("rules.toml", "mean_drop = nan", "not a number of 0 or more"),
        ("pyproject.toml", "[project]\n", "has no table [tool.harness.gate]"),
    ],
)
def test_rules_that_cannot_be_read_say_so(tmp_path, name, text, said):
    with pytest.raises(Impossible, match="(?s)" + ".*") as error:
        read_rules(write(tmp_path, name, text))
    assert said in str(error.value) and name in str(error.value)


@pytest.mark.parametrize("text", ["page_drop: 0\npage_drop: 1\n", "kind:\n  forum: {page_drop: 0, page_drop: 1}\n"])
def test_a_rule_that_is_stated_twice_is_refused_and_not_the_last_one_taken(text, tmp_path):
    with pytest.raises(Impossible, match="page_drop occurs twice"):
        read_rules(write(tmp_path, "rules.yaml", text))
    shared = "kind:\n  forum: &loose {page_drop: 1}\n  listing: {<<: *loose}\n"
    kinds = read_rules(write(tmp_path, "rules.yaml", shared)).kinds
    assert kinds["forum"] == kinds["listing"], "an anchor states it once"
