"""The rule on findings: mistakes in it, the search it asks for, and what it calls new."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.records import header_of
from factories.searches import FOUND
from harness.cli import main as cli
from harness.common.errors import Impossible
from harness.fuzz.findings.searches import SearchRecord
from harness.gate.findings import Searches, new_findings
from harness.gate.rules import LEVELS, FindingsRule
from harness.gate.rules_file import read_rules
from harness.goldens.hashes import goldens_hash
from harness.runs.record import Run


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "60")


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
    run = Run("now", header_of(arguments=arguments), {}, (), True)
    _, (doubt,) = new_findings(run, FindingsRule(3, 9), ["cmd:cat -"], Searches())
    assert doubt.remedy == (
        "harness fuzz -e 'cmd:cat -' -g 'a b' --kind forum --lang de --without-flag x --sample 5 --dumps d "
        "--isolated --with ../lib --plugins p.py --search --search-seed 3 --examples 9"
    )
    command = shlex.split(doubt.remedy)[1:]
    parsed = cli.parser_for(command).parse_args(command)
    assert (parsed.search_seed, parsed.examples, parsed.sample, parsed.isolated) == (3, 9, 5, True)


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


@given(st.lists(FOUND, max_size=5, unique_by=lambda found: found.id), st.integers(0, 3), st.sampled_from(LEVELS), st.data())
def test_what_is_new_is_neither_accepted_nor_too_mild(found, allowed, level, data):
    accepted = frozenset(data.draw(st.sets(st.sampled_from([one.id for one in found])))) if found else frozenset()
    search = SearchRecord("x", "i", "0", {}, goldens_hash({}), 0, 300, (), None, 10.0, tuple(found))
    run = Run("now", header_of(extractors={"x": {"identity": "i"}}, harness="0"), {}, (), True)
    broken, doubts = new_findings(run, FindingsRule(new=allowed, level=level), ["x"], Searches({"x": search}, accepted))
    mild = {"critical": 0, "high": 1, "medium": 2, "low": 3}
    new = [one for one in found if one.id not in accepted and mild[one.level] <= mild[level]]
    assert not doubts
    assert sorted(rule.found for rule in broken) == (sorted(one.id for one in new) if len(new) > allowed else [])
    assert [mild[rule.level] for rule in broken] == sorted(mild[rule.level] for rule in broken), "the worst first"
